//! ## What it finds
//!
//! A `dir` key for a directory with inputs that no other key covers, such as `{ dir = "src" }`.
//!
//! ## Why it is bad
//!
//! A `dir` key only tracks when the directory was created. It does not track the files in it: after an edit of
//! `src/lib.rs`, uv sees no change and does not rebuild.
//!
//! ## Example
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
//!     { dir = "src" },
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
//! ]
//! ```

use super::{Meta, When};
use crate::cache_keys::{Entry, Key};
use crate::project::Project;
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::key_targets::Found;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a `dir` key for files that no other key covers: it does not track the contents of the directory",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let finding = |(index, entry): (usize, &Entry)| {
        let Key::Dir(path) = &entry.key else { return None };
        let sight = project.sight(index).filter(|sight| sight.found == Found::Directory)?;
        let inputs = project.uncovered_below(&sight.place);
        let first = &project.inputs.get(*inputs.first()?).shown;
        let files = match inputs.len() {
            1 => format!("no key covers {first}"),
            many => format!("no key covers {many} inputs in it, such as {first}"),
        };
        let message = format!("`dir` tracks when `{path}` was created, not the files in it: {files}");
        let finding =
            Finding::new(message).at(Some(entry.span.clone()), "does not track its contents").covering(inputs);
        Some(finding.remedy(Remedy::Replace(index, Defect::Harmful)))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
