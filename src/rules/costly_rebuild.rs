//! ## What it finds
//!
//! A pyo3 extension without abi3 that is built without `use-base-python`. This is an info about the speed of
//! rebuilds. It is only printed with `-v` or when the rule is selected.
//!
//! ## Why it is bad
//!
//! uv creates a new build environment at a new path for each build. pyo3 depends on the path of the Python
//! interpreter, so cargo compiles pyo3, and every crate that depends on it, again for each build. With
//! `use-base-python`, maturin passes the interpreter from which the environment was created, and that path does not
//! change.
//!
//! ## Example
//!
//! With a crate that is built without abi3:
//!
//! ```toml title="Cargo.toml"
//! [package]
//! name = "ext"
//! version = "0.1.0"
//! edition = "2021"
//!
//! [lib]
//! crate-type = ["cdylib"]
//!
//! [dependencies]
//! pyo3 = "0.26"
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
//! [tool.maturin]
//! use-base-python = true
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
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Info,
    fix: None,
    when: When::SomethingCovered,
    summary: "pyo3 without `use-base-python`: each rebuild compiles pyo3 again",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    if !project.compiles_pyo3_again() {
        return Vec::new();
    }
    let message = "each rebuild compiles pyo3 again, because uv's build environment has a new path each time";
    vec![
        Finding::new(message)
            .at(Some(project.pyproject.anchor()), "slow rebuilds")
            .help("set `use-base-python = true` in `[tool.maturin]` (maturin 1.9.4 or later)"),
    ]
}
