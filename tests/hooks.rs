//! The hooks as users run them: the real pre-commit and prek on a repository with two projects. The hooks come from their own
//! repository, and install the wheel.
//!
//! Needs git and Python 3.9 or later, and access to the registries that pip and cargo are configured for. Runs on Unix only,
//! since the hooks get a directory of symlinks as their PATH.
#![cfg(unix)]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/hooks.rs"]
mod hooks;
#[path = "support/packages.rs"]
mod packages;
mod support;

use std::fs;
use std::path::Path;

use hooks::{MIRROR, Repository};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn pre_commit_runs_the_hooks() {
    check_all(&mut Repository::new("pre-commit"));
}

#[test]
fn prek_runs_the_hooks() {
    check_all(&mut Repository::new("prek"));
}

/// Runs all steps, first without cargo and then with it.
fn check_all(repository: &mut Repository) {
    for cargo in [None, Path::new(env!("CARGO")).parent()] {
        repository.cargo = cargo.map(Path::to_owned);
        what_is_right_passes(repository);
        what_changes_nothing_starts_nothing(repository);
        if cargo.is_none() {
            what_can_change_findings_starts_the_hook(repository);
        }
        a_new_dependency_is_caught(repository);
        a_new_embedded_file_is_caught(repository);
        the_fix_mends_and_says_so(repository);
        repository.reset();
    }
}

fn what_is_right_passes(repository: &Repository) {
    for hook in ["cachekeys", "cachekeys-fix"] {
        let (code, said) = repository.run_with(&[hook, "--all-files"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("Passed"), "{said}");
    }
}

fn what_changes_nothing_starts_nothing(repository: &Repository) {
    repository.append("README.md", "More.\n").append("tools/release.py", "print()\n");
    let (code, said) = repository.stage().run("cachekeys");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("no files to check") && said.contains("Skipped"), "{said}");
    repository.reset();
}

fn what_can_change_findings_starts_the_hook(repository: &Repository) {
    let none = ["x.rst", "my-Cargo.lock", "setup.pyc", "old-rust-toolchain", ".cargo/notes"];
    let all = [
        "build.rs", "uv.toml", "setup.py", "packages/setup.cfg", "Cargo.lock", "rust-toolchain", ".cargo/config",
        ".cargo/config.toml", "packages/one/one.pyi",
    ];
    let is_started = |file: &str| {
        repository.write(file, "").stage();
        let (_, said) = repository.run_with(&["cachekeys", "--files", file]);
        repository.reset();
        assert!(said.contains("Skipped") || said.contains("Passed") || said.contains("Failed"), "{said}");
        !said.contains("Skipped")
    };
    assert_eq!(none.into_iter().find(|file| is_started(file)), None);
    assert_eq!(all.into_iter().find(|file| !is_started(file)), None);
}

fn depend(repository: &Repository) {
    repository.append("packages/one/Cargo.toml", "\n[dependencies]\nshared = { path = \"../../shared\" }\n").stage();
}

fn a_new_dependency_is_caught(repository: &Repository) {
    depend(repository);
    let (code, said) = repository.run("cachekeys");
    assert_eq!(code, 1, "{said}");
    for part in ["Failed", "CK103", "CK104", "packages/one/pyproject.toml", "../../shared/src/**/*.rs"] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert!(!said.contains("packages/two"), "{said}");
    // Without cargo, the command reads the manifests and says so.
    assert_eq!(said.contains("cargo could not be run"), repository.cargo.is_none(), "{said}");
    repository.reset();
}

fn a_new_embedded_file_is_caught(repository: &Repository) {
    repository.write("packages/two/query.sql", "select 1");
    repository.append("packages/two/src/lib.rs", "pub const QUERY: &str = include_str!(\"../query.sql\");\n");
    let (code, said) = repository.stage().run("cachekeys");
    assert_eq!(code, 1, "{said}");
    for part in ["CK107", "packages/two/pyproject.toml", "query.sql"] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    repository.reset();
}

fn the_fix_mends_and_says_so(repository: &Repository) {
    depend(repository);
    let (code, said) = repository.run("cachekeys-fix");
    assert_eq!(code, 1, "{said}");
    for part in ["Failed", "files were modified by this hook", "packages/one/pyproject.toml", "../../shared/Cargo.toml"]
    {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert!(repository.read("packages/one/pyproject.toml").contains("{ file = \"../../shared/src/**/*.rs\" }"));
    for hook in ["cachekeys", "cachekeys-fix"] {
        let (code, said) = repository.stage().run(hook);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("Passed"), "{said}");
    }
}

#[test]
fn the_mirror_follows_the_release() {
    let manifest = fs::read_to_string(Path::new(MIRROR).join("pyproject.toml")).expect("readable");
    let manifest: toml_edit::DocumentMut = manifest.parse().expect("TOML");
    let dependencies = manifest["project"]["dependencies"].as_array().expect("a list");
    let dependencies: Vec<_> = dependencies.iter().filter_map(toml_edit::Value::as_str).collect();
    assert_eq!(dependencies, [concat!("cachekeys==", env!("CARGO_PKG_VERSION"))]);

    let readme = fs::read_to_string(Path::new(MIRROR).join("README.md")).expect("readable");
    assert!(readme.contains(concat!("rev: v", env!("CARGO_PKG_VERSION"), "\n")), "{readme}");
}

#[test]
fn the_mirror_has_the_hooks_of_this_repository() {
    let hooks = |directory: &str| {
        let text = fs::read_to_string(Path::new(directory).join(".pre-commit-hooks.yaml")).expect("readable");
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(hooks(MIRROR), hooks(HERE));
}
