//! Checks what `--fix` writes for each case with uv's own code: uv notices a change of every input that is reported as covered.
//!
//! `CACHEKEYS_FIXED_CASES` is a directory with the cases as fixed on another system. Each case contains its `inputs.json`, and
//! the differences that CK010 reports, `differences.json`. `.ci/windows` uses it to check on Windows what Linux has fixed. A list
//! must cover the same files there, unless CK010 reports the user's key that does not.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use support::Sandbox;
use uv_cache_info::CacheInfo;

#[test]
fn uv_notices_every_input_that_a_fix_covers() {
    let mut asked = 0;
    let mut missed = Vec::new();
    for (case, directory, inputs) in fixed_cases() {
        let differences = differences(&directory.path());
        for project in inputs["projects"].as_array().unwrap() {
            let pyproject = directory.path().join(project["pyproject"].as_str().unwrap());
            let covered = project["inputs"].as_array().unwrap().iter().filter(|input| !input["covered_by"].is_null());
            let covered: BTreeSet<&str> = covered.map(|input| input["path"].as_str().unwrap()).collect();
            for input in covered {
                let file = pyproject.parent().unwrap().join(input);
                // A lockfile may not exist yet.
                if file.exists() {
                    asked += 1;
                    let is_reported =
                        differences.contains(&(project["pyproject"].as_str().unwrap().to_owned(), input.to_owned()));
                    if is_noticed(pyproject.parent().unwrap(), &file) == is_reported {
                        missed.push(format!("{case}: {input}, reported: {is_reported}"));
                    }
                }
            }
        }
    }
    assert_eq!(missed, Vec::<String>::new());
    assert!(asked > 500, "{asked} inputs are too few to say anything");
}

/// The directory of a case. A sandbox is kept until it is no longer needed.
enum Directory {
    Sandbox(Sandbox),
    Given(PathBuf),
}

impl Directory {
    fn path(&self) -> PathBuf {
        match self {
            Self::Sandbox(sandbox) => sandbox.path("."),
            Self::Given(path) => path.clone(),
        }
    }
}

/// Each case after `--fix`, with the output of `inputs`.
fn fixed_cases() -> Vec<(String, Directory, Value)> {
    let given = std::env::var_os("CACHEKEYS_FIXED_CASES").map(PathBuf::from);
    let cases = given.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    let folders = |of: &Path| {
        let entries = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let cases = folders(&cases).into_iter().flat_map(|rule| folders(&rule));
    let fixed = cases.filter_map(|case| {
        let name = case.display().to_string();
        let (directory, inputs) = if given.is_some() {
            let inputs = std::fs::read_to_string(case.join("inputs.json")).unwrap();
            (Directory::Given(case), inputs)
        } else {
            let sandbox = Sandbox::copy_of(&case);
            sandbox.run(&["check", "--fix"]);
            let inputs = sandbox.run(&["inputs", "--output-format", "json"]).stdout;
            (Directory::Sandbox(sandbox), inputs)
        };
        // A file that is not TOML cannot be checked.
        Some((name, directory, serde_json::from_str(&inputs).ok()?))
    });
    fixed.collect()
}

/// The projects and inputs for which CK010 reports that a key does not cover them on the other system.
fn differences(case: &Path) -> BTreeSet<(String, String)> {
    let Ok(report) = std::fs::read_to_string(case.join("differences.json")) else { return BTreeSet::new() };
    let report: Value = serde_json::from_str(&report).unwrap();
    let of = |project: &Value| {
        let pyproject = project["pyproject"].as_str().unwrap().to_owned();
        let findings = project["findings"].as_array().unwrap().clone();
        let inputs = findings.into_iter().flat_map(|finding| finding["inputs"].as_array().unwrap().clone());
        inputs.map(move |input| (pyproject.clone(), input.as_str().unwrap().to_owned())).collect::<Vec<_>>()
    };
    report["projects"].as_array().unwrap().iter().flat_map(of).collect()
}

/// Whether uv notes the time of a file after that file has become the newest of all.
fn is_noticed(project: &Path, file: &Path) -> bool {
    let project = dunce::canonicalize(project).unwrap();
    let noted = || {
        let info = CacheInfo::from_directory(&project).ok()?;
        serde_json::from_value::<Option<SystemTime>>(serde_json::to_value(&info).unwrap()["timestamp"].clone()).unwrap()
    };
    let before = noted();
    // File systems may store times coarsely.
    for _ in 0..100 {
        File::options().append(true).open(file).unwrap().set_modified(SystemTime::now()).unwrap();
        if noted() != before {
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    false
}
