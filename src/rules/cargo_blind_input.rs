//! ## What it finds
//!
//! Something that the build reads and cargo does not watch: a file or variable of a build script that prints `rerun-if` lines
//! and none for it, a C file that the `cc` crate compiles (it prints `rerun-if-env-changed` lines, which switch the watching of
//! the package off), a file outside the package of a script that prints no line, a file that a procedural macro opens by
//! itself, the commit where nothing names `.git/HEAD`. Where the path of
//! a `rerun-if` line could not be determined, a file is not reported: the line may name it. Variables that tell where a
//! build runs (`PATH`, `HOME`, `SystemRoot`) are not reported.
//!
//! ## Why it is bad
//!
//! With a key uv calls maturin, maturin calls cargo, cargo says `Fresh`, and the old binary is installed again. A key alone is
//! no cure; a line in build.rs is. Once it is there, the missing key is reported too.
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
//! A line for what is read, and a key for it:
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
    summary: "what the build reads and cargo does not watch: a key alone installs the old binary again",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let inputs = &project.inputs;
    // What is read at one place is one finding.
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
        ", and a line like it for each of the others,"
    } else {
        ""
    };
    let help = format!("print `cargo::rerun-if-changed={line}`{others} in {}", script(project, input.in_crate));
    let mut finding = blind(project, &super::enumerate(&shown), &input.reason).help(help);
    finding.inputs = ids;
    finding
}

fn of_variable(project: &Project, variable: &Variable) -> Finding {
    let name = &variable.name;
    blind(project, &format!("the variable {name}"), &variable.reason).help(format!(
        "print `cargo::rerun-if-env-changed={name}` in the build script (one that prints any line must name the files it reads, too)"
    ))
}

fn of_git(project: &Project, git: &GitState) -> Finding {
    let what = if git.tags { "the commit and the tags" } else { "the commit" };
    let help = format!(
        "print `cargo::rerun-if-changed=` with the path of .git/HEAD, and one with that of the branch it names, in {}",
        script(project, Some(git.in_crate))
    );
    blind(project, what, &git.reason).help(help)
}

fn blind(project: &Project, what: &str, reason: &str) -> Finding {
    let message =
        format!("cargo does not watch {what} ({reason}): with or without a key the old binary is installed again");
    Finding::new(message).at(Some(project.pyproject.anchor()), "no key alone can cure it")
}

fn script(project: &Project, in_crate: Option<usize>) -> String {
    match in_crate.and_then(|index| project.inputs.crates.get(index)) {
        Some(found) if found.is_entry => "build.rs".to_owned(),
        Some(found) => format!("the build script of crate `{}`", found.name()),
        None => "the build script".to_owned(),
    }
}
