//! ## What it finds
//!
//! A project with a Rust extension and no `[tool.uv] cache-keys`. An info where another backend than maturin and
//! setuptools-rust compiles the Rust, by a hook or a script: `manifests` in `[tool.cachekeys]` names what it builds, and then the
//! project is judged like the others.
//!
//! ## Why it is bad
//!
//! uv's defaults are `pyproject.toml`, `setup.py`, `setup.cfg` and the creation of `src/`. An edit of `src/lib.rs` is none of
//! these: `uv sync` finds nothing to do, and Python goes on importing the extension that was built before the edit.
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
    summary: "a Rust extension without cache-keys: uv never rebuilds it when the Rust changes",
};

pub(super) fn check(project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
    // A list that only needs its name is CK002's.
    let is_built_anyway = |rule: &Rule| rule.code == "CK205";
    if earlier.iter().any(|(rule, finding)| is_built_anyway(rule) || matches!(finding.remedy, Remedy::Rename(_))) {
        return Vec::new();
    }
    if let Some(why) = project.pyproject.shows_rust() {
        return vec![unnamed(project, &why)];
    }
    // What is to be built is not there, which CK303 says.
    if project.inputs.lacks_manifest {
        return Vec::new();
    }
    let inputs: Vec<_> = project.inputs.iter().filter(|(_, input)| input.is_judged()).map(|(id, _)| id).collect();
    let there = inputs.iter().filter(|id| project.inputs.get(**id).exists).count();
    let label = if project.inputs.complete() {
        format!("{there} files feed this build, and uv watches none of the Rust ones")
    } else {
        "uv watches no Rust file of this build".to_owned()
    };
    let finding = Finding::new("no `cache-keys`: uv does not rebuild this extension when its Rust code changes")
        .at(Some(project.pyproject.anchor()), label);
    // Keys for half of a project would silence this rule and keep the build stale.
    if project.inputs.complete() {
        let variables = project.inputs.variables.iter().map(|variable| Key::Env(variable.name.clone()));
        let keys = variables.chain(project.uncovered_git()).chain(defaults(project)).collect();
        vec![finding.covering(inputs).adding(keys)]
    } else {
        vec![finding.help("the keys can be written once the project can be read, see CK303")]
    }
}

/// Another backend seems to compile Rust, and nothing says which.
fn unnamed(project: &Project, why: &str) -> Finding {
    let backend = project.pyproject.backend_name();
    Finding::new(format!("no `cache-keys`, and {backend} seems to compile Rust: {why}"))
        .at(Some(project.pyproject.anchor()), "its inputs are not known")
        .help("name the Cargo.toml files that it builds in `manifests` of `[tool.cachekeys]`")
        .severity(Severity::Info)
}

/// What uv's defaults cover and no input is: the keys take their place. A wrapper of setuptools reads setup.py.
fn defaults(project: &Project) -> impl Iterator<Item = Key> {
    let defaults = project.effective();
    let keys =
        defaults.into_iter().flat_map(|coverage| coverage.keys().iter().enumerate().map(move |key| (coverage, key)));
    let is_input = |name: &str| project.inputs.files.iter().any(|input| input.shown == name);
    let is_there = move |(coverage, (index, key)): &(&Coverage, (usize, &Key))| {
        matches!(key, Key::File(name) if !is_input(name)) && coverage.matches_any_file(*index)
    };
    keys.filter(is_there).map(|(_, (_, key))| key.clone())
}
