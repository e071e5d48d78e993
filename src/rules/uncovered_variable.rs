//! ## What it finds
//!
//! A variable of the environment that the compiler reads with `env!` or `option_env!`, or that a build script declares with
//! `cargo::rerun-if-env-changed`, and that no key names. Those that cargo sets itself are none, nor those that a build script or
//! `[env]` in cargo's configuration sets, also by a name that it computes, nor those that tell where a build runs (`PATH`, `HOME`,
//! `SystemRoot`). What `[tool.cachekeys] extra-variables` names counts too.
//!
//! ## Why it is bad
//!
//! cargo rebuilds when its value changes. uv does not call cargo, so the old value stays in the binary.
//!
//! ## Example
//!
//! With a variable that goes into the binary:
//!
//! ```rust title="src/lib.rs"
//! pub const CHANNEL: Option<&str> = option_env!("RELEASE_CHANNEL");
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
//!     { env = "RELEASE_CHANNEL" },
//! ]
//! ```

use super::{Meta, When};
use crate::cache_keys::Key;
use crate::inputs::Variable;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a variable of env!, option_env! or rerun-if-env-changed",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let uncovered = project.inputs.variables.iter().filter(|variable| !project.is_variable_covered(&variable.name));
    let finding = |variable: &Variable| {
        let name = &variable.name;
        Finding::new(format!("no key names the variable {name} ({})", variable.reason))
            .at(Some(project.pyproject.anchor()), "uv does not rebuild when its value changes")
            .adding(vec![Key::Env(name.clone())])
    };
    uncovered.map(finding).collect()
}
