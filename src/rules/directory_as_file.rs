//! ## What it finds
//!
//! A directory that is given as a `file` key, such as `"src"`, `{ file = "src/" }` or `"."`, or a file that is given
//! as a `dir` key, such as `{ dir = "Cargo.toml" }`.
//!
//! ## Why it is bad
//!
//! The key covers nothing. uv skips it, and only `uv sync -v` prints a warning.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = ["pyproject.toml", "Cargo.toml", "Cargo.lock", "src"]
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
//! cache-keys = ["pyproject.toml", "Cargo.toml", "Cargo.lock", "src/**/*.rs"]
//! ```

use super::{Meta, When};
use crate::cache_keys::Key;
use crate::project::Project;
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::key_targets::Found;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a directory given as a file, or a file given as a directory",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let finding = |(index, entry): (usize, &crate::cache_keys::Entry)| {
        let sight = project.sight(index)?;
        let (message, below) = match (&entry.key, sight.found) {
            (Key::File(path), Found::Directory) => (
                format!("`{path}` is a directory, but a `file` key only covers regular files"),
                project.uncovered_below(&sight.place),
            ),
            (Key::Dir(path), Found::File) => (
                format!("`{path}` is a file, but a `dir` key only tracks directories"),
                project.uncovered_below(&sight.place),
            ),
            _ => return None,
        };
        let finding = Finding::new(message).at(Some(entry.span.clone()), "covers nothing").covering(below);
        Some(finding.remedy(Remedy::Replace(index, Defect::Harmful)))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
