//! ## What it finds
//!
//! The Cargo.lock of the workspace that is built is covered by no key, whether or not it exists yet and whether or not git
//! ignores it. It lies beside the Cargo.toml of the workspace root. The key `Cargo.lock` that `uv init` writes for a member
//! of a workspace names a file that cargo never writes: the fix puts the right one in its place.
//!
//! ## Why it is bad
//!
//! After `cargo update`, or after pulling somebody else's, the extension should be built with other versions of its
//! dependencies. uv does not rebuild it.
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
    summary: "the Cargo.lock of the workspace that is built",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let findings = super::uncovered(project, Kind::Lockfile, "lockfile").into_iter();
    let Some(index) = never_written(project) else { return findings.collect() };
    let span = project.pyproject.entries()[index].span.clone();
    let in_place = |finding: Finding| {
        let finding = finding.at(Some(span.clone()), "cargo never writes one for a member of a workspace");
        finding.remedy(Remedy::Replace(index, Defect::Harmful))
    };
    findings.map(in_place).collect()
}

/// A literal Cargo.lock beside the manifest of a member, the key of `uv init`: it is not there, and cargo writes the one at
/// the root of the workspace. Told where that one is not covered, so that the key can be replaced by the right one.
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
