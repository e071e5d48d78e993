//! ## What it finds
//!
//! A key that matches what the build itself writes: below `target/`, the extension module in the Python package, the
//! environment, `__pycache__`. It is judged as if the files were there, so a fresh clone gets the same verdict.
//!
//! ## Why it is bad
//!
//! uv notes the time of the newest covered file before it builds. The build then writes a newer one, and the next `uv sync`
//! builds again: once more after each build, and with a file that each build writes anew for ever. `**/*.rs` matches the
//! `host.rs` that a dependency of pyo3 generates below `target/`; `python/**` matches the extension module that an editable
//! install copies into the package.
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
//!     { file = "**/*.rs" },
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

use super::{Meta, Speaks};
use crate::cache_keys::Key;
use crate::finding::{Applicability, Finding, Remedy, Severity};
use crate::project::Project;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    speaks: Speaks::WhenKeysAreRead,
    summary: "a key that matches what the build writes: uv rebuilds again and again",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    // The first file of each key says enough.
    let mut first = vec![None; coverage.keys().len()];
    for output in &project.outputs.files {
        for index in coverage.covering_keys(&output.path) {
            first[index].get_or_insert(output);
        }
    }
    let entries = project.pyproject.entries().iter().zip(first).enumerate();
    let files = entries.filter_map(|(index, (entry, output))| {
        let (Key::File(key), Some(output)) = (&entry.key, output) else { return None };
        let shown = output.shown(&project.pyproject.dir);
        let writer = output.writer.as_str();
        Some((index, format!("`{key}` matches {shown}, which {writer}")))
    });
    let directories = project.pyproject.entries().iter().enumerate().filter_map(|(index, entry)| {
        let (Key::Dir(key), Some(sight)) = (&entry.key, project.sight(index)) else { return None };
        let is_written = project.outputs.directories.iter().any(|directory| sight.place.starts_with(directory));
        is_written.then(|| {
            (index, format!("`{key}` is a directory that the build creates: uv builds once more after each time"))
        })
    });
    let mut found: Vec<(usize, String)> = files.chain(directories).collect();
    found.sort_by_key(|(index, _)| *index);
    let finding = |(index, message): (usize, String)| {
        let span = project.pyproject.entries()[index].span.clone();
        Finding::new(message).at(Some(span), "matches build output").remedy(Remedy::Replace(index))
    };
    found.into_iter().map(finding).collect()
}
