//! ## What it finds
//!
//! A file of the wheel that no key covers: the type stub of a pure-Rust layout, or a file in maturin's `data`
//! directory.
//!
//! If uv installs the project as a copy, the Python files of the package and the files that `include` adds to the
//! wheel count too. cachekeys assumes a copy when
//!
//! - `[tool.uv.sources]` of the project's workspace sets `editable = false` for it,
//! - another project in the repository depends on it by `path` without `editable = true`, or
//! - `editable = false` is set in `[tool.cachekeys]`.
//!
//! If `[tool.cachekeys]` sets `editable`, to `true` or `false`, only that setting counts.
//!
//! ## Why it is bad
//!
//! The installed package keeps the old file. In an editable install, which is uv's default for the project itself,
//! Python imports the files directly from the source tree, so they need no key. cachekeys cannot know whether you run
//! `uv sync --no-editable`; if you do, set `editable = false`.
//!
//! ## Example
//!
//! With a type stub next to `Cargo.toml`:
//!
//! ```python title="ext.pyi"
//! def answer() -> int: ...
//! ```
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
//!     { file = "ext.pyi" },
//! ]
//! ```

use super::{Meta, When};
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a type stub or data file that no key covers, and in a copied install also Python files",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = super::uncovered(project, Kind::PythonSource, "Python file");
    if let Some(why) = project.pyproject.copied() {
        findings = findings
            .into_iter()
            .map(|finding| finding.help(format!("uv installs this project as a copy: {why}")))
            .collect();
    }
    findings.extend(super::uncovered(project, Kind::PackageData, "packaged file"));
    findings
}
