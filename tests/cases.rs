//! The cases: each folder `tests/cases/<rule>/<case>/` is a small project, `snapshots/<rule>/<case>.txt` what the tool says
//! of it, and `<case>.diff` what it would change. A file `arguments` in the folder replaces the path `.`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use support::{Sandbox, assert_snapshot};

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

#[test]
fn every_case_is_as_its_snapshots_say() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let cases: Vec<PathBuf> = folders(&cases).iter().flat_map(|rule| folders(rule)).collect();
    assert!(!cases.is_empty());
    let wanted = std::env::var("CASE").ok();
    let mut failed = Vec::new();
    for case in cases.iter().filter(|case| wanted.as_ref().is_none_or(|wanted| name(case) == *wanted)) {
        // All that are wrong are shown, not the first alone.
        if std::panic::catch_unwind(|| check(case)).is_err() {
            failed.push(format!("{}/{}", name(case.parent().unwrap()), name(case)));
        }
    }
    assert!(failed.is_empty(), "cases that are not as their snapshots say: {failed:?}");
}

fn check(case: &Path) {
    let sandbox = Sandbox::copy_of(case);
    let arguments = std::fs::read_to_string(case.join("arguments")).unwrap_or_else(|_| ".".to_owned());
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let run = |flags: &[&str]| sandbox.run(&[&["check"], flags, &arguments].concat());
    let snapshot = format!("{}/{}", name(case.parent().unwrap()), name(case));

    assert_snapshot(&run(&[]).transcript(), &format!("{snapshot}.txt"));
    assert_snapshot(&run(&["--diff"]).transcript(), &format!("{snapshot}.diff"));
    // The fix is what the diff said, and the last one.
    let would_be = patched(&sandbox, &run(&["--output-format", "json"]).stdout);
    run(&["--fix"]);
    if !arguments.contains(&"--unsafe-fixes") {
        for (file, text) in &would_be {
            assert_eq!(&sandbox.read(file), text, "{file}: `edits` of the JSON report are not what --fix does");
        }
    }
    assert_eq!(run(&["--diff"]).stdout, "", "a second --fix would change something");
    // Then what is unsafe, and nothing is left for either.
    let also_unsafe = if arguments.contains(&"--unsafe-fixes") { &[][..] } else { &["--unsafe-fixes"] };
    run(&[&["--fix"], also_unsafe].concat());
    let after = [run(&["--diff"]).stdout, run(&[&["--diff"], also_unsafe].concat()).stdout];
    assert_eq!(after, ["", ""], "a fix after --fix and --unsafe-fixes would change something");
}

/// The files with the edits of a JSON report applied, by somebody who knows nothing of the tool.
fn patched(sandbox: &Sandbox, report: &str) -> Vec<(String, String)> {
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    let projects = report["projects"].as_array().unwrap();
    projects
        .iter()
        .map(|project| {
            let file = project["pyproject"].as_str().unwrap().to_owned();
            let mut text = sandbox.read(&file);
            for edit in project["edits"].as_array().unwrap().iter().rev() {
                let offset = |name: &str| usize::try_from(edit[name].as_u64().unwrap()).unwrap();
                text.replace_range(offset("start")..offset("end"), edit["content"].as_str().unwrap());
            }
            (file, text)
        })
        .collect()
}

#[test]
fn every_snapshot_has_its_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for rule in folders(&root.join("snapshots")) {
        for entry in std::fs::read_dir(&rule).unwrap() {
            let file = entry.unwrap().path();
            let case = root.join("tests/cases").join(name(&rule)).join(file.file_stem().unwrap());
            assert!(case.is_dir(), "{} is left over", file.display());
        }
    }
}
