//! ## What it finds
//!
//! The `Cargo.toml` of a crate of the build, or of its workspace root, that no key covers. The workspace root
//! contains profiles, patches, lints and everything that crates inherit with `workspace = true`.
//!
//! ## Why it is bad
//!
//! A change of a feature, dependency or profile changes the binary, but uv does not rebuild it.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```
//!
//! ## Use instead
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use super::{Meta, When};
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "the `Cargo.toml` of a crate or of its workspace root that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Manifest, "manifest")
}
