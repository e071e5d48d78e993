//! ## What it finds
//!
//! A list of `cache-keys` that does not cover pyproject.toml itself, or another file that defines the build: setup.py and
//! setup.cfg of a setuptools project, CMakeLists.txt for scikit-build-core and py-build-cmake, meson.build for meson-python, the
//! custom hooks of hatchling, pdm-backend and poetry-core, the Python files of a backend that is part of the repository
//! (`backend-path`). Projects without Rust are checked too.
//!
//! ## Why it is bad
//!
//! The list replaces uv's defaults, and pyproject.toml, setup.py and setup.cfg were among them. A changed build option,
//! feature or version no longer rebuilds the extension; even an edit of the keys themselves goes unnoticed.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = ["Cargo.toml", "Cargo.lock", "src/**/*.rs"]
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
//! cache-keys = ["pyproject.toml", "Cargo.toml", "Cargo.lock", "src/**/*.rs"]
//! ```

use super::{Meta, When};
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "pyproject.toml, or another file that defines the build, is not in the keys",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let anchor = project.pyproject.anchor();
    let mut findings = Vec::new();
    let uncovered = project.uncovered(Kind::Pyproject);
    if !uncovered.is_empty() {
        let message = "no key covers pyproject.toml: the list replaces uv's defaults, and it was one of them";
        let finding = Finding::new(message).at(Some(anchor.clone()), "uv does not rebuild when it changes");
        findings.push(finding.covering(uncovered));
    }
    let uncovered = project.uncovered(Kind::Backend);
    if !uncovered.is_empty() {
        let names: Vec<&str> = uncovered.iter().map(|id| project.inputs.get(*id).shown.as_str()).collect();
        let (names, verb) = match names.as_slice() {
            [] | [_] => (names.concat(), "it is"),
            [first, second] => (format!("{first} and {second}"), "they are"),
            [first, ..] => (format!("{first} and {} more files", names.len() - 1), "they are"),
        };
        let label = if verb == "it is" {
            "uv does not rebuild when it changes"
        } else {
            "uv does not rebuild when they change"
        };
        let finding = Finding::new(format!("no key covers {names}: {verb} part of how the package is built"));
        findings.push(finding.at(Some(anchor), label).covering(uncovered));
    }
    findings
}
