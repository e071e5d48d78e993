//! ## What it finds
//!
//! A glob whose meaning depends on the keys beside it: `src/*.rs`, `*.toml`. Found by evaluating it alone and in company. In a
//! project without Rust, only where a file that exists would no longer be covered, or would be for the first time.
//!
//! ## Why it is bad
//!
//! Where the walk starts in `src`, `src/*.rs` is the pattern `*.rs`, which matches at any depth. Beside a glob that starts above,
//! such as `*.toml`, it matches direct children only: somebody adds a key that has nothing to do with it, and the files in
//! `src/convert/` are no longer watched. A pattern without a directory, `*.toml`, always matches at any depth, in `target/` and
//! `.venv/` too.
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
    summary: "a glob that means something else when an unrelated key is added",
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
    // What is absolute is CK008's.
    if (example.is_none() && !starts_at_link) || is_absolute(path) {
        return None;
    }
    let alone = project.coverage_of(std::slice::from_ref(&entry.key))?;
    let covers = |id: &InputId| alone.covering_key_of_file(&project.inputs.get(*id).path).is_some();
    let inputs: Vec<InputId> = project.inputs.iter().map(|(id, _)| id).filter(covers).collect();
    let lost = inputs.iter().find(|id| project.covered_by(**id).is_none());
    // What matches nothing, alone or in company, is CK003's.
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
            format!("`{path}` matches {lost} alone, and not beside{company}")
        }
        (None, None) => {
            format!("`{path}` starts at a symlink, which uv does not enter once another key starts above it")
        }
        (None, Some(_)) if base.is_empty() || base.ends_with("..") => {
            format!("`{path}` matches at any depth, and makes a key like `src/*.rs` match direct children only")
        }
        (None, Some(example)) if in_list(example) => {
            format!(
                "`{path}` matches at any depth below {base}/, and direct children only once a key like `*.toml` is added"
            )
        }
        (None, Some(_)) => {
            format!("`{path}` matches direct children of {base}/ only, and at any depth once another key is taken away")
        }
    };
    let finding = Finding::new(message).at(Some(entry.span.clone()), "depends on the other keys").covering(inputs);
    Some(finding.remedy(Remedy::Replace(index, Defect::Harmless)))
}

/// Whether a file that is there falls out or comes in: beside the other keys, without them, or beside a glob at the root. As uv
/// reads the keys on Linux, so that the verdict is the same everywhere; what Windows makes of them is CK010's.
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

/// The key because of which `lost` is not matched.
fn company(coverage: &Coverage, index: usize, lost: &str, project: &Project) -> String {
    let file = project.file(lost);
    let is_cause = |other: &usize| {
        *other != index && coverage.without(*other).is_some_and(|without| without.covering_key(&file).is_some())
    };
    match (0..coverage.keys().len()).find(is_cause) {
        Some(other) => format!(" `{}`", coverage.keys()[other].text()),
        None => " the other keys".to_owned(),
    }
}
