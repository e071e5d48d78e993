//! ## What it finds
//!
//! A `cache-keys` list that tracks nothing: it is empty, or none of its keys matches a file, a directory, a commit or
//! a variable.
//!
//! ## Why it is bad
//!
//! uv has nothing to compare, so it never considers the project up to date. Every `uv sync` prints `~ ext` and
//! reinstalls the same wheel from uv's cache, but never builds a new one.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = []
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
//! cache-keys = [{ file = "pyproject.toml" }, { file = "Cargo.toml" }, { file = "Cargo.lock" }, { file = "src/**/*.rs" }]
//! ```

use super::{Meta, When};
use crate::cache_keys::Key;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::NothingCovered,
    summary: "keys that track nothing: uv reinstalls the old wheel at every sync",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let inputs = project.inputs.iter().filter(|(_, input)| input.is_judged()).map(|(id, _)| id).collect();
    let variables = project.inputs.variables.iter().map(|variable| Key::Env(variable.name.clone()));
    let keys = variables.chain(project.uncovered_git()).collect();
    let what = if project.pyproject.entries().is_empty() { "`cache-keys` is empty" } else { "the keys match nothing" };
    let message = format!("{what}: uv reinstalls the old wheel at every sync and never builds a new one");
    vec![Finding::new(message).at(Some(project.pyproject.anchor()), "tracks nothing").covering(inputs).adding(keys)]
}
