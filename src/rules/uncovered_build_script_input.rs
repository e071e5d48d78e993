//! ## What it finds
//!
//! A file or directory that no key covers, although a build script declares it with `cargo::rerun-if-changed` or
//! reads it. A script reads a file or directory if it opens or lists it, passes it to a crate that generates or
//! compiles code (prost, cmake, bindgen, lalrpop and others), or names it in a string literal. cachekeys follows paths
//! through functions, loops and local crates that the script calls. Files that the script itself writes are not
//! inputs. Files in `extra-inputs` of `[tool.cachekeys]` are reported by this rule too.
//!
//! A script that declares nothing and reads paths that could not be determined is reported as a warning. A script that
//! only queries a program, such as `clang --print-targets`, is not reported.
//!
//! ## Why it is bad
//!
//! The build script turns these files into code or links them. cargo would run the script again after a change, but
//! uv never calls cargo.
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
    summary: "a file that a build script declares or reads and that no key covers",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = super::uncovered(project, Kind::BuildScriptInput, "build-script input");
    for finding in &mut findings {
        let mut inputs = finding.inputs.iter().map(|id| project.inputs.get(*id));
        // Inputs without a crate come from the setting `extra-inputs`.
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

/// The finding for a build script that prints no `rerun-if` line, and reads paths that could not be determined.
fn undeclared_in(project: &Project, index: usize) -> Finding {
    let paths = project.inputs.undetermined.iter().filter(|path| path.undeclared && path.in_crate == Some(index));
    let reasons: Vec<&str> = paths.map(|path| path.reason.as_str()).collect();
    let name = project.inputs.crates.get(index).map_or("", |found| found.name());
    let message = format!(
        "the build script of crate `{name}` declares nothing, and reads paths that could not be determined ({})",
        super::enumerate(&reasons)
    );
    Finding::new(message)
        .severity(Severity::Warning)
        .at(Some(project.pyproject.anchor()), "a key may be missing")
        .help("print `cargo::rerun-if-changed=<path>` in the script for each file that it reads")
}
