//! ## What it finds
//!
//! A glob that covers different files depending on the other keys in the list, such as `src/*.rs` or `*.toml`.
//! cachekeys evaluates each glob alone and together with the other keys. In a project without Rust, the glob is only
//! reported if the two results differ for a file that exists.
//!
//! ## Why it is bad
//!
//! When uv starts its walk in `src`, `src/*.rs` becomes the pattern `*.rs`, which matches at any depth. Next to a
//! glob that starts higher up, such as `*.toml`, it only matches direct children. If somebody adds an unrelated key,
//! the files in `src/convert/` are no longer covered. A glob without a directory, such as `*.toml`, always matches at
//! any depth, including in `target/` and `.venv/`.
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
//!     { file = "src/*.rs" },
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
use crate::cache_keys::{Coverage, Entry, Key, System, depends_on_company, is_absolute, split};
use crate::inputs::InputId;
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::{Project, Scope};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a glob whose meaning changes when an unrelated key is added",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    let entries = project.pyproject.entries().iter().enumerate();
    entries.filter_map(|(index, entry)| judge(project, coverage, index, entry)).collect()
}

fn judge(project: &Project, coverage: &Coverage, index: usize, entry: &Entry) -> Option<Finding> {
    let Key::File(path) = &entry.key else { return None };
    let example = depends_on_company(path);
    let starts_at_link = entry.key.is_glob() && coverage.starts_at_link(index);
    // CK008 reports absolute paths.
    if (example.is_none() && !starts_at_link) || is_absolute(path) {
        return None;
    }
    let alone = project.coverage_of(std::slice::from_ref(&entry.key))?;
    let covers = |id: &InputId| alone.covering_key_of_file(&project.inputs.get(*id).path).is_some();
    let inputs: Vec<InputId> = project.inputs.iter().map(|(id, _)| id).filter(covers).collect();
    let lost = inputs.iter().find(|id| project.covered_by(**id).is_none());
    // CK003 reports a key that matches nothing, with or without the other keys.
    if lost.is_none() && !project.is_live(index) {
        return None;
    }
    if project.scope() == Scope::Keys && !changes_by_company(project, index, &entry.key) {
        return None;
    }
    let base = split(path).0;
    let in_list = |file: &str| coverage.covering_keys(&project.file(file)).contains(&index);
    let message = match (lost, &example) {
        (Some(lost), _) => {
            let lost = &project.inputs.get(*lost).shown;
            let company = company(coverage, index, lost, project);
            format!("`{path}` does not match {lost} because of {company}")
        }
        (None, None) => {
            format!("`{path}` starts at a symlink, which uv only follows while no other key starts above it")
        }
        (None, Some(_)) if base.is_empty() || base.ends_with("..") => {
            format!("`{path}` matches at any depth, and makes keys such as `src/*.rs` match direct children only")
        }
        (None, Some(example)) if in_list(example) => {
            format!(
                "`{path}` matches at any depth below {base}/, but only direct children once a key such as `*.toml` is added"
            )
        }
        (None, Some(_)) => {
            format!("`{path}` matches only direct children of {base}/, but at any depth once another key is removed")
        }
    };
    let finding = Finding::new(message).at(Some(entry.span.clone()), "depends on the other keys").covering(inputs);
    Some(finding.remedy(Remedy::Replace(index, Defect::Harmless)))
}

/// Whether the key covers other files without the other keys, or next to a glob at the root. The keys are read as uv reads them
/// on Linux, so that the result is the same on every system. CK010 reports differences on Windows.
fn changes_by_company(project: &Project, index: usize, key: &Key) -> bool {
    let covered = |keys: &[Key], index: usize| {
        let walk = project.coverage_on(System::Unix, keys)?.walk();
        Some(walk.keys.get(index)?.files.clone())
    };
    let all: Vec<Key> = project.pyproject.entries().iter().map(|entry| entry.key.clone()).collect();
    let root_glob = Key::File("*.cachekeys".to_owned());
    let in_list = covered(&all, index);
    [covered(std::slice::from_ref(key), 0), covered(&[key.clone(), root_glob], 0)]
        .into_iter()
        .any(|other| other != in_list)
}

/// The key that prevents `lost` from being matched.
fn company(coverage: &Coverage, index: usize, lost: &str, project: &Project) -> String {
    let file = project.file(lost);
    let is_cause = |other: &usize| {
        *other != index && coverage.without(*other).is_some_and(|without| without.covering_key(&file).is_some())
    };
    match (0..coverage.keys().len()).find(is_cause) {
        Some(other) => format!("`{}`", coverage.keys()[other].text()),
        None => "the other keys".to_owned(),
    }
}
