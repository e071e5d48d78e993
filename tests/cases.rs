//! The cases: each folder `tests/cases/<rule>/<case>/` is a small project, and a test of its own. `snapshots/<rule>/<case>.txt`
//! is the report, `<case>.diff` the output of `--diff`, and `<case>.fix` that of `--fix`. A file `arguments` in the folder
//! contains the arguments of `check`, instead of the path `.`.
//!
//! `cargo test --test cases -- uncovered-lockfile` runs the cases of one rule; `SNAPSHOTS=overwrite` renews their snapshots.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use support::{Sandbox, assert_snapshot};

/// Cases with symlinks. On Windows, git checks these out as files that contain the path, so the cases are ignored.
const WITH_SYMLINKS: [&str; 3] = [
    "context-dependent-glob/starts-at-a-symlink",
    "missing-cache-keys/symlinked-crates",
    "uncovered-source/symlinked-module-directory",
];

fn main() -> ExitCode {
    let mut tests = vec![Trial::test("every_snapshot_has_its_case", || {
        every_snapshot_has_its_case();
        Ok(())
    })];
    for case in folders(&repository("tests/cases")).iter().flat_map(|rule| folders(rule)) {
        let name = format!("{}/{}", name(case.parent().unwrap()), name(&case));
        let is_ignored = cfg!(windows) && WITH_SYMLINKS.contains(&name.as_str());
        let test = Trial::test(name.clone(), move || {
            check(&case, &name);
            Ok(())
        });
        tests.push(test.with_ignored_flag(is_ignored));
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn check(case: &Path, name: &str) {
    let sandbox = Sandbox::copy_of(case);
    let arguments = std::fs::read_to_string(case.join("arguments")).unwrap_or_else(|_| ".".to_owned());
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    // Run without cargo, as under wine, the test uses the manifests. `tests/metadata.rs` shows that the result is the same.
    let metadata = if std::env::var_os("CARGO").is_some() { "auto" } else { "manifest" };
    let run = |flags: &[&str]| sandbox.run(&[&["check", "--metadata", metadata], flags, &arguments].concat());

    assert_snapshot(&run(&[]).transcript(), &format!("{name}.txt"));
    assert_snapshot(&run(&["--diff"]).transcript(), &format!("{name}.diff"));
    // The fix is what the diff showed, and a second run changes nothing.
    let report = run(&["--output-format", "json"]).stdout;
    one_entry_has_one_fix(&report);
    let would_be = patched(&sandbox, &report);
    assert_snapshot(&run(&["--fix"]).transcript(), &format!("{name}.fix"));
    if !arguments.contains(&"--unsafe-fixes") {
        for (file, text) in &would_be {
            assert_eq!(&sandbox.read(file), text, "{file}: `edits` of the JSON report are not what --fix does");
        }
    }
    assert_eq!(run(&["--diff"]).stdout, "", "a second --fix would change something");
    // After the unsafe fixes, nothing is left to fix.
    let also_unsafe = if arguments.contains(&"--unsafe-fixes") { &[][..] } else { &["--unsafe-fixes"] };
    run(&[&["--fix"], also_unsafe].concat());
    let after = [run(&["--diff"]).stdout, run(&[&["--diff"], also_unsafe].concat()).stdout];
    assert_eq!(after, ["", ""], "a fix after --fix and --unsafe-fixes would change something");
}

/// All rules that report a key propose the same change of it. CK010 proposes none if it is an info.
fn one_entry_has_one_fix(report: &str) {
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    for project in report["projects"].as_array().unwrap() {
        let is_about_a_key = |finding: &&serde_json::Value| {
            let codes = ["CK003", "CK007", "CK010", "CK201", "CK202", "CK204"];
            codes.iter().any(|code| finding["code"] == *code)
                && (finding["code"] != "CK010" || !finding["fix"].is_null())
        };
        let about_keys: Vec<_> = project["findings"].as_array().unwrap().iter().filter(is_about_a_key).collect();
        for (one, other) in about_keys.iter().flat_map(|one| about_keys.iter().map(move |other| (one, other))) {
            assert!(one["range"] != other["range"] || one["fix"] == other["fix"], "{one:#} and {other:#}");
        }
    }
}

/// The files after the edits of a JSON report, applied by code that does not use the tool.
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

fn every_snapshot_has_its_case() {
    for rule in folders(&repository("snapshots")) {
        for entry in std::fs::read_dir(&rule).unwrap() {
            let file = entry.unwrap().path();
            let case = file.file_stem().unwrap().to_str().unwrap().trim_end_matches(".windows");
            let case = repository("tests/cases").join(name(&rule)).join(case);
            assert!(case.is_dir(), "{} is left over", file.display());
        }
    }
}
