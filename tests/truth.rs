//! Ground truth: the inputs contain everything that rustc and cargo recorded during a real `cargo check`.
//!
//! Each folder of `tests/truth/` is a small crate with one construct. rustc's dep-info names every file that was read, and every
//! variable (in lines with `# env-dep:`). The output of build scripts names what cargo watches. The records are a lower bound:
//! code that `#[cfg]` excludes on this platform leaves none.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::Sandbox;

/// What was recorded. Paths are relative to the project.
#[derive(Default, Debug)]
struct Recorded {
    files: BTreeSet<String>,
    variables: BTreeSet<String>,
}

fn recorded(sandbox: &Sandbox) -> Recorded {
    let mut recorded = Recorded::default();
    let target = sandbox.path("target");
    for entry in walkdir::WalkDir::new(&target).into_iter().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = || std::fs::read_to_string(entry.path()).unwrap();
        // Crates from a registry have absolute paths, those of the sandbox relative ones.
        if entry.path().extension().is_some_and(|extension| extension == "d")
            && entry.path().components().any(|part| part.as_os_str() == "deps" || part.as_os_str() == "build")
        {
            dep_info(&text(), sandbox, &mut recorded);
        }
        let is_own = entry.path().parent().is_some_and(|parent| {
            let package = parent.file_name().unwrap_or_default().to_string_lossy().into_owned();
            package.starts_with("truth-") || package.starts_with("core_part-")
        });
        if name == "output" && is_own {
            build_output(&text(), sandbox, &mut recorded);
        }
    }
    recorded
}

fn dep_info(text: &str, sandbox: &Sandbox, recorded: &mut Recorded) {
    let root = sandbox.path("");
    let mut is_own = false;
    for line in text.lines() {
        if let Some((_, files)) = line.split_once(": ") {
            let files = files.replace("\\ ", "\u{0}");
            for file in files.split(' ').map(|file| file.replace('\u{0}', " ")).filter(|file| !file.is_empty()) {
                let path = normalize(&root.join(file));
                if let Ok(path) = path.strip_prefix(&root)
                    && !path.starts_with("target")
                {
                    is_own = true;
                    recorded.files.insert(path.to_str().unwrap().to_owned());
                }
            }
        }
    }
    let variables = text.lines().filter_map(|line| line.strip_prefix("# env-dep:")).filter(|_| is_own);
    recorded.variables.extend(variables.map(|line| line.split('=').next().unwrap().to_owned()));
}

fn build_output(text: &str, sandbox: &Sandbox, recorded: &mut Recorded) {
    let root = sandbox.path("");
    for line in text.lines().filter_map(|line| line.strip_prefix("cargo:")) {
        match line.trim_start_matches(':').split_once('=') {
            Some(("rerun-if-changed", path)) => {
                let path = normalize(&root.join(path));
                recorded.files.insert(path.strip_prefix(&root).unwrap_or(&path).to_str().unwrap().to_owned());
            }
            Some(("rerun-if-env-changed", name)) => drop(recorded.variables.insert(name.to_owned())),
            _ => {}
        }
    }
}

/// Cases without `#[cfg]`, in which rustc reads all embedded files.
const EXACT: [&str; 2] = ["macro-rules", "macro-of-a-path-crate"];

fn normalize(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The output of `cachekeys inputs`. The build itself writes the lockfile.
fn inputs(sandbox: &Sandbox) -> serde_json::Value {
    let report = sandbox.run(&["inputs", "--output-format", "json"]).stdout;
    let mut report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let project = report["projects"][0].take();
    let mut project = project.as_object().unwrap().clone();
    project["inputs"].as_array_mut().unwrap().retain(|input| input["kind"] != "lockfile");
    project.into()
}

#[test]
fn what_rustc_recorded_is_among_the_inputs() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 10);
    for case in cases {
        let sandbox = Sandbox::copy_of(&case);
        let fresh = inputs(&sandbox);
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .current_dir(sandbox.path(""))
            .arg("check")
            .env("CARGO_TARGET_DIR", sandbox.path("target"))
            .env("TRUTH_B", "b");
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}: {}", case.display(), String::from_utf8_lossy(&output.stderr));
        let recorded = recorded(&sandbox);
        assert!(recorded.files.iter().any(|file| file.ends_with("lib.rs")), "{}: nothing recorded", case.display());

        let built = inputs(&sandbox);
        assert_eq!(built, fresh, "{}: the records of the build add to what its sources say", case.display());
        let project = &built;
        let names = |list: &str, field: &str| -> BTreeSet<String> {
            project[list].as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
        };
        let mut inputs = names("inputs", "path");
        inputs.extend(names("directories", "path"));
        let missed: Vec<_> = recorded.files.difference(&inputs).collect();
        assert!(missed.is_empty(), "{}: rustc read {missed:?}, and the inputs are {inputs:?}", case.display());

        if EXACT.iter().any(|name| case.ends_with(name)) {
            let embedded = project["inputs"].as_array().unwrap().iter().filter(|row| row["kind"] == "embedded");
            let embedded: BTreeSet<String> = embedded.map(|row| row["path"].as_str().unwrap().to_owned()).collect();
            let extra: Vec<_> = embedded.difference(&recorded.files).collect();
            assert!(extra.is_empty(), "{}: rustc did not read {extra:?}", case.display());
            assert_eq!(project["unresolved"], serde_json::json!([]), "{}", case.display());
        }

        let set_by_the_build = |name: &&String| {
            name.starts_with("CARGO") || *name == "OUT_DIR" || ["TRUTH_C", "TRUTH_D"].contains(&name.as_str())
        };
        let variables = names("variables", "name");
        let missed: Vec<_> = recorded.variables.difference(&variables).filter(|name| !set_by_the_build(name)).collect();
        assert!(
            missed.is_empty(),
            "{}: the build depends on {missed:?}, and the variables are {variables:?}",
            case.display()
        );
        assert!(!variables.contains("TRUTH_C") && !variables.contains("TRUTH_D"), "the build sets them itself");
    }
}

#[test]
fn what_a_line_may_name_is_neither_tracked_nor_blind() {
    let sandbox = Sandbox::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth/build-script-inputs"));
    let tracked = |lines: &str| {
        let script = format!("fn main() {{ {lines} std::fs::read(\"assets/one.txt\").unwrap(); }}");
        sandbox.write("build.rs", script);
        let rows = inputs(&sandbox)["inputs"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["path"] == "assets/one.txt").unwrap();
        row["cargo_tracks"].clone()
    };
    let computed = r#"println!("cargo::rerun-if-changed={}", std::env::args().nth(1).unwrap_or_default());"#;
    assert_eq!(tracked(""), true);
    assert_eq!(tracked(r#"println!("cargo::rerun-if-changed=build.rs");"#), false);
    assert_eq!(tracked(computed), serde_json::Value::Null);
}
