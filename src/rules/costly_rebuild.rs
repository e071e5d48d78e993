//! ## What it finds
//!
//! A pyo3 extension without abi3 that is built without `use-base-python`. For people who rebuild often; printed only with `-v` or
//! when it is selected.
//!
//! ## Why it is bad
//!
//! uv builds in an environment of its own, which has another path each time. pyo3 is told the path of its Python, so cargo
//! compiles pyo3 and all that depends on it again with every build, also with those that a needless key causes. With
//! `use-base-python` maturin tells the Python that the environment was made from, which stays where it is.
//!
//! ## Example
//!
//! With a crate that is built for one Python:
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
    let message = "each rebuild compiles pyo3 again: uv's build environment has another path each time";
    vec![
        Finding::new(message)
            .at(Some(project.pyproject.anchor()), "rebuilds cost more than they need")
            .help("set `use-base-python = true` in [tool.maturin] (maturin 1.9.4 or later)"),
    ]
}
