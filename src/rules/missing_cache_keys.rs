//! ## What it finds
//!
//! A project with a Rust extension and without `[tool.uv] cache-keys`.
//!
//! If a build backend other than maturin and setuptools-rust compiles the Rust code, with a hook or a script, this is
//! an info. List the `Cargo.toml` files that it builds in `manifests` of `[tool.cachekeys]`, and cachekeys checks the
//! project like any other.
//!
//! ## Why it is bad
//!
//! By default, uv tracks `pyproject.toml`, `setup.py`, `setup.cfg` and the creation of `src/`. After an edit of
//! `src/lib.rs`, `uv sync` finds nothing to do, and Python keeps importing the old extension.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [project]
//! name = "ext"
//! version = "0.1.0"
//! ```
//!
//! ## Use instead
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [project]
//! name = "ext"
//! version = "0.1.0"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use super::{Earlier, Meta, Rule, When};
use crate::cache_keys::{Coverage, Key};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::NoKeys,
    summary: "a Rust extension without `cache-keys`: uv does not rebuild it when its Rust code changes",
};

pub(super) fn check(project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
    // CK002 reports a list that only has a wrong name. CK205 reports a package that is built at every sync anyway.
    let is_built_anyway = |rule: &Rule| rule.code == "CK205";
    if earlier.iter().any(|(rule, finding)| is_built_anyway(rule) || matches!(finding.remedy, Remedy::Rename(_))) {
        return Vec::new();
    }
    if let Some(why) = project.pyproject.shows_rust() {
        return vec![unnamed(project, &why)];
    }
    // CK303 reports a missing Cargo.toml.
    if project.inputs.lacks_manifest {
        return Vec::new();
    }
    let inputs: Vec<_> = project.inputs.iter().filter(|(_, input)| input.is_judged()).map(|(id, _)| id).collect();
    let there = inputs.iter().filter(|id| project.inputs.get(**id).exists).count();
    let label = if project.inputs.complete() {
        format!("{there} input{}, and uv tracks no Rust file", if there == 1 { "" } else { "s" })
    } else {
        "uv tracks no Rust file".to_owned()
    };
    let finding = Finding::new("no `cache-keys`: uv does not rebuild this extension when its Rust code changes")
        .at(Some(project.pyproject.anchor()), label);
    // With incomplete keys, this rule would report nothing more, and builds would stay stale.
    if project.inputs.complete() {
        let variables = project.inputs.variables.iter().map(|variable| Key::Env(variable.name.clone()));
        let keys = variables.chain(project.uncovered_git()).chain(defaults(project)).collect();
        vec![finding.covering(inputs).adding(keys)]
    } else {
        vec![finding.help("first fix what CK303 reports; then run `cachekeys check --fix` to add the keys")]
    }
}

/// The finding for a project whose backend seems to compile Rust but does not name its crates.
fn unnamed(project: &Project, why: &str) -> Finding {
    let backend = project.pyproject.backend_name();
    Finding::new(format!("no `cache-keys`, and {backend} seems to compile Rust: {why}"))
        .at(Some(project.pyproject.anchor()), "the inputs are unknown")
        .help("list the Cargo.toml files that it builds in `manifests` of `[tool.cachekeys]`")
        .severity(Severity::Info)
}

/// The existing files that uv's defaults cover and that are not inputs. The new list replaces the defaults, so it must contain
/// them: a backend that wraps setuptools reads setup.py. maturin reads neither it nor setup.cfg.
fn defaults(project: &Project) -> impl Iterator<Item = Key> {
    let is_maturin = project.pyproject.get_str(&["build-system", "build-backend"]) == Some("maturin");
    let defaults = project.effective().filter(|_| !is_maturin);
    let keys =
        defaults.into_iter().flat_map(|coverage| coverage.keys().iter().enumerate().map(move |key| (coverage, key)));
    let is_input = |name: &str| project.inputs.files.iter().any(|input| input.shown == name);
    let is_there = move |(coverage, (index, key)): &(&Coverage, (usize, &Key))| {
        matches!(key, Key::File(name) if !is_input(name)) && coverage.matches_any_file(*index)
    };
    keys.filter(is_there).map(|(_, (_, key))| key.clone())
}
