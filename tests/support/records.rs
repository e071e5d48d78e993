//! What the tests of records share: a project to build, and the output of `verify`.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use std::collections::BTreeSet;
use std::fs::File;
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::Sandbox;

pub const MANIFEST: &str = "[package]\nname = \"ext-lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";

/// A project whose keys cover the usual inputs.
pub fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "pub const A: &str = include_str!(\"a b.txt\");\n");
    sandbox.write("src/a b.txt", "text");
    keys(&sandbox, &["Cargo.toml", "Cargo.lock", "src/**/*.rs", "src/a b.txt"]);
    sandbox
}

pub fn keys(sandbox: &Sandbox, files: &[&str]) {
    let keys: Vec<String> = files.iter().map(|file| format!("    {{ file = \"{file}\" }},\n")).collect();
    let keys = keys.concat();
    let head =
        "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n\n[tool.uv]\ncache-keys = [\n";
    sandbox.write("pyproject.toml", format!("{head}    {{ file = \"pyproject.toml\" }},\n{keys}]\n"));
}

pub fn cargo(sandbox: &Sandbox, arguments: &[&str]) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(sandbox.path("")).args(arguments).env("CARGO_TARGET_DIR", sandbox.path("target"));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The exit code, and the report on the project.
pub fn verify(sandbox: &Sandbox) -> (Option<i32>, Value) {
    let run = sandbox.run(&["verify", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr));
    assert_eq!(report["version"], 1);
    (run.code, report["projects"][0].clone())
}

pub fn names(project: &Value, list: &str) -> BTreeSet<String> {
    project[list].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

pub fn set(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|&name| name.to_owned()).collect()
}

/// A build script that computes names, so that its text does not show them. The name of the variable still occurs in the text.
pub const SCRIPT: &str = r#"
fn turned(text: &str) -> String {
    text.chars().rev().collect()
}

fn main() {
    println!("cargo::rerun-if-changed={}", turned("rammarg"));
    println!("cargo::rerun-if-changed={}", turned("txt.enog"));
    let _ = "EXT_FLAVOR";
    println!("cargo::rerun-if-env-changed={}", turned("ROVALF_TXE"));
    println!("cargo::rerun-if-env-changed={}", turned("HTAP_GIFNOC_GKP"));
    println!("cargo::rerun-if-env-changed={}", ["PATH"].concat());
    println!("cargo:rustc-env={}=1", turned("EREHEDAM"));
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/made.txt"), "").unwrap();
    println!("cargo:rerun-if-changed={out}/made.txt");
    println!("cargo:rerun-if-changed=.");
}
"#;

pub fn with_script() -> Sandbox {
    let sandbox = project();
    sandbox.write("build.rs", SCRIPT).write("grammar/a/x.y", "").write("README.md", "");
    sandbox.write("src/lib.rs", "pub const A: &str = env!(\"MADEHERE\");\n");
    sandbox
}

pub fn inputs(sandbox: &Sandbox) -> Value {
    let report = sandbox.run(&["inputs", "--output-format", "json"]).stdout;
    serde_json::from_str::<Value>(&report).unwrap()["projects"][0].clone()
}

/// Sets the modification time of a file to this number of seconds from now.
pub fn touch(sandbox: &Sandbox, path: &str, seconds: i64) {
    let now = SystemTime::now();
    let shift = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { now - shift } else { now + shift };
    File::options().append(true).open(sandbox.path(path)).unwrap().set_modified(time).unwrap();
}
