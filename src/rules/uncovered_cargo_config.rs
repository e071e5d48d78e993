//! ## What it finds
//!
//! A `.cargo/config.toml`, or a file that it includes, that no key covers. cachekeys reports the files in the project
//! directory and in the directories above it, up to the root of the repository. Files above the repository are listed
//! by `cachekeys inputs` but not reported.
//!
//! ## Why it is bad
//!
//! The configuration sets `rustflags`, the target, the linker and profile overrides. cargo would recompile after a
//! change, but uv never calls cargo.
//!
//! ## Example
//!
//! With a configuration file in the project:
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
    summary: "a `.cargo/config.toml`, or a file that it includes, that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::CargoConfig, "cargo configuration file")
}
