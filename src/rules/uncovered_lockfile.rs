//! ## What it finds
//!
//! A workspace whose `Cargo.lock` no key covers, even if the file does not exist yet or git ignores it.
//!
//! cargo writes `Cargo.lock` next to the `Cargo.toml` of the workspace root. In a workspace member, `uv init` writes
//! a key `Cargo.lock` for a file that cargo never writes. The fix replaces that key.
//!
//! ## Why it is bad
//!
//! When `cargo update` or a `git pull` changes the versions of dependencies, the extension needs to be rebuilt, but
//! uv does not rebuild it.
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

use super::{Meta, When};
use crate::cache_keys::Key;
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::key_targets::Found;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a workspace whose `Cargo.lock` no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let findings = super::uncovered(project, Kind::Lockfile, "lockfile").into_iter();
    let Some(index) = never_written(project) else { return findings.collect() };
    let span = project.pyproject.entries()[index].span.clone();
    let in_place = |finding: Finding| {
        let finding = finding.at(Some(span.clone()), "cargo never writes this file");
        finding.remedy(Remedy::Replace(index, Defect::Harmful))
    };
    findings.map(in_place).collect()
}

/// The key `Cargo.lock` that `uv init` writes for a workspace member. That file does not exist: cargo writes the one at the root of
/// the workspace. Returned if no key covers the latter, so that the fix can replace the key.
fn never_written(project: &Project) -> Option<usize> {
    let entry = project.inputs.entry().filter(|_| project.inputs.complete())?;
    if project.uncovered(Kind::Lockfile).is_empty() || *entry.workspace.root == *entry.package().directory() {
        return None;
    }
    let beside = entry.package().directory().join("Cargo.lock");
    let names_it = |index: &usize| {
        let is_literal = matches!(&project.pyproject.entries()[*index].key, Key::File(text) if text == "Cargo.lock");
        let is_dead =
            |sight: &crate::project::key_targets::Sight| sight.found == Found::Nothing && *sight.place == beside;
        is_literal && project.sight(*index).is_some_and(is_dead)
    };
    (0..project.pyproject.entries().len()).find(names_it)
}
