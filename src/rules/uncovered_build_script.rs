//! ## What it finds
//!
//! A build script, or a module that it pulls in with `mod`, that no key covers: of the crate itself or of a path crate.
//!
//! ## Why it is bad
//!
//! The build script decides what is generated, linked and configured. cargo runs it again when it changes, but uv never
//! calls cargo.
//!
//! ## Example
//!
//! With a build script of two files beside Cargo.toml:
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
    summary: "build.rs and its modules",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::BuildScript, "build script")
}
