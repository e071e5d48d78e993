//! ## What it finds
//!
//! A key that names the Cargo.lock of the workspace, where a fresh clone has none: it does not exist, or git ignores it.
//!
//! ## Why it is bad
//!
//! The first build writes it, and so the next `uv sync` builds once more. This is an info: the key is right, and commits of a
//! Cargo.lock spare the extra build, for everybody and on every clone.
//!
//! ## Example
//!
//! With a `.gitignore` that names it:
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
//! The same keys, and a Cargo.lock that is committed:
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
    summary: "a key for a Cargo.lock that the first build will write: one extra build",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(id) = project.outputs.lockfile else { return Vec::new() };
    let lockfile = project.inputs.get(id);
    let entry = project.covered_by(id).and_then(|index| project.pyproject.entries().get(index));
    let shown = &lockfile.shown;
    let why = if lockfile.exists { format!("git ignores {shown}") } else { format!("{shown} is not there yet") };
    let finding = |entry: &crate::cache_keys::Entry| {
        let message = format!("{why}: the first build in a fresh clone writes it, and the next sync builds once more");
        Finding::new(message).at(Some(entry.span.clone()), "one extra build").help("commit Cargo.lock")
    };
    entry.map(finding).into_iter().collect()
}
