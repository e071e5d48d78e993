//! ## What it finds
//!
//! An environment variable that no key names, although the code reads it with `env!` or `option_env!`, or a build
//! script declares it with `cargo::rerun-if-env-changed`. Variables in `extra-variables` of `[tool.cachekeys]` count
//! too.
//!
//! Variables that cargo sets are not reported. Neither are variables that a build script or `[env]` in cargo's
//! configuration sets (even if the name is computed), nor variables that depend on the machine, such as `PATH`, `HOME`
//! and `SystemRoot`.
//!
//! ## Why it is bad
//!
//! cargo rebuilds when the value changes. uv does not call cargo, so the binary keeps the old value.
//!
//! ## Example
//!
//! With a variable that is compiled into the binary:
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
    summary: "an environment variable that the build reads and no key names",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let uncovered = project.inputs.variables.iter().filter(|variable| !project.is_variable_covered(&variable.name));
    let finding = |variable: &Variable| {
        let name = &variable.name;
        Finding::new(format!("no key names the environment variable {name} ({})", variable.reason))
            .at(Some(project.pyproject.anchor()), "uv does not rebuild when its value changes")
            .adding(vec![Key::Env(name.clone())])
    };
    uncovered.map(finding).collect()
}
