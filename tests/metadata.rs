//! `--metadata`: cargo and the manifests lead to the same report on every project of the tests, and without cargo nothing is
//! missing.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Run, Sandbox};

const PROJECT: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";
const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

fn projects() -> Vec<PathBuf> {
    let folders = |of: PathBuf| {
        let entries = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<PathBuf>>()
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut projects: Vec<PathBuf> = folders(root.join("tests/cases")).into_iter().flat_map(folders).collect();
    projects.extend(folders(root.join("tests/truth")));
    projects.push(root.join("examples/stale-extension"));
    projects.sort();
    projects
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// Runs without cargo: it is not on PATH, and there are no toolchains.
fn without_cargo(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = sandbox.command();
    command.env("PATH", "").env("RUSTUP_HOME", sandbox.path("nowhere"));
    Run::of(command.args(arguments), &sandbox.path(""))
}

#[test]
fn cargo_and_the_manifests_say_the_same_of_every_project() {
    let mut compared = 0;
    for project in projects() {
        let sandbox = Sandbox::copy_of(&project);
        for command in ["inputs", "check"] {
            let by = |who: &str| sandbox.run(&[command, "--output-format", "json", "--metadata", who]);
            let (cargo, manifest) = (json(&by("cargo")), by("manifest"));
            assert!(!manifest.stderr.contains("note: "), "{}: cargo was asked", project.display());
            let manifest = json(&manifest);
            let rows = |report: &Value| report["projects"].as_array().cloned().unwrap_or_default();
            for (cargo, manifest) in rows(&cargo).into_iter().zip(rows(&manifest)) {
                if cargo["complete"] == Value::Bool(true) {
                    assert_eq!(manifest, cargo, "{}: {command}", project.display());
                    compared += 1;
                }
            }
            assert_eq!(rows(&cargo).len(), rows(&manifest).len(), "{}: {command}", project.display());
        }
    }
    assert!(compared > 100, "only {compared} reports were compared");
}

#[test]
fn without_cargo_everything_is_judged_and_it_is_said_in_one_line() {
    let mut compared = 0;
    for project in projects() {
        let sandbox = Sandbox::copy_of(&project);
        let arguments = ["check", "--output-format", "json"];
        let (with, without) = (sandbox.run(&arguments), without_cargo(&sandbox, &arguments));
        assert_eq!(without.stdout, with.stdout, "{}", project.display());
        assert_eq!(without.code, with.code, "{}", project.display());
        let notes: Vec<&str> = without.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
        assert!(notes.len() <= 1, "{notes:?}");
        compared += notes.len();
        if let [note] = notes.as_slice() {
            let expected = "note: cargo could not be run, so cachekeys read the manifests itself: cargo not found: rustup has \
                            no default toolchain, and `cargo` is not on PATH";
            assert_eq!(*note, expected);
        }
        let quiet = without_cargo(&sandbox, &["check", "--quiet"]);
        assert!(!quiet.stderr.contains("note: "), "{}", quiet.stderr);
    }
    assert!(compared > 50, "only {compared} projects were read without cargo");
}

#[test]
fn cargo_alone_refuses_where_there_is_none() {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "").write("pyproject.toml", PROJECT);
    let run = without_cargo(&sandbox, &["check", "--fix", "--metadata", "cargo"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("CK303") && run.stdout.contains("cargo not found"), "{}", run.stdout);
    assert_eq!(sandbox.read("pyproject.toml"), PROJECT);
    assert_eq!(without_cargo(&sandbox, &["check", "--fix"]).code, Some(0));
    assert!(sandbox.read("pyproject.toml").contains("src/**/*.rs"));
}

/// Runs on Unix only, since a shell script replaces cargo.
#[cfg(unix)]
#[test]
fn no_cargo_is_run_for_the_manifests_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (sandbox, tools) = (Sandbox::new(), Sandbox::new());
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "").write("pyproject.toml", PROJECT);
    let cargo = tools.path("cargo");
    tools.write("cargo", format!("#!/bin/sh\necho run >> {}\nexit 1\n", tools.path("executed").display()));
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = |who: &str| {
        let mut command = sandbox.command();
        let path = format!("{}:/usr/bin:/bin", tools.path("").display());
        command.env("PATH", path).env("RUSTUP_HOME", sandbox.path("nowhere"));
        Run::of(command.args(["check", "--metadata", who]), &sandbox.path(""))
    };
    let alone = run("manifest");
    assert!(!tools.path("executed").exists(), "cargo was run");
    let auto = run("auto");
    assert!(tools.path("executed").exists(), "cargo was not run");
    assert_eq!(auto.stdout, alone.stdout);
    let expected = "note: cargo cannot read Cargo.toml, so cachekeys read the manifests itself: cargo failed without a message (exit \
                    status: 1)\n";
    assert_eq!((auto.stderr.as_str(), alone.stderr.as_str()), (expected, ""));
}

#[test]
fn a_workspace_that_cargo_refuses_is_asked_for_once() {
    let sandbox = Sandbox::new();
    sandbox
        .write("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n")
        .write("broken/Cargo.toml", "[package")
        .write("core/Cargo.toml", MANIFEST.replace("ext", "core"))
        .write("core/src/lib.rs", "");
    for name in ["one", "two"] {
        sandbox.write(&format!("{name}/pyproject.toml"), PROJECT).write(&format!("{name}/src/lib.rs"), "").write(
            &format!("{name}/Cargo.toml"),
            MANIFEST.replace("ext", name) + "[dependencies]\ncore = { path = \"../core\" }\n",
        );
    }
    let run = sandbox.run(&["check"]);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("note: cargo cannot read one/Cargo.toml, so cachekeys read the manifests itself: "));
    assert!(!run.stdout.contains("CK303"), "{}", run.stdout);
    assert_eq!(run.stdout.matches("{ file = \"../core/**/*.{rs,toml}\" }").count(), 2, "{}", run.stdout);
}
