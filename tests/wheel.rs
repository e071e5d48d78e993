//! The package for Python: one wheel for every Python, which pip and uvx run, and a source distribution that holds what the
//! build needs and no more. The wheel is that of the source distribution.

#[path = "support/environment.rs"]
mod environment;
#[path = "support/packages.rs"]
mod packages;
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use environment::{PYTHON, Tools, isolate, must, program, succeed};
use packages::Distribution;
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
    // No index: the wheel needs nothing but itself.
    must(
        pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--no-index"])
            .arg(Distribution::get().wheel()),
    );
    assert_eq!(
        must(Command::new(program(&environment, "cachekeys")).arg("--version")),
        format!("cachekeys {VERSION}\n")
    );

    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/stale-extension");
    let mut check = Command::new(program(&environment, "cachekeys"));
    let output = isolate(&mut check).args(["check", "--output-format", "concise", example]).output().expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains("CK103"), "{stdout}");
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
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "PKG-INFO",
        "README.md",
        "pyproject.toml",
        "python",
        "src",
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
