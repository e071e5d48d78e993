//! ## What it finds
//!
//! A directory given as a `file` key: `"src"`, `{ file = "src/" }`, `"."`.
//!
//! ## Why it is bad
//!
//! It covers nothing. uv looks at the path, finds no regular file and passes on; only `uv sync -v` shows a warning.
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

use super::{Meta, Speaks};
use crate::cache_keys::Key;
use crate::finding::{Applicability, Finding, Remedy, Severity};
use crate::paths;
use crate::project::Project;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    speaks: Speaks::WhenKeysAreRead,
    summary: "a directory given as a file",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let finding = |(index, entry): (usize, &crate::cache_keys::Entry)| {
        let Key::File(path) = &entry.key else { return None };
        let directory = project.pyproject.dir.join(path);
        if entry.key.is_glob() || !directory.is_dir() {
            return None;
        }
        let directory = paths::real_directory(&directory);
        let below = project.inputs.iter().filter(|(id, input)| {
            input.path.starts_with(&directory) && project.covered_by(*id).is_none() && input.is_judged()
        });
        let inputs: Vec<_> = below.map(|(id, _)| id).collect();
        let mut finding = Finding::new(format!("`{path}` is a directory, and a `file` key covers regular files only"))
            .at(Some(entry.span.clone()), "covers nothing")
            .covering(inputs);
        finding.remedy = Remedy::Replace(index);
        Some(finding)
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
