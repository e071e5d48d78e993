//! ## What it finds
//!
//! The Cargo.lock of the workspace that is built is covered by no key, whether or not it exists yet and whether or not git
//! ignores it. It lies beside the Cargo.toml of the workspace root.
//!
//! ## Why it is bad
//!
//! After `cargo update`, or after pulling somebody else's, the extension should be built with other versions of its
//! dependencies. uv does not rebuild it.
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
//!     { file = "Cargo.toml" },
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

use super::{Meta, Speaks};
use crate::finding::{Applicability, Finding, Severity};
use crate::inputs::Kind;
use crate::project::Project;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    speaks: Speaks::WhenKeysAreRead,
    summary: "the Cargo.lock of the workspace that is built",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Lockfile, "lockfile")
}
