//! ## What it finds
//!
//! `.cargo/config.toml` of the project directory or of a directory above it, up to the root of the repository, or a file that
//! it includes, is covered by no key. What lies above the repository is named by `cachekeys inputs` and never reported.
//!
//! ## Why it is bad
//!
//! It sets `rustflags`, the target, the linker and profile overrides. cargo recompiles when they change; uv does not call
//! it.
//!
//! ## Example
//!
//! With a configuration in the project:
//!
//! ```toml title=".cargo/config.toml"
//! [build]
//! rustflags = ["-Ctarget-cpu=native"]
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
//!     { file = "src/**/*.rs" },
//!     { file = ".cargo/config.toml" },
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
    summary: ".cargo/config.toml and what it includes",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::CargoConfig, "cargo configuration")
}
