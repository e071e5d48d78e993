//! ## What it finds
//!
//! A key that covers Rust files that are not inputs of this build: tests, benches, examples, or crates that the
//! extension does not depend on. A glob that `--fix` itself would write, such as `crates/**/*.rs` where most of the
//! crates are built, is not reported.
//!
//! ## Why it is bad
//!
//! When such a file changes, uv calls the build backend although cargo has nothing to compile. The result is correct
//! and only costs time, so this is an info.
//!
//! ## Example
//!
//! With an integration test in `tests/`:
//!
//! ```rust title="tests/it.rs"
//! fn helper() {}
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
//!     { file = "tests/**/*.rs" },
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

use std::collections::HashSet;
use std::path::Path;

use super::{Earlier, Meta, When};
use crate::cache_keys::{Entry, Key};
use crate::fix;
use crate::fs::{Resolved, path, resolve};
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::{Project, Scope};

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: Some(Applicability::Unsafe),
    when: When::SomethingCovered,
    summary: "a key that covers Rust files that are not inputs: tests, examples, crates that are not built",
};

pub(super) fn check(project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
    // If the analysis is incomplete, a file may be an input that was not found.
    let is_known = project.scope() == Scope::Rust && project.inputs.complete();
    let Some(coverage) = project.coverage().filter(|_| is_known) else { return Vec::new() };
    let is_candidate = |(_, entry): &(usize, &Entry)| {
        matches!(&entry.key, Key::File(path) if may_be_rust(path)) && !is_tree_of_inputs(project, &entry.key)
    };
    let candidates: Vec<_> = project.pyproject.entries().iter().enumerate().filter(is_candidate).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let inputs: HashSet<&Resolved> = project.inputs.files.iter().map(|input| &input.path).collect();
    let replaced = earlier.replaced();
    let finding = |(index, entry): (usize, &Entry)| {
        let files = &project.walk()?.keys.get(index)?.files;
        let is_unrelated =
            |file: &&Resolved| is_rust(file) && !inputs.contains(file) && !project.outputs.contains(file);
        let unrelated: Vec<&Resolved> = files.iter().filter(is_unrelated).collect();
        let first = path::display(&project.pyproject.dir, unrelated.first()?);
        if replaced.contains(&index) || fix::would_write(project, index) {
            return None;
        }
        let text = entry.key.text();
        let message = match unrelated.len() {
            _ if text == first => format!("`{text}` is not an input of this build"),
            1 => format!("`{text}` covers {first}, which is not an input of this build"),
            many => format!("`{text}` covers {many} Rust files that are not inputs of this build, such as {first}"),
        };
        let covers = |input: &crate::inputs::Input| coverage.covering_keys(&input.path).contains(&index);
        let any = project.inputs.files.iter().any(covers);
        let remedy = if any { Remedy::Replace(index, Defect::Unrelated) } else { Remedy::Remove(index) };
        Some(Finding::new(message).at(Some(entry.span.clone()), "covers unrelated files").remedy(remedy))
    };
    candidates.into_iter().filter_map(finding).collect()
}

/// Whether a key may cover Rust files, according to its text.
fn may_be_rust(path: &str) -> bool {
    let is_other = Path::new(path).extension().and_then(std::ffi::OsStr::to_str);
    !path.starts_with('!')
        && is_other.is_none_or(|suffix| {
            suffix.contains("rs") || matches!(suffix, "toml" | "lock") || suffix.contains(['*', '{', '[', '?'])
        })
}

fn is_rust(path: &Path) -> bool {
    resolve::is_rust(path) || path.file_name().is_some_and(|name| name == "Cargo.toml" || name == "Cargo.lock")
}

/// Whether a key is a literal path of an input, or a glob over a whole source tree. Finding out needs no walk.
fn is_tree_of_inputs(project: &Project, key: &Key) -> bool {
    let text = key.text();
    let directory = text.strip_suffix("/**/*.rs").map(|directory| project.real_directory(directory));
    project.inputs.files.iter().any(|input| match (&directory, &input.tree) {
        (Some(directory), Some(tree)) => tree.directory == *directory,
        (None, _) => input.shown == text,
        _ => false,
    })
}
