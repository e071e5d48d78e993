//! ## What it finds
//!
//! A key for the workspace's `Cargo.lock` when a fresh clone does not contain that file: it does not exist yet, or
//! git ignores it.
//!
//! ## Why it is bad
//!
//! The first build writes `Cargo.lock`. uv sees a new file, so the next `uv sync` builds once more. The key is right,
//! so this is an info. Commit `Cargo.lock` to avoid the extra build in every clone.
//!
//! ## Example
//!
//! With a `.gitignore` that ignores `Cargo.lock`:
//!
//! ```text title=".gitignore"
//! Cargo.lock
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
//! Keep the keys and commit `Cargo.lock`:
//!
//! ```text title=".gitignore"
//! target/
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

use super::{Meta, When};
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: None,
    when: When::SomethingCovered,
    summary: "a key for a `Cargo.lock` that the first build writes: one extra build",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(id) = project.outputs.lockfile else { return Vec::new() };
    let lockfile = project.inputs.get(id);
    let entry = project.covered_by(id).and_then(|index| project.pyproject.entries().get(index));
    let shown = &lockfile.shown;
    let why = if lockfile.exists { format!("git ignores {shown}") } else { format!("{shown} does not exist yet") };
    let finding = |entry: &crate::cache_keys::Entry| {
        let message = format!("{why}: in a fresh clone, the first build writes it and the next sync builds once more");
        Finding::new(message).at(Some(entry.span.clone()), "one extra build").help("commit Cargo.lock")
    };
    entry.map(finding).into_iter().collect()
}
