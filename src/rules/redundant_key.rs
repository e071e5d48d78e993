//! ## What it finds
//!
//! A `file` key that is listed twice, or whose files are all covered by other keys. cachekeys evaluates the list
//! without the key, for existing files and for files that the key could match later.
//!
//! ## Why it is bad
//!
//! The key has no effect, and it suggests that the other keys do not cover these files. Nothing goes wrong, so this
//! is an info.
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
//!     { file = "src/**/*.rs" },
//!     { file = "src/lib.rs" },
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
use crate::cache_keys::{Coverage, Key};
use crate::fix;
use crate::fs::Resolved;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: Some(Applicability::Unsafe),
    when: When::SomethingCovered,
    summary: "a key that is listed twice, or whose files other keys cover",
};

pub(super) fn check(project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    let keys = coverage.keys();
    let replaced = earlier.replaced();
    let mut gone: Vec<usize> = Vec::new();
    let mut findings = Vec::new();
    // From the last to the first, so that the first of two equal keys stays.
    for index in (0..keys.len()).rev() {
        let Key::File(path) = &keys[index] else { continue };
        let twin = keys[..index].iter().position(|key| *key == keys[index]);
        let cover = twin.or_else(|| cover(project, coverage, index, &gone, &replaced));
        let Some(cover) = cover.filter(|_| !path.starts_with('!')) else { continue };
        gone.push(index);
        let message = match twin {
            Some(_) => format!("`{path}` is listed twice"),
            None => format!("`{path}` is redundant: `{}` covers the same files", keys[cover].text()),
        };
        let span = project.pyproject.entries()[index].span.clone();
        findings.push(Finding::new(message).at(Some(span), "redundant").remedy(Remedy::Remove(index)));
    }
    findings.reverse();
    findings
}

/// Another key that covers part of entry `index`, if the other keys together cover all of it.
fn cover(project: &Project, coverage: &Coverage, index: usize, gone: &[usize], replaced: &[usize]) -> Option<usize> {
    let samples = coverage.samples_of(index)?;
    let others = |path: &Resolved| {
        let covering = coverage.covering_keys(path);
        covering.into_iter().find(|other| *other != index && !gone.contains(other))
    };
    let first = samples.iter().map(others).collect::<Option<Vec<usize>>>()?.first().copied()?;
    if !project.is_live(index) {
        return None;
    }
    // An entry that is replaced needs no second finding. An entry that the fixer would write itself is not redundant.
    if replaced.contains(&index) || fix::would_write(project, index) {
        return None;
    }
    let without = coverage.without_all(&[gone, replaced, &[index]].concat())?;
    let today = project.walk()?.keys.get(index)?.files.iter();
    let is_covered = |path: &Resolved| without.covering_key(path).is_some();
    samples.iter().chain(today).all(is_covered).then_some(first)
}
