//! ## What it finds
//!
//! A `file` key that covers no file: a path that does not exist, or a glob that matches nothing. The help names
//! common mistakes: a space inside braces, a backslash, `..` after a wildcard, an empty alternative, or a `#` at the
//! start.
//!
//! Paths that git ignores or that are inside `.git/` are not reported, because they may be generated later. A
//! `Cargo.lock` that the first build will write is reported as CK206, and a path outside the repository as CK008.
//!
//! ## Why it is bad
//!
//! uv ignores the key without a message, even with `-v`. The key looks as if it covered a file, but it does not.
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

use super::{Earlier, Meta, When};
use crate::cache_keys::{Key, is_absolute, is_glob};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::project::key_targets::Found;

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    when: When::SomethingCovered,
    summary: "a key that covers no file",
};

pub(super) fn check(project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
    let replaced = earlier.replaced();
    let entries = project.pyproject.entries().iter().enumerate();
    let finding = |(index, entry): (usize, &crate::cache_keys::Entry)| {
        let Key::File(path) = &entry.key else { return None };
        if path.starts_with('!') || replaced.contains(&index) || !is_dead(project, index, path) {
            return None;
        }
        let message = if entry.key.is_glob() {
            format!("the glob `{path}` matches no file")
        } else {
            format!("`{path}` does not exist")
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

fn is_dead(project: &Project, index: usize, path: &str) -> bool {
    // If cargo's answer is missing, this may be a lockfile that cargo will write.
    let may_be_lockfile = path.ends_with("Cargo.lock") && !project.inputs.complete();
    let names_lockfile =
        project.inputs.iter().any(|(id, input)| !input.exists && project.covered_by(id) == Some(index));
    if may_be_lockfile || names_lockfile || project.is_live(index) {
        return false;
    }
    // CK004 reports directories, CK008 paths outside the repository. Absolute paths were not searched for.
    project.sight(index).is_some_and(|sight| {
        sight.found != Found::Directory && !sight.leaves && !is_absolute(path) && !project.may_come(index)
    })
}

/// Known mistakes in keys. Each was tested with uv.
fn slip(path: &str, globs: bool) -> Option<&'static str> {
    let braces = || path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    if path.contains('\\') {
        Some("use `/` as the separator, also on Windows")
    } else if globs && braces().any(|inner| inner.contains(", ") || inner.contains(" ,")) {
        Some("remove the space inside the braces: write `{rs,txt}`")
    } else if globs && braces().any(|inner| inner.split(',').any(str::is_empty)) {
        Some("write two keys: uv ignores an empty alternative in braces")
    } else if globs && path.starts_with('#') {
        Some("write `[#]`: a glob that starts with `#` is a comment")
    } else if globs && path.split('/').skip_while(|part| !is_glob(part)).any(|part| part == "..") {
        Some("write one key for each directory: `..` after a wildcard matches nothing")
    } else if globs && !path.is_ascii() && path.contains(['?', '[']) {
        Some("write `*`: `?` and `[…]` match single bytes, and this name is not ASCII")
    } else if path.starts_with('~') || path.contains('$') {
        Some("write out the path: uv does not expand `~` or variables")
    } else if path != path.trim() {
        Some("remove the space at the start or end: uv treats it as part of the name")
    } else {
        None
    }
}
