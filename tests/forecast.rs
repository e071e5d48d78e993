//! The answer of cargo decides: results from the manifests are used only if cargo agrees.
//!
//! Runs on Unix only, since a shell script replaces cargo.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/limits.rs"]
mod limits;
mod support;

use limits::{LONG, PROJECT, with_cargo, within};
use support::{Run, Sandbox};

const PROJECTS: usize = 12;

/// Projects of one workspace that all need one crate, and a source file that only a fake answer of cargo names.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".git/HEAD", "").write("Cargo.toml", "[workspace]\nmembers = [\"core\", \"p*\"]\nresolver = \"2\"\n");
    sandbox
        .write("Cargo.lock", "version = 4\n")
        .write("core/Cargo.toml", manifest("core", ""))
        .write("core/src/lib.rs", "");
    sandbox.write("core/elsewhere/lib.rs", "");
    for index in 0..PROJECTS {
        let name = format!("p{index}");
        let needs = "[lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\ncore = { path = \"../core\" }\n";
        sandbox.write(&format!("{name}/Cargo.toml"), manifest(&name, needs)).write(&format!("{name}/src/lib.rs"), "");
        sandbox.write(&format!("{name}/pyproject.toml"), PROJECT);
    }
    sandbox
}

fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
}

/// The report of `inputs` if cargo is slow. `edit`, a command for sed, changes cargo's answer.
fn reported(sandbox: &Sandbox, edit: &str) -> Run {
    let script = format!("sleep 0.5; {} \"$@\" | sed '{edit}'", env!("CARGO"));
    within(with_cargo(sandbox, &script).args(["inputs", "--output-format", "json"]), LONG)
}

#[test]
fn what_cargo_contradicts_is_done_again() {
    let sandbox = workspace();
    let by_manifests = sandbox.run(&["inputs", "--output-format", "json", "--metadata", "manifest"]);
    assert_eq!(reported(&sandbox, "").stdout, by_manifests.stdout);
    let places = [("core/src/lib.rs", "core/elsewhere/lib.rs"), ("p7/src/lib.rs", "p7/other/lib.rs")];
    for (from, to) in places {
        sandbox.write(to, "");
        let run = reported(&sandbox, &format!("s#{from}#{to}#g"));
        let shown = if from.starts_with("core") { format!("../{to}") } else { to["p7/".len()..].to_owned() };
        let projects = if from.starts_with("core") { PROJECTS } else { 1 };
        assert_eq!(run.stdout.matches(&format!("\"path\": \"{shown}\"")).count(), projects, "{}", run.stdout);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    // A change that affects all projects: the root of the workspace.
    let run = reported(&sandbox, "s#\"workspace_root\":\"[^\"]*\"#\"workspace_root\":\"/elsewhere\"#");
    assert_eq!(run.stdout.matches("elsewhere/Cargo.toml").count(), PROJECTS, "{}", run.stdout);
}

#[test]
fn what_cargo_refuses_is_told_as_before() {
    let sandbox = workspace();
    let script = "sleep 0.5; echo 'error: no' >&2; exit 101";
    let run = within(with_cargo(&sandbox, script).args(["check", "--metadata", "cargo"]), LONG);
    assert_eq!(run.stdout.matches("the report is incomplete").count(), PROJECTS, "{}", run.stdout);
}
