//! Committed text that is generated from the tool: whole files, and the parts of a page between two comments.
//! `SNAPSHOTS=overwrite` renews it.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses its part")]
#![allow(clippy::print_stderr, reason = "a test says how to renew a file")]

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::support::{Sandbox, overwrites};

/// The path of a file in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Asserts that a file of the repository equals `expected`.
#[track_caller]
pub fn assert_file(path: &str, expected: &str) {
    let file = repository(path);
    if overwrites() {
        std::fs::write(file, expected).expect("written");
        return;
    }
    compare(path, std::fs::read_to_string(file).unwrap_or_default(), expected);
}

/// Asserts that the text between the lines `start` and `end` of a file equals `expected`.
#[track_caller]
pub fn assert_part(path: &str, start: &str, end: &str, expected: &str) {
    // A file may contain several parts. Only one of them is renewed at a time.
    static FILE: Mutex<()> = Mutex::new(());
    let _writing = FILE.lock();
    let text = std::fs::read_to_string(repository(path)).expect("readable");
    let from = text.find(start).unwrap_or_else(|| panic!("{path} has no {start}")) + start.len();
    let to = text[from..].find(end).unwrap_or_else(|| panic!("{path} has no {end}")) + from;
    let actual = text[from..to].trim_matches('\n');
    if overwrites() {
        // The indentation of the end line stays.
        let indent = text[..to].rsplit('\n').next().unwrap_or_default();
        let renewed = format!("{}\n{expected}\n{indent}{}", &text[..from], &text[to..]);
        std::fs::write(repository(path), renewed).expect("written");
    } else {
        compare(path, actual.trim_end().to_owned(), expected);
    }
}

#[track_caller]
fn compare(path: &str, actual: String, expected: &str) {
    if actual != expected {
        eprintln!("{path} is outdated or missing; `SNAPSHOTS=overwrite cargo test` with this test renews it");
    }
    snapbox::assert_data_eq!(actual, snapbox::Data::text(expected).raw());
}

/// A copy of the examples, in a repository of its own.
pub fn example() -> Sandbox {
    let sandbox = Sandbox::copy_of(&repository("examples"));
    std::fs::create_dir(sandbox.path("examples")).expect("created");
    for name in ["stale-extension", "greeting"] {
        std::fs::rename(sandbox.path(name), sandbox.path(&format!("examples/{name}"))).expect("moved");
    }
    sandbox
}

/// A rule, as in `cachekeys rule --output-format json`.
#[derive(Debug)]
pub struct Rule {
    pub code: String,
    pub name: String,
    pub summary: String,
    pub severity: String,
    /// `safe`, `unsafe` or empty.
    pub fix: String,
    pub page: String,
}

/// All rules, sorted by code.
pub fn rules() -> Vec<Rule> {
    let run = Sandbox::new().run(&["rule", "--all", "--output-format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let text = |rule: &serde_json::Value, field: &str| rule[field].as_str().unwrap_or_default().to_owned();
    let rule = |rule: &serde_json::Value| Rule {
        code: text(rule, "code"),
        name: text(rule, "name"),
        summary: text(rule, "summary"),
        severity: text(rule, "severity"),
        fix: text(rule, "fix"),
        page: text(rule, "page"),
    };
    document["rules"].as_array().expect("rules").iter().map(rule).collect()
}

/// The rules whose codes start with `prefix`, each with a link to its page in `pages`.
pub fn table_of_rules(prefix: &str, pages: &str) -> String {
    let mut table = "| code | name | found | severity | fix |\n|---|---|---|---|---|".to_owned();
    for Rule { code, name, summary, severity, fix, .. } in rules() {
        if code.starts_with(prefix) {
            let row = format!("\n| {code} | [{name}]({pages}{name}.md) | {summary} | {severity} | {fix} |");
            table.push_str(&row);
        }
    }
    table
}
