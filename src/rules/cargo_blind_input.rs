//! ## What it finds
//!
//! Something that the build reads and cargo does not track:
//!
//! - A file or environment variable that a build script reads, when the script prints `rerun-if` lines but none for
//!   it.
//! - A C file that the `cc` crate compiles. `cc` prints `rerun-if-env-changed` lines, and as soon as a script prints
//!   such a line, cargo no longer tracks the files of the package by itself.
//! - A file outside the package, when the build script prints no `rerun-if` lines.
//! - A file that a procedural macro opens itself.
//! - The git commit, when no `rerun-if` line names `.git/HEAD`.
//!
//! A file is not reported when the script prints a `rerun-if` line whose path could not be determined, because that
//! line may name the file. Variables that depend on the machine, such as `PATH`, `HOME` and `SystemRoot`, are not
//! reported.
//!
//! ## Why it is bad
//!
//! With a key, uv starts a build when the file changes, but cargo finds nothing to do and the old binary is installed
//! again. To fix this, print a `rerun-if` line in `build.rs`. Once cargo tracks the file, cachekeys reports the
//! key if it is missing.
//!
//! ## Example
//!
//! With a build script that reads one file and declares another:
//!
//! ```rust title="build.rs"
//! fn main() {
//!     println!("cargo::rerun-if-changed=build.rs");
//!     let table = std::fs::read_to_string("data/table.csv").unwrap();
//!     println!("cargo::rustc-env=ROWS={}", table.lines().count());
//! }
//! ```
//!
//! ```csv title="data/table.csv"
//! a,b
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
//!     { file = "src/**/*.rs" },
//! ]
//! ```
//!
//! ## Use instead
//!
//! Print a `rerun-if-changed` line for the file, and add a key:
//!
//! ```rust title="build.rs"
//! fn main() {
//!     println!("cargo::rerun-if-changed=build.rs");
//!     println!("cargo::rerun-if-changed=data/table.csv");
//!     let table = std::fs::read_to_string("data/table.csv").unwrap();
//!     println!("cargo::rustc-env=ROWS={}", table.lines().count());
//! }
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
//!     { file = "data/table.csv" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use super::{Meta, When};
use crate::fs::path;
use crate::inputs::{GitState, Input, InputId, Variable};
use crate::project::Project;
use crate::project::finding::{Finding, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: None,
    when: When::SomethingCovered,
    summary: "something that the build reads and cargo does not track: a key alone reinstalls the old binary",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let inputs = &project.inputs;
    // Inputs that are read at the same place share one finding.
    let mut files: Vec<(&Input, Vec<InputId>)> = Vec::new();
    for (id, input) in inputs.iter().filter(|(_, input)| input.is_blind() && !input.outside) {
        match files.iter_mut().find(|(first, _)| first.reason == input.reason) {
            Some((_, ids)) => ids.push(id),
            None => files.push((input, vec![id])),
        }
    }
    let mut findings: Vec<Finding> = files.into_iter().map(|(input, ids)| of_files(project, input, ids)).collect();
    findings.extend(inputs.blind_variables.iter().map(|variable| of_variable(project, variable)));
    findings.extend(inputs.git.iter().filter(|git| !git.tracked).map(|git| of_git(project, git)));
    findings
}

fn of_files(project: &Project, input: &Input, ids: Vec<InputId>) -> Finding {
    let package = project.inputs.crate_of(input).map_or(&*project.pyproject.dir, |of| of.package().directory());
    let path = input.tree.as_ref().map_or(&input.path, |tree| &tree.directory);
    let mut shown: Vec<&str> = ids.iter().map(|id| project.inputs.get(*id).shown.as_str()).collect();
    let directory = path::display(&project.pyproject.dir, path);
    let line = path::display(package, path);
    let others = if input.tree.is_some() {
        shown = vec![&directory];
        ""
    } else if ids.len() > 1 {
        ", and one such line for each of the other files"
    } else {
        ""
    };
    let help = format!("print `cargo::rerun-if-changed={line}` in {}{others}", script(project, input.in_crate));
    let mut finding = blind(project, &super::enumerate(&shown), &input.reason).help(help);
    finding.inputs = ids;
    finding
}

fn of_variable(project: &Project, variable: &Variable) -> Finding {
    let name = &variable.name;
    blind(project, &format!("the variable {name}"), &variable.reason).help(format!(
        "print `cargo::rerun-if-env-changed={name}` in the build script, and a `rerun-if-changed` line for each file that it reads"
    ))
}

fn of_git(project: &Project, git: &GitState) -> Finding {
    let what = if git.tags { "the commit and the tags" } else { "the commit" };
    let help = format!(
        "print `cargo::rerun-if-changed=` lines for .git/HEAD and for the branch file that it names, in {}",
        script(project, Some(git.in_crate))
    );
    blind(project, what, &git.reason).help(help)
}

fn blind(project: &Project, what: &str, reason: &str) -> Finding {
    let message =
        format!("cargo does not track {what} ({reason}): after a change the old binary stays, whatever the keys are");
    Finding::new(message).at(Some(project.pyproject.anchor()), "a key alone does not help")
}

fn script(project: &Project, in_crate: Option<usize>) -> String {
    match in_crate.and_then(|index| project.inputs.crates.get(index)) {
        Some(found) if found.is_entry => "build.rs".to_owned(),
        Some(found) => format!("the build script of crate `{}`", found.name()),
        None => "the build script".to_owned(),
    }
}
