//! ## What it finds
//!
//! A list of `cache-keys` that yields nothing at all: it is empty, or none of its keys covers a file, a directory, a commit
//! or a variable.
//!
//! ## Why it is bad
//!
//! With nothing to compare, uv never calls the project fresh: every `uv sync` prints `~ ext` and installs the wheel from its
//! cache again, without ever building a new one.
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
    summary: "a list of keys that yields nothing: uv reinstalls the old wheel for ever",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let inputs = project.inputs.iter().filter(|(_, input)| input.is_judged()).map(|(id, _)| id).collect();
    let variables = project.inputs.variables.iter().map(|variable| Key::Env(variable.name.clone()));
    let keys = variables.chain(project.uncovered_git()).collect();
    let what = if project.pyproject.entries().is_empty() { "the list is empty" } else { "no key covers anything" };
    let message = format!("{what}: uv installs the old wheel again at every sync and never builds a new one");
    vec![Finding::new(message).at(Some(project.pyproject.anchor()), "yields nothing").covering(inputs).adding(keys)]
}
