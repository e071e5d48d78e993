//! ## What it finds
//!
//! A file of the wheel that no key covers: the type stub of a pure-Rust layout, what `data` installs beside the package. Where the
//! project is installed as a copy, also the Python files of the package and what `include` names for the wheel: where
//! `[tool.uv.sources]` of its workspace has `editable = false` for it, where another project of the repository names it by a `path`
//! without `editable = true`, and with `editable = false` in `[tool.cachekeys]`. That setting decides where both are there.
//!
//! ## Why it is bad
//!
//! The installed package keeps the old file. Python files of an editable install are read where they are; uv installs the
//! project itself so, unless it is told otherwise (`uv sync --no-editable` is known to nobody but you).
//!
//! ## Example
//!
//! With a stub beside the crate:
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
    summary: "a stub, `data`; of what is installed as a copy also Python files and `include`",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = super::uncovered(project, Kind::PythonSource, "Python file");
    if let Some(why) = project.pyproject.copied() {
        findings = findings.into_iter().map(|finding| finding.help(format!("uv installs a copy: {why}"))).collect();
    }
    findings.extend(super::uncovered(project, Kind::PackageData, "packaged file"));
    findings
}
