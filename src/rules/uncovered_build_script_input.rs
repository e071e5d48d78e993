//! ## What it finds
//!
//! A file or directory that a build script declares with `cargo::rerun-if-changed`, or, where it declares nothing, a file that
//! one of its string literals names, and that no key covers.
//!
//! ## Why it is bad
//!
//! The build script turns it into code or links it. cargo runs the script again when it changes, but uv never calls cargo.
//!
//! ## Example
//!
//! With a build script that reads a file:
//!
//! ```rust title="build.rs"
//! mod generate;
//! fn main() {
//!     println!("cargo::rerun-if-changed=schema/api.proto");
//!     generate::run();
//! }
//! ```
//!
//! ```rust title="generate.rs"
//! pub fn run() {}
//! ```
//!
//! ```text title="schema/api.proto"
//! syntax = "proto3";
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
//!     { file = "build.rs" },
//!     { file = "generate.rs" },
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
//!     { file = "generate.rs" },
//!     { file = "schema/api.proto" },
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
    summary: "what a build script declares or can be seen to read",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::BuildScriptInput, "build-script input")
}
