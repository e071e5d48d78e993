//! The formats for other programs. Each is read by published schemas and by parsers of other projects.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::PathBuf;

use junit_parser::TestStatus;
use serde_json::Value;
use support::{Run, Sandbox};

const BUILD: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";
const KEYS: &str =
    "[tool.uv]\ncache-keys = [{ file = \"ü/**/*.rs\" }, { file = \"pyproject.toml\" }, { file = \"gone.txt\" }]\n";
const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// Two projects with findings, one project without findings, and a file that is not TOML. Some paths need quoting.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path(".git")).unwrap();
    for (directory, more) in [("a b,50%:x", KEYS), ("z", "")] {
        sandbox.write(&format!("{directory}/Cargo.toml"), MANIFEST).write(&format!("{directory}/src/lib.rs"), "");
        sandbox.write(&format!("{directory}/pyproject.toml"), format!("{BUILD}{more}"));
    }
    sandbox.write("broken/pyproject.toml", "[build-system\n");
    sandbox
}

fn check(sandbox: &Sandbox, format: &str, more: &[&str]) -> Run {
    let run = sandbox.run(&[&["check", "--metadata", "manifest", "--output-format", format], more].concat());
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// All findings according to the JSON format: path, code, line, column.
fn findings(sandbox: &Sandbox) -> Vec<(String, String, u64, u64)> {
    let report = json(&check(sandbox, "json", &[]).stdout);
    let mut all = Vec::new();
    for project in report["projects"].as_array().unwrap() {
        for finding in project["findings"].as_array().unwrap() {
            let start = &finding["range"]["start"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let at = |name: &str| start[name].as_u64().unwrap_or(1);
            all.push((text(&project["pyproject"]), text(&finding["code"]), at("line"), at("column")));
        }
    }
    assert!(all.len() > 4, "{all:?}");
    all
}

/// The schema of SARIF, from a package in cargo's local copy of the registry.
fn schema_of_sarif() -> Value {
    // Packages for other platforms may be missing on this disk.
    let rustc = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(rustc.stdout).unwrap();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .other_options(["--offline", "--filter-platform", host].map(str::to_owned))
        .exec()
        .unwrap();
    let package = metadata.packages.iter().find(|package| package.name == "serde-sarif").unwrap();
    let path = package.manifest_path.parent().unwrap().join("src/schema.json");
    let mut schema = json(&std::fs::read_to_string(path).unwrap());
    // The pattern of one unused field has a stray `]`, which some engines for regular expressions reject.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    schema
}

#[test]
fn no_format_changes_the_exit_code_and_a_file_takes_the_place_of_standard_output() {
    let sandbox = sandbox();
    for format in ["full", "concise", "json", "json-lines", "github", "gitlab", "sarif", "junit"] {
        let shown = check(&sandbox, format, &[]);
        assert_eq!(shown.code, Some(2), "{format}");
        assert_eq!(check(&sandbox, format, &["z"]).code, Some(1), "{format}");
        assert_eq!(check(&sandbox, format, &["z", "--ignore", "ALL"]).code, Some(0), "{format}");
        let written = check(&sandbox, format, &["--output-file", "report"]);
        assert_eq!((written.code, written.stdout.as_str()), (Some(2), ""), "{format}");
        // The output contains nothing that changes from run to run, such as a time or a random identifier.
        assert_eq!(sandbox.read("report"), shown.stdout, "{format}");
    }
    let run = check(&sandbox, "json", &["z", "--output-file", "gone/report"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert_eq!(run.stderr, "error: cannot write gone/report: no such file or directory\n");
}

#[test]
fn concise_lines_are_places() {
    let sandbox = sandbox();
    let run = check(&sandbox, "concise", &["-v"]);
    let expected: Vec<String> =
        findings(&sandbox).iter().map(|(path, code, line, column)| format!("{path}:{line}:{column} {code}")).collect();
    let lines: Vec<String> = run
        .stdout
        .lines()
        .map(|line| {
            let (place, rest) = line.split_once(": ").unwrap();
            format!("{place} {}", rest.split(' ').nth(1).unwrap())
        })
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn json_lines_are_the_findings_of_json() {
    let sandbox = sandbox();
    let report = json(&check(&sandbox, "json", &[]).stdout);
    let mut expected = Vec::new();
    for project in report["projects"].as_array().unwrap() {
        for finding in project["findings"].as_array().unwrap() {
            let mut line = finding.clone();
            line["type"] = "finding".into();
            line["version"] = 1.into();
            line["pyproject"] = project["pyproject"].clone();
            expected.push(line);
        }
    }
    for error in report["errors"].as_array().unwrap() {
        let mut line = error.clone();
        line["type"] = "error".into();
        line["version"] = 1.into();
        expected.push(line);
    }
    let lines: Vec<Value> = check(&sandbox, "json-lines", &[]).stdout.lines().map(json).collect();
    assert_eq!(lines, expected);
}

#[test]
fn sarif_is_valid_and_its_edit_is_the_fix() {
    let sandbox = sandbox();
    let run = check(&sandbox, "sarif", &[]);
    let report = json(&run.stdout);
    let validator = jsonschema::validator_for(&schema_of_sarif()).unwrap();
    let faults: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    // The schema rejects a wrong report.
    let mut wrong = report.clone();
    wrong["runs"][0]["results"][0]["level"] = "bad".into();
    assert!(!validator.is_valid(&wrong));

    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&run.stdout).unwrap();
    let results = typed.runs[0].results.as_ref().unwrap();
    assert_eq!(results.len(), findings(&sandbox).len());
    let text = &report["runs"][0]["invocations"][0];
    assert_eq!(text["executionSuccessful"], false);
    let place = &text["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&"broken/pyproject.toml".into(), &1.into())
    );

    let mut fixed = 0;
    for result in report["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(report["runs"][0]["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let change = &result["fixes"][0]["artifactChanges"][0];
        let Some(uri) = change["artifactLocation"]["uri"].as_str() else { continue };
        let path = uri.replace("%20", " ").replace("%2C", ",").replace("%3A", ":").replace("%25", "%");
        let region = &change["replacements"][0]["deletedRegion"];
        let old = sandbox.read(&path);
        let at = |end: &str| offset(&old, &region[format!("{end}Line")], &region[format!("{end}Column")]);
        let content = change["replacements"][0]["insertedContent"]["text"].as_str().unwrap();
        let new = format!("{}{content}{}", &old[..at("start")], &old[at("end")..]);
        let copy = Sandbox::copy_of(&sandbox.path(""));
        check(&copy, "concise", &["--fix", &path]);
        assert_eq!(new, copy.read(&path));
        assert_ne!(new, old);
        fixed += 1;
    }
    assert!(fixed > 2, "{fixed}");
}

/// The byte offset of a line and column. Both count from 1, columns in characters.
fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(number(line) - 1).map(str::len).sum();
    start + text[start..].chars().take(number(column) - 1).map(char::len_utf8).sum::<usize>()
}

#[test]
fn junit_is_read_by_a_parser() {
    let sandbox = sandbox();
    let run = check(&sandbox, "junit", &[]);
    let report = junit_parser::from_reader(run.stdout.as_bytes()).unwrap();
    let shown = check(&sandbox, "concise", &[]).stdout.lines().count();
    assert_eq!((report.failures, report.errors), (shown as u64, 1), "{}", run.stdout);
    let names: Vec<&str> = report.suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(names, ["a b,50%:x/pyproject.toml", "z/pyproject.toml", "broken/pyproject.toml"]);
    let failed = |status: &TestStatus| match status {
        TestStatus::Failure(failure) => failure.message.clone(),
        TestStatus::Error(error) => error.message.clone(),
        _ => String::new(),
    };
    for case in report.suites.iter().flat_map(|suite| &suite.cases) {
        assert!(!failed(&case.status).is_empty(), "{case:?}");
    }
    let clean = check(&sandbox, "junit", &["z", "--ignore", "ALL"]);
    let clean = junit_parser::from_reader(clean.stdout.as_bytes()).unwrap();
    assert_eq!((clean.tests, clean.failures, clean.errors), (1, 0, 0));
}

#[test]
fn gitlab_has_the_documented_fields_and_fingerprints_that_stay() {
    let sandbox = sandbox();
    // The schema follows docs.gitlab.com, "Code Quality report format".
    let schema = serde_json::json!({
        "type": "array",
        "items": {
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "pattern": "^[^./]" },
                        "lines": { "required": ["begin"], "properties": { "begin": { "type": "integer", "minimum": 1 } } }
                    }
                }
            }
        }
    });
    let issues = || json(&check(&sandbox, "gitlab", &[]).stdout);
    let before = issues();
    let faults: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&before).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(before.as_array().unwrap().len(), findings(&sandbox).len() + 1);
    let fingerprints = |issues: &Value| -> Vec<String> {
        issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].to_string()).collect()
    };
    let unique: std::collections::BTreeSet<String> = fingerprints(&before).into_iter().collect();
    assert_eq!(unique.len(), fingerprints(&before).len());
    let path = "a b,50%:x/pyproject.toml";
    sandbox.write(path, format!("# A line more.\n\n{}", sandbox.read(path)));
    let after = issues();
    assert_eq!(fingerprints(&after), fingerprints(&before));
    assert_ne!(after, before);
}

#[test]
fn github_reads_back_what_was_escaped() {
    let sandbox = sandbox();
    let run = check(&sandbox, "github", &["-v"]);
    let mut seen = Vec::new();
    let unescape = |text: &str| text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%25", "%");
    for line in run.stdout.lines() {
        // Parse as GitHub's runner does: the command ends at the second `::`, and its properties are separated by commas.
        let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&command) && !message.is_empty(), "{line}");
        let property = |name: &str| {
            let mut pairs = properties.split(',').map(|pair| pair.split_once('=').unwrap());
            pairs.find(|(key, _)| *key == name).map(|(_, value)| unescape(value))
        };
        let number = |name: &str| property(name).map_or(1, |text| text.parse::<u64>().unwrap());
        let code = property("title").unwrap().split(' ').next().unwrap().to_owned();
        seen.push((property("file").unwrap(), code, number("line"), number("col")));
    }
    let error = seen.pop().unwrap();
    assert_eq!((error.0.as_str(), error.1.as_str(), error.2), ("broken/pyproject.toml", "cachekeys", 1));
    assert_eq!(seen, findings(&sandbox));
}

#[test]
fn github_paths_start_at_the_checkout() {
    let sandbox = sandbox();
    let is_text = |directory: &str, root: &str, file: &str| {
        let mut command = sandbox.command();
        command.current_dir(sandbox.path(directory)).env("GITHUB_WORKSPACE", sandbox.path(root));
        let run = Run::of(command.args(["check", "--output-format", "github"]), &sandbox.path(""));
        assert!(run.stdout.contains(&format!(" file={file},")), "{file} in {}", run.stdout);
    };
    is_text("z", "", "z/pyproject.toml");
    is_text("", "", "broken/pyproject.toml");
    is_text("", "z", "pyproject.toml");
    // The file is outside the checkout, so its path does not change.
    is_text("", "z", "broken/pyproject.toml");
}
