//! ## What it finds
//!
//! A glob that stops matching on Windows. There uv joins the parts of a glob with `\`, and the matcher takes that for an escape,
//! but behind a leading `**`. This is known from uv's source and not proven on Windows: the rule speaks only where it is named,
//! `--extend-select CK010`.
//!
//! ## Why it is bad
//!
//! The same list leaves files uncovered for everybody on Windows. A literal directory, `**` and one name at the end are read alike
//! everywhere.
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
//!     { file = "{src,lib}/**/*.rs" },
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
use crate::cache_keys::{Entry, Key};
use crate::finding::{Applicability, Finding, Remedy, Severity};
use crate::inputs::InputId;
use crate::project::Project;

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: Some(Applicability::Safe),
    speaks: Speaks::WhenNamed,
    summary: "a glob that stops matching on Windows (experimental: only where it is named)",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    let Some(windows) = coverage.elsewhere() else { return Vec::new() };
    let finding = |(index, entry): (usize, &Entry)| {
        let Key::File(path) = &entry.key else { return None };
        if !entry.key.is_glob() || path.starts_with('!') {
            return None;
        }
        let inputs = project.inputs.iter().filter(|(id, _)| project.covered_by(*id) == Some(index));
        let is_lost =
            |(_, input): &(InputId, &crate::inputs::Input)| windows.covering_key_of_file(&input.path).is_none();
        let (id, first) = inputs.into_iter().find(is_lost)?;
        let finding = Finding::new(format!("`{path}` matches {} here, and not on Windows", first.shown));
        Some(finding.at(Some(entry.span.clone()), "not portable").covering(vec![id]).remedy(Remedy::Restate(index)))
    };
    project.pyproject.entries().iter().enumerate().filter_map(finding).collect()
}
