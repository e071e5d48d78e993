//! ## What it finds
//!
//! A `rust-toolchain.toml` or `rust-toolchain` file that rustup uses for the project and that no key covers. It can
//! be in the project directory or in a directory above it, up to the root of the repository.
//!
//! ## Why it is bad
//!
//! Another compiler produces another binary. After a change of the pinned toolchain, the extension that the old
//! compiler built stays installed.
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
    summary: "a `rust-toolchain.toml` or `rust-toolchain` that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    super::uncovered(project, Kind::Toolchain, "toolchain file")
}
