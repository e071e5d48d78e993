//! ## What it finds
//!
//! The `rust-toolchain.toml` or `rust-toolchain` that rustup obeys in the project directory, up to the root of the
//! repository, is covered by no key.
//!
//! ## Why it is bad
//!
//! Another compiler makes another binary. After a change of the pinned toolchain the extension of the old one stays
//! installed.
//!
//! ## Example
//!
//! With a pinned toolchain:
//!
//! ```toml title="rust-toolchain.toml"
//! [toolchain]
//! channel = "1.95"
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
//!     { file = "rust-toolchain.toml" },
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
    summary: "rust-toolchain.toml, rust-toolchain",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Toolchain, "toolchain file")
}
