//! ## What it finds
//!
//! An entry of `cache-keys` that is not a valid key, or a glob that cannot be parsed.
//!
//! ## Why it is bad
//!
//! An invalid glob makes `uv sync`, `uv run` and `uv pip install -e` fail. `uv lock`, `uv build` and `uv sync
//! --dry-run` do not notice it, so a CI job that only runs those still passes. An invalid entry makes uv 0.13.5 and
//! later fail in the same way. Older versions print a warning and use uv's defaults, which do not track Rust files.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [{ file = "pyproject.toml" }, { path = "Cargo.toml" }, { file = "src/[/*.rs" }]
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

use super::{Meta, When};
use crate::cache_keys::RejectionKind;
use crate::project::finding::{Finding, Severity};
use crate::project::{Keys, Project};

pub(super) const META: Meta =
    Meta { severity: Severity::Error, fix: None, when: When::Rejected, summary: "an entry or a glob that uv rejects" };

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Keys::Rejected(rejections) = &project.keys else { return Vec::new() };
    let finding = |rejection: &crate::cache_keys::Rejection| {
        let (what, label, help) = match rejection.kind {
            RejectionKind::Table => ("this", "not a table", "`uv sync`, `uv lock` and `uv run` fail"),
            RejectionKind::Entry => (
                "this key",
                "invalid key",
                "uv 0.13.5 and later fail; older versions warn and use the defaults, which do not track Rust files",
            ),
            RejectionKind::Glob => (
                "this key",
                "invalid glob",
                "`uv sync`, `uv run` and `uv pip install -e` fail; `uv lock` and `uv build` do not notice the problem",
            ),
        };
        Finding::new(format!("uv rejects {what}: {}", rejection.reason))
            .at(Some(rejection.span.clone()), label)
            .help(help)
    };
    rejections.iter().map(finding).collect()
}
