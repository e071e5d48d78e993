//! ## What it finds
//!
//! A `file` key that covers no file: a path that is not there, a glob that matches nothing. The help names the slip where
//! there is a known one: a space in a brace, a backslash, `..` behind a wildcard, an empty alternative, a `#` in front.
//! A path that git ignores or that lies in `.git/` may be generated later and is not reported; nor is a Cargo.lock that
//! the first build will write (CK206), and what lies outside the repository (CK008).
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

fn is_dead(project: &Project, index: usize, path: &str) -> bool {
    // What cargo could not tell of may be a lockfile that it will write.
    let may_be_lockfile = path.ends_with("Cargo.lock") && !project.inputs.complete();
    let names_lockfile =
        project.inputs.iter().any(|(id, input)| !input.exists && project.covered_by(id) == Some(index));
    if may_be_lockfile || names_lockfile || project.is_live(index) {
        return false;
    }
    // A directory is CK004's, what lies outside CK008's; the disk as a whole was not searched.
    project.sight(index).is_some_and(|sight| {
        sight.found != Found::Directory && !sight.leaves && !is_absolute(path) && !project.may_come(index)
    })
}

/// The known slips, each tried against uv.
fn slip(path: &str, globs: bool) -> Option<&'static str> {
    let braces = || path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    if path.contains('\\') {
        Some("a backslash is no separator: write `/`, also on Windows")
    } else if globs && braces().any(|inner| inner.contains(", ") || inner.contains(" ,")) {
        Some("a space inside braces belongs to the name: write `{rs,txt}`")
    } else if globs && braces().any(|inner| inner.split(',').any(str::is_empty)) {
        Some("an empty alternative in braces is dropped: write two keys")
    } else if globs && path.starts_with('#') {
        Some("a glob that starts with `#` is a comment: write `[#]`")
    } else if globs && path.split('/').skip_while(|part| !is_glob(part)).any(|part| part == "..") {
        Some("`..` behind a wildcard matches nothing: write one key for each directory")
    } else if globs && !path.is_ascii() && path.contains(['?', '[']) {
        Some("`?` and `[…]` match single bytes, and this name is not ASCII: write `*`")
    } else if path.starts_with('~') || path.contains('$') {
        Some("uv expands neither `~` nor variables")
    } else if path != path.trim() {
        Some("the space at the end of the path belongs to the name")
    } else {
        None
    }
}
