//! ## What it finds
//!
//! A `dir` key over a directory with inputs of the build that no other key covers: `{ dir = "src" }`.
//!
//! ## Why it is bad
//!
//! uv notes when such a directory was created, and nothing of what happens inside. An edit of `src/lib.rs` changes nothing that
//! uv looks at. The key looks as if all of the directory were watched.
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
    summary: "a `dir` key as the only cover of files: uv notes the directory, never its contents",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let finding = |(index, entry): (usize, &Entry)| {
        let Key::Dir(path) = &entry.key else { return None };
        let sight = project.sight(index).filter(|sight| sight.found == Found::Directory)?;
        let inputs = project.uncovered_below(&sight.place);
        let first = &project.inputs.get(*inputs.first()?).shown;
        let files = match inputs.len() {
            1 => format!("no key covers {first}"),
            many => format!("no key covers {many} inputs in it, {first} among them"),
        };
        let message = format!("`dir` notes when `{path}` was created, and nothing that happens inside: {files}");
        let finding =
            Finding::new(message).at(Some(entry.span.clone()), "does not track what is in it").covering(inputs);
        Some(finding.remedy(Remedy::Replace(index, Defect::Harmful)))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
