//! ## What it finds
//!
//! A `file` key that covers no file: a path that is not there, a glob that matches nothing. The help names the slip where
//! there is a known one: a space in a brace, a backslash, `..` behind a wildcard, an empty alternative, a `#` in front.
//! A path that git ignores or that lies in `.git/` may be generated later and is not reported; nor is a Cargo.lock that
//! the first build will write.
//!
//! ## Why it is bad
//!
//! uv says nothing of it, not even with `-v`. The key looks as if something were covered that is not.
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
//!     { file = "rust/**/*.rs" },
//!     { file = "src/**/*.rs" },
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

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use super::{Meta, Speaks};
use crate::cache_keys::{Coverage, Key};
use crate::finding::{Applicability, Finding, Remedy, Severity};
use crate::paths;
use crate::project::Project;

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    speaks: Speaks::WhenKeysAreRead,
    summary: "a key that covers no file",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    let entries = project.pyproject.entries().iter().enumerate();
    let finding = |(index, entry): (usize, &crate::cache_keys::Entry)| {
        let Key::File(path) = &entry.key else { return None };
        if path.starts_with('!') || !is_dead(project, coverage, index, path) {
            return None;
        }
        let message = if entry.key.is_glob() {
            format!("the glob `{path}` matches no file")
        } else {
            format!("`{path}` is not there")
        };
        let finding =
            Finding::new(message).at(Some(entry.span.clone()), "covers nothing").remedy(Remedy::Remove(index));
        Some(match slip(path, entry.key.is_glob()) {
            Some(slip) => finding.help(slip),
            None => finding,
        })
    };
    entries.filter_map(finding).collect()
}

fn is_dead(project: &Project, coverage: &Coverage, index: usize, path: &str) -> bool {
    let directory = &project.pyproject.dir;
    // Most keys are told alive by what is known already; to ask for all keys of an input costs a look at the disk.
    if project.inputs.iter().any(|(id, _)| project.covered_by(id) == Some(index)) {
        return false;
    }
    let covers_input = |input: &crate::inputs::Input| coverage.covering_keys(&input.path).contains(&index);
    if project.inputs.files.iter().any(covers_input) || coverage.matches_any_file(index) {
        return false;
    }
    let target = directory.join(path);
    // A directory is CK004's; the disk as a whole was not searched.
    let is_directory = target.is_dir() && !crate::cache_keys::is_glob(path);
    !is_directory && !path.starts_with('/') && !is_generated(directory, path)
}

/// Whether a literal may well come to exist: it lies in `.git/`, or git ignores it.
fn is_generated(directory: &Path, path: &str) -> bool {
    if crate::cache_keys::is_glob(path) {
        return false;
    }
    let target = paths::resolve(&directory.join(path));
    if target.components().any(|component| component.as_os_str() == ".git") {
        return true;
    }
    let Some(repository) = paths::repository(directory) else { return false };
    let Ok(below) = target.strip_prefix(repository) else { return false };
    let mut builder = GitignoreBuilder::new(repository);
    let mut ignore_file = repository.to_owned();
    for component in below.parent().unwrap_or(Path::new("")).components() {
        builder.add(ignore_file.join(".gitignore"));
        ignore_file.push(component);
    }
    builder.add(ignore_file.join(".gitignore"));
    builder.build().is_ok_and(|gitignore| gitignore.matched_path_or_any_parents(below, false).is_ignore())
}

/// The known slips, each tried against uv.
fn slip(path: &str, is_glob: bool) -> Option<&'static str> {
    let braces = || path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    if path.contains('\\') {
        Some("a backslash is no separator: write `/`, also on Windows")
    } else if is_glob && braces().any(|inner| inner.contains(", ") || inner.contains(" ,")) {
        Some("a space inside braces belongs to the name: write `{rs,txt}`")
    } else if is_glob && braces().any(|inner| inner.split(',').any(str::is_empty)) {
        Some("an empty alternative in braces is dropped: write two keys")
    } else if is_glob && path.starts_with('#') {
        Some("a glob that starts with `#` is a comment: write `[#]`")
    } else if is_glob && path.split('/').skip_while(|part| !crate::cache_keys::is_glob(part)).any(|part| part == "..") {
        Some("`..` behind a wildcard matches nothing: write one key for each directory")
    } else if is_glob && !path.is_ascii() && path.contains(['?', '[']) {
        Some("`?` and `[…]` match single bytes, and this name is not ASCII: write `*`")
    } else if path.starts_with('~') || path.contains('$') {
        Some("uv expands neither `~` nor variables")
    } else if path != path.trim() {
        Some("the space at the end of the path belongs to the name")
    } else {
        None
    }
}
