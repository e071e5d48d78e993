//! ## What it finds
//!
//! A file of the wheel that no key covers: the type stub of a pure-Rust layout, what `data` installs beside the package. With
//! `editable = false` in `[tool.cachekeys]` also the Python files of the package and what `include` names for the wheel.
//!
//! ## Why it is bad
//!
//! The installed package keeps the old file. Python files of an editable install are read where they are; uv installs the
//! project itself so, unless it is told otherwise.
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
    summary: "a stub, `data`; with `editable = false` also Python files and `include`",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = super::uncovered(project, Kind::PythonSource, "Python file");
    findings.extend(super::uncovered(project, Kind::PackageData, "packaged file"));
    findings
}
