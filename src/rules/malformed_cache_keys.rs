//! ## What it finds
//!
//! An entry of `cache-keys` that is no key, or a glob that cannot be parsed.
//!
//! ## Why it is bad
//!
//! A glob that cannot be parsed makes `uv sync`, `uv run` and `uv pip install -e` fail; `uv lock`, `uv build` and
//! `uv sync --dry-run` do not notice it, so a CI job made of those stays green. A malformed entry fails in the same way since
//! uv 0.13.5. Older versions print a warning and use their defaults, which know nothing of Rust.
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
            RejectionKind::Table => ("this", "not a table", "`uv sync`, `uv lock` and `uv run` fail on it"),
            RejectionKind::Entry => (
                "this key",
                "not a key",
                "uv 0.13.5 and later fail on it; older ones warn and use their defaults, which know nothing of Rust",
            ),
            RejectionKind::Glob => (
                "this key",
                "not a glob",
                "`uv sync`, `uv run` and `uv pip install -e` fail on it; `uv lock` and `uv build` do not notice",
            ),
        };
        Finding::new(format!("uv rejects {what}: {}", rejection.reason))
            .at(Some(rejection.span.clone()), label)
            .help(help)
    };
    rejections.iter().map(finding).collect()
}
