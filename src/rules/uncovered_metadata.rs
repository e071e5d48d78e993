//! ## What it finds
//!
//! A readme, a license file or a bill of materials that no key covers. This rule requires `metadata = true` in
//! `[tool.cachekeys]`.
//!
//! ## Why it is bad
//!
//! The installed package keeps the old metadata. The code that runs does not depend on it, so the rule is off by
//! default.
//!
//! ## Example
//!
//! With a readme:
//!
//! ```md title="README.md"
//! # ext
//! ```
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [project]
//! name = "ext"
//! version = "0.1.0"
//! readme = "README.md"
//!
//! [tool.cachekeys]
//! metadata = true
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
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
//! [project]
//! name = "ext"
//! version = "0.1.0"
//! readme = "README.md"
//!
//! [tool.cachekeys]
//! metadata = true
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//!     { file = "README.md" },
//! ]
//! ```

use super::{Meta, When};
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a readme or license file that no key covers, with `metadata = true`",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Metadata, "metadata file")
}
