//! ## What it finds
//!
//! A file or directory that a build script declares with `cargo::rerun-if-changed`, or that it can be seen to read: one that it
//! opens or lists, that it gives to a crate that generates code (prost, cmake, bindgen, lalrpop and others), or that a literal of
//! the script names. Paths are followed through functions, loops and the local crates that the script calls. What the script
//! itself writes is not an input. A script that declares nothing and reads paths that cannot be determined is a warning, unless it
//! only asks a program something, as `clang --print-targets` does. What `[tool.cachekeys] extra-inputs` names counts as such a file.
//!
//! ## Why it is bad
//!
//! The build script turns it into code or links it. cargo runs the script again when it changes, but uv never calls cargo.
//!
//! ## Example
//!
//! With a build script that reads a file:
//!
//! ```rust title="build.rs"
//! mod generate;
//! fn main() {
//!     println!("cargo::rerun-if-changed=schema/api.proto");
//!     generate::run();
//! }
//! ```
//!
//! ```rust title="generate.rs"
//! pub fn run() {}
//! ```
//!
//! ```text title="schema/api.proto"
//! syntax = "proto3";
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
//!     { file = "build.rs" },
//!     { file = "generate.rs" },
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
//!     { file = "build.rs" },
//!     { file = "generate.rs" },
//!     { file = "schema/api.proto" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use super::{Meta, When};
use crate::inputs::Kind;
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "what a build script declares or can be seen to read",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = super::uncovered(project, Kind::BuildScriptInput, "build-script input");
    for finding in &mut findings {
        let mut inputs = finding.inputs.iter().map(|id| project.inputs.get(*id));
        // Those of no crate are the ones that the user names.
        if inputs.all(|input| input.in_crate.is_none()) {
            finding.message = finding.message.replacen("the build-script input", "an input of `extra-inputs`", 1);
            finding.message = finding.message.replacen("build-script inputs", "inputs of `extra-inputs`", 1);
        }
    }
    let undeclared = project.inputs.undetermined.iter().filter(|path| path.undeclared);
    let mut crates: Vec<usize> = undeclared.filter_map(|path| path.in_crate).collect();
    crates.dedup();
    findings.extend(crates.into_iter().map(|index| undeclared_in(project, index)));
    findings
}

/// A script that prints no line for cargo and reads what cannot be told.
fn undeclared_in(project: &Project, index: usize) -> Finding {
    let paths = project.inputs.undetermined.iter().filter(|path| path.undeclared && path.in_crate == Some(index));
    let reasons: Vec<&str> = paths.map(|path| path.reason.as_str()).collect();
    let name = project.inputs.crates.get(index).map_or("", |found| found.name());
    let message = format!(
        "the build script of crate `{name}` reads what cannot be told from its text ({}) and declares nothing",
        super::enumerate(&reasons)
    );
    Finding::new(message)
        .severity(Severity::Warning)
        .at(Some(project.pyproject.anchor()), "no key is known to cover what it reads")
        .help("print `cargo::rerun-if-changed=<path>` in it for each file that it reads; then the keys can be narrow")
}
