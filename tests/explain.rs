//! `cachekeys explain` on a project that cargo can build: what it says about a file is compared with what cargo does.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::fs::File;
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use support::Sandbox;

const EMBEDDING: &str = "#![doc = include_str!(\"../README.md\")]\npub const A: &str = include_str!(\"../data/a.txt\");\n\
                         pub const B: Option<&str> = option_env!(\"FLAVOR\");\npub const C: &str = env!(\"SET_BY_SCRIPT\");\n\
                         pub const D: Option<&str> = option_env!(\"SET_BY_CONFIG\");\n#[cfg(test)]\nmod tests;\n";

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}")
}

fn pyproject(keys: &str) -> String {
    let build = "[build-system]\nrequires = [\"maturin>=1,<2\"]\nbuild-backend = \"maturin\"\n";
    format!("{build}\n[tool.uv]\ncache-keys = [{keys}]\n")
}

/// Two projects that share a crate, and a crate that neither uses.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    let extra =
        "[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n[dependencies]\nshared = { path = \"../shared\" }\n[workspace]\n";
    for name in ["one", "two"] {
        sandbox.write(&format!("{name}/Cargo.toml"), package(name, extra)).write(&format!("{name}/src/lib.rs"), "");
    }
    sandbox.write(
        "one/pyproject.toml",
        pyproject(
            "{ file = \"src/**/*.rs\" }, { file = \"data/*.txt\" }, { file = \"notes.txt\" }, { env = \"FLAVOR\" }",
        ),
    );
    sandbox.write(
        "two/pyproject.toml",
        pyproject("{ file = \"../shared/src/*.rs\" }, { file = \"../shared/src/**/*.rs\" }"),
    );
    sandbox.write("shared/Cargo.toml", package("shared", "")).write("shared/src/lib.rs", "");
    sandbox.write("unused/Cargo.toml", package("unused", "")).write("unused/src/lib.rs", "");
    sandbox.write("one/src/lib.rs", EMBEDDING).write("one/README.md", "").write("one/data/a.txt", "");
    sandbox.write("one/src/tests.rs", "").write("one/src/main.rs", "fn main() {}").write("one/notes.txt", "");
    sandbox.write("one/build.rs", "fn main() { println!(\"cargo:rustc-env=SET_BY_SCRIPT=1\"); }");
    sandbox.write("one/.cargo/config.toml", "[env]\nSET_BY_CONFIG = \"1\"\n").write("one/tests/it.rs", "");
    sandbox
}

fn explain(sandbox: &Sandbox, arguments: &[&str]) -> Vec<Value> {
    let run = sandbox.run(&[&["explain", "--output-format", "json"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["version"], 1);
    report["projects"].as_array().unwrap().clone()
}

#[test]
fn what_a_file_is_and_what_covers_it() {
    let sandbox = sandbox();
    // The columns: the file, its kind or why it is not an input, whether uv rebuilds, whether cargo does.
    for (file, expected, uv, cargo) in [
        ("one/src/lib.rs", "source", true, true),
        ("one/src/new.rs", "source", true, true),
        ("one/data/a.txt", "embedded", true, true),
        ("one/Cargo.toml", "manifest", false, true),
        ("one/Cargo.lock", "lockfile", false, true),
        ("one/pyproject.toml", "pyproject", false, false),
        ("one/build.rs", "build-script", false, true),
        ("one/.cargo/config.toml", "cargo-config", false, true),
        ("one/notes.txt", "not-read", true, false),
        ("one/README.md", "documentation", false, true),
        ("one/src/main.rs", "binary", true, false),
        ("one/tests/it.rs", "test", false, false),
        ("one/target/release/build/x/out/y.rs", "output", false, false),
        ("unused/src/lib.rs", "other-crate", false, false),
        (".git/HEAD", "git", false, false),
    ] {
        let found = &explain(&sandbox, &[file, "--project", "one"])[0];
        let is_input = found["kind"].is_string();
        assert_eq!(found["input"], is_input, "{file}");
        assert_eq!(if is_input { &found["kind"] } else { &found["absence"] }, expected, "{file}: {found:#}");
        assert_eq!((&found["uv_rebuilds"], &found["cargo_tracks"]), (&Value::from(uv), &Value::from(cargo)), "{file}");
    }
}

#[test]
fn a_file_of_several_projects_is_explained_for_each() {
    let sandbox = sandbox();
    let found = explain(&sandbox, &["shared/src/lib.rs"]);
    let projects: Vec<&str> = found.iter().map(|project| project["pyproject"].as_str().unwrap()).collect();
    assert_eq!(projects, ["one/pyproject.toml", "two/pyproject.toml"]);
    assert!(found.iter().all(|project| project["crate"] == "shared"));
    assert_eq!(found[0]["covered_by"].as_array().unwrap().len(), 0);
    // All keys that cover the file.
    assert_eq!(found[1]["covered_by"], Value::from(vec!["../shared/src/*.rs", "../shared/src/**/*.rs"]));
    let text = sandbox.run(&["explain", "shared/src/lib.rs"]).stdout;
    let expected = "shared/src/lib.rs in one/pyproject.toml";
    assert!(text.contains(&format!("../{expected}")), "{text}");
    assert!(text.contains("when it changes, uv does not rebuild, and the installed package goes stale"), "{text}");
    assert!(text.contains("when it changes, uv rebuilds, and cargo recompiles"), "{text}");
    // Only the project that contains the file is concerned.
    assert_eq!(explain(&sandbox, &["one/README.md"]).len(), 1);
}

#[test]
fn variables_are_read_or_set() {
    let sandbox = sandbox();
    for (name, expected, uv) in [
        ("$FLAVOR", "variable", true),
        ("$CARGO_PKG_VERSION", "set-by-cargo", false),
        ("$OUT_DIR", "set-by-cargo", false),
        ("$SET_BY_SCRIPT", "set-by-script", false),
        ("$SET_BY_CONFIG", "set-by-config", false),
        ("$RUSTFLAGS", "steers-build", false),
        ("$UNHEARD_OF", "not-read", false),
    ] {
        let found = &explain(&sandbox, &[name, "--project", "one"])[0];
        let word = if found["input"] == true { &found["kind"] } else { &found["absence"] };
        assert_eq!((word, &found["uv_rebuilds"]), (&Value::from(expected), &Value::from(uv)), "{name}: {found:#}");
    }
    // Without `--project`, only those projects below the current directory that the variable concerns.
    assert_eq!(explain(&sandbox, &["$FLAVOR"]).len(), 1);
}

#[test]
fn what_is_no_question_is_an_error() {
    let sandbox = sandbox();
    for (asked, complaint) in
        [("one/src", "it is a directory"), ("/nowhere/at/all.rs", "it is not in a Rust extension project")]
    {
        let run = sandbox.run(&["explain", asked]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains(complaint), "{}", run.stderr);
    }
    assert_eq!(sandbox.run(&["explain", "x", "--project", "gone"]).code, Some(2));
    sandbox.write("two/pyproject.toml", "not TOML");
    let run = sandbox.run(&["explain", "shared/src/lib.rs"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("in one/pyproject.toml"), "the others are explained all the same: {}", run.stdout);
}

/// What `cargo_tracks` says is compared with what a second cargo build does.
#[test]
fn cargo_does_what_is_said_of_it() {
    let sandbox = sandbox();
    let check = || {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(sandbox.path("one")).args(["check", "--lib", "-v"]).env_remove("CARGO_TARGET_DIR");
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stderr).contains("Running `")
    };
    let touch =
        |file: &str, time| File::options().append(true).open(sandbox.path(file)).unwrap().set_modified(time).unwrap();
    sandbox.write(
        "one/build.rs",
        "fn main() { println!(\"cargo:rustc-env=SET_BY_SCRIPT=1\\ncargo:rerun-if-changed=build.rs\"); }",
    );
    let files = [
        "one/src/lib.rs", "one/data/a.txt", "one/README.md", "shared/src/lib.rs", "one/build.rs", "one/tests/it.rs",
        "one/src/main.rs", "one/notes.txt",
    ];
    for file in files {
        touch(file, SystemTime::now() - Duration::from_hours(1));
    }
    assert!(check());
    assert!(!check());
    for file in files {
        touch(file, SystemTime::now());
        let said = explain(&sandbox, &[file, "--project", "one"])[0]["cargo_tracks"].clone();
        assert_eq!(said, check(), "{file}");
        assert!(!check(), "{file}");
    }
}

#[test]
fn an_undetermined_path_may_lead_to_any_file_of_its_crate() {
    let sandbox = sandbox();
    let reason = || explain(&sandbox, &["one/notes.txt"])[0]["reason"].as_str().unwrap().to_owned();
    assert!(reason().ends_with("but no compiled code names it"), "{}", reason());
    sandbox.write("one/src/lib.rs", "pub const A: &str = include_str!(env!(\"NOTES\"));\n");
    let place = "in src/lib.rs:1 could not be determined";
    assert!(reason().contains("it is unknown whether the build reads it: include_str!"), "{}", reason());
    assert!(reason().ends_with(place), "{}", reason());
}
