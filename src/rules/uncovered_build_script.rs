//! ## What it finds
//!
//! A build script, or one of its modules, that no key covers. This applies to the project's crate and to its path
//! dependencies.
//!
//! ## Why it is bad
//!
//! The build script decides what is generated, linked and configured. cargo would run it again after a change, but uv
//! never calls cargo.
//!
//! ## Example
//!
//! With a build script of two files:
//!
//! ```rust title="build.rs"
//! mod probe;
//! fn main() { probe::run() }
//! ```
//!
//! ```rust title="probe.rs"
//! pub fn run() {}
//! ```
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
//!     { file = "build.rs" },
//!     { file = "probe.rs" },
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
    summary: "a build script, or one of its modules, that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::BuildScript, "build script")
}
