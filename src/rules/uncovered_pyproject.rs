//! ## What it finds
//!
//! A list of `cache-keys` that does not cover pyproject.toml itself.
//!
//! ## Why it is bad
//!
//! The list replaces uv's defaults, and pyproject.toml was one of them. A changed build option, feature or version no longer
//! rebuilds the extension; even an edit of the keys themselves goes unnoticed.
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

use super::{Meta, Speaks};
use crate::finding::{Applicability, Finding, Severity};
use crate::inputs::Kind;
use crate::project::Project;

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    speaks: Speaks::WhenKeysAreRead,
    summary: "pyproject.toml is not in the keys",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let uncovered = project.uncovered(Kind::Pyproject);
    if uncovered.is_empty() {
        return Vec::new();
    }
    let message = "no key covers pyproject.toml: the list replaces uv's defaults, and it was one of them";
    let finding = Finding::new(message).at(Some(project.pyproject.anchor()), "uv does not rebuild when it changes");
    vec![finding.covering(uncovered)]
}
