//! ## What it finds
//!
//! A `cache-keys` list that does not cover `pyproject.toml` or another file that defines the build: `setup.py` and
//! `setup.cfg` of a setuptools project, `CMakeLists.txt` for scikit-build-core and py-build-cmake, `meson.build` for
//! meson-python, the custom hooks of hatchling, pdm-backend and poetry-core, or the Python files of an in-tree
//! backend (`backend-path`). Projects without Rust are checked too.
//!
//! ## Why it is bad
//!
//! The list replaces uv's defaults, which include `pyproject.toml`, `setup.py` and `setup.cfg`. Without them, uv does
//! not rebuild the extension after a change of a build option, a feature, the version or the cache keys themselves.
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
    summary: "a list that does not cover `pyproject.toml` or another file that defines the build",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let anchor = project.pyproject.anchor();
    let mut findings = Vec::new();
    let uncovered = project.uncovered(Kind::Pyproject);
    if !uncovered.is_empty() {
        let message = "no key covers pyproject.toml: the list replaces uv's defaults, which include it";
        let finding = Finding::new(message).at(Some(anchor.clone()), "uv does not rebuild when it changes");
        findings.push(finding.covering(uncovered));
    }
    let uncovered = project.uncovered(Kind::Backend);
    if !uncovered.is_empty() {
        let names: Vec<&str> = uncovered.iter().map(|id| project.inputs.get(*id).shown.as_str()).collect();
        let (names, verb) = match names.as_slice() {
            [] | [_] => (names.concat(), "defines"),
            [first, second] => (format!("{first} and {second}"), "define"),
            [first, ..] => (format!("{first} and {} more files", names.len() - 1), "define"),
        };
        let label = if verb == "defines" {
            "uv does not rebuild when it changes"
        } else {
            "uv does not rebuild when they change"
        };
        let finding = Finding::new(format!("no key covers {names}, which {verb} how the package is built"));
        findings.push(finding.at(Some(anchor), label).covering(uncovered));
    }
    findings
}
