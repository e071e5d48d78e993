//! ## What it finds
//!
//! A Rust source file of the build that no key covers, in the project's crate or in a path dependency, even outside
//! the project directory. For each cargo target, such as the library, this includes all `.rs` files below the
//! directory of its root file. If that directory is the root of the crate, a file only counts if a `mod` declaration
//! leads to it.
//!
//! ## Why it is bad
//!
//! uv does not rebuild when the file changes, and your tests run against the old binary. Path dependencies are often
//! missed: `src/**/*.rs` looks as if it covered all Rust code.
//!
//! ## Example
//!
//! With the path dependency `core` in `core/`:
//!
//! ```toml title="Cargo.toml"
//! [package]
//! name = "ext"
//! version = "0.1.0"
//! edition = "2021"
//!
//! [lib]
//! crate-type = ["cdylib"]
//!
//! [dependencies]
//! core = { path = "core" }
//! pyo3 = "0.26"
//! ```
//!
//! ```toml title="core/Cargo.toml"
//! [package]
//! name = "core"
//! version = "0.1.0"
//! edition = "2021"
//! ```
//!
//! ```rust title="core/src/lib.rs"
//! pub fn answer() -> u32 { 42 }
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
//!     { file = "core/Cargo.toml" },
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
//!     { file = "core/Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//!     { file = "core/src/**/*.rs" },
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
    summary: "a Rust source file of the build that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Source, "source file")
}
