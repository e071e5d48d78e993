//! The package for Python: a single wheel for all versions of Python, which pip and uvx run, and a source distribution with only
//! the files that the build needs. The wheel is built from the source distribution.

#[path = "support/environment.rs"]
mod environment;
#[path = "support/packages.rs"]
mod packages;
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use environment::{PYTHON, Tools, isolate, must, program, succeed};
use packages::{Distribution, Toolbox};
use support::Sandbox;

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn one_wheel_serves_every_python() {
    let wheel = Distribution::get().wheel();
    let name = wheel.file_name().expect("a file").to_string_lossy();
    let platform =
        name.strip_prefix(&format!("cachekeys-{VERSION}-py3-none-")).and_then(|rest| rest.strip_suffix(".whl"));
    assert!(platform.is_some_and(|platform| platform != "any"), "{name}");
}

#[test]
fn pip_installs_the_command() {
    let sandbox = Sandbox::new();
    let environment = sandbox.path("venv");
    must(Command::new(PYTHON).args(["-m", "venv"]).arg(&environment));
    let mut pip = Command::new(program(&environment, "python"));
    // No index is needed, since the wheel has no dependencies.
    must(
        pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--no-index"])
            .arg(Distribution::get().wheel()),
    );
    assert_eq!(
        must(Command::new(program(&environment, "cachekeys")).arg("--version")),
        format!("cachekeys {VERSION}\n")
    );
    let mut module = Command::new(program(&environment, "python"));
    assert_eq!(must(module.args(["-m", "cachekeys", "--version"])), format!("cachekeys {VERSION}\n"));

    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/stale-extension");
    let mut check = Command::new(program(&environment, "cachekeys"));
    let output = isolate(&mut check).args(["check", "--output-format", "concise", example]).output().expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains("CK103"), "{stdout}");
}

/// Tests `pip install --target` and `--prefix`. The overlays of isolated builds have the same layout as the latter.
#[test]
fn the_package_finds_the_command_wherever_it_is_installed() {
    let sandbox = Sandbox::new();
    let version = "import sys; print('python%d.%d' % sys.version_info[:2], end='')";
    let version = must(Command::new(PYTHON).args(["-c", version]));
    for (way, packages) in [("--target", String::new()), ("--prefix", format!("lib/{version}/site-packages"))] {
        let place = sandbox.path(way);
        let mut pip = Toolbox::get().pip("install");
        must(pip.args(["--no-index", "--ignore-installed", way]).arg(&place).arg(Distribution::get().wheel()));
        let found = || {
            let mut python = Command::new(PYTHON);
            isolate(&mut python).env("PYTHONPATH", place.join(&packages)).env("HOME", sandbox.path(""));
            let output =
                python.args(["-c", "import cachekeys; print(cachekeys.find_cachekeys_bin(), end='')"]).output();
            let output = output.expect("it runs");
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
        };
        let expected = place.join("bin/cachekeys");
        assert_eq!(found(), expected.display().to_string());
        std::fs::remove_file(&expected).expect("it is there");
        let said = found();
        assert!(said.contains("`cachekeys` was not found in any of these directories:\n"), "{said}");
        assert!(said.contains(&place.join("bin").display().to_string()), "{said}");
    }
}

#[test]
fn uvx_runs_the_command() {
    let sandbox = Sandbox::new();
    let mut uvx = Tools::get().uv(&sandbox.path("uv-cache"));
    uvx.current_dir(sandbox.path("")).args(["tool", "run", "--from"]).arg(Distribution::get().wheel());
    assert_eq!(succeed(uvx.args(["cachekeys", "--version"])), format!("cachekeys {VERSION}\n"));
}

#[test]
fn the_source_distribution_holds_what_the_build_needs_and_no_more() {
    let root = &Distribution::get().unpacked;
    assert_eq!(root.file_name().expect("a directory").to_string_lossy(), format!("cachekeys-{VERSION}"));
    let top: BTreeSet<String> = packages::listed(root)
        .iter()
        .map(|path| path.file_name().expect("a file").to_string_lossy().into_owned())
        .collect();
    let expected = [
        "CHANGELOG.md", "Cargo.lock", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "PKG-INFO", "README.md",
        "pyproject.toml", "python", "src",
    ];
    assert_eq!(top, expected.map(str::to_owned).into());
    let information = std::fs::read_to_string(root.join("PKG-INFO")).expect("readable");
    for line in [
        &format!("Version: {VERSION}"),
        "License-Expression: MIT OR Apache-2.0",
        "License-File: LICENSE-MIT",
        "License-File: LICENSE-APACHE",
    ] {
        assert!(information.lines().any(|found| found == line), "{line} in\n{information}");
    }
}
