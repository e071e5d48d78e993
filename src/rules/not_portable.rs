//! ## What it finds
//!
//! A key that covers different files on Windows than on Linux and macOS. uv joins the parts of a glob with the
//! system's separator, but its glob matcher treats `\` as an escape character. On Windows, a glob only works as it
//! does elsewhere if
//!
//! - its literal base (the directories before the first wildcard) is followed by one component, or by `**/` and one
//!   component: `crates/**/*.rs`, not `crates/*/src/*.rs`, and
//! - no other glob in the list, including `!` keys, has a base above its own: `src/**/*.rs` covers nothing next to
//!   `*.toml`.
//!
//! In the other direction, keys such as `src\**\*.rs`, and names in a different case such as `CARGO.TOML`, only work on
//! Windows.
//!
//! This is a warning if the project says that it is built on Windows: with a classifier, with `[tool.cibuildwheel]`,
//! with uv's `environments` or `required-environments`, or with a Windows target in `[tool.maturin.target]`.
//! Otherwise it is an info, and the fix is only applied if you select the rule by name: `--extend-select CK010`. When
//! cachekeys runs on Windows, inputs that are not covered there are reported by the rules CK101 to CK114.
//!
//! ## Why it is bad
//!
//! On the other system, the same list leaves files uncovered or causes endless rebuilds.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [project]
//! name = "fast"
//! version = "1.0.0"
//! classifiers = ["Operating System :: Microsoft :: Windows"]
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "{src,lib}/**/*.rs" },
//! ]
//! ```
//!
//! ## Use instead
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [project]
//! name = "fast"
//! version = "1.0.0"
//! classifiers = ["Operating System :: Microsoft :: Windows"]
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::Item;

use super::{Meta, When};
use crate::cache_keys::{Coverage, Key, Obstacle, System, Walk};
use crate::fs::{Resolved, path};
use crate::inputs::InputId;
use crate::project::Project;
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::pyproject::Pyproject;

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a key that covers different files on Windows",
};

/// The files that a key covers on only one of the two systems.
#[derive(Default)]
struct Difference {
    here: BTreeSet<Resolved>,
    elsewhere: BTreeSet<Resolved>,
}

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    // The other system may reject the list only if a key ends in `\`, which CK003 reports.
    let Some(elsewhere) = coverage.elsewhere() else { return Vec::new() };
    let differences = differences(project, coverage, &elsewhere);
    differences.iter().filter_map(|(index, difference)| finding(project, coverage, *index, difference)).collect()
}

/// The differences, by the key that covers the files.
fn differences(project: &Project, coverage: &Coverage, elsewhere: &Coverage) -> BTreeMap<usize, Difference> {
    let mut found: BTreeMap<usize, Difference> = BTreeMap::new();
    let mut compare = |file: &Resolved, here: Option<usize>| match (here, elsewhere.covering_key_of_file(file)) {
        (Some(key), None) => {
            found.entry(key).or_default().here.insert(file.clone());
        }
        // On Windows, an uncovered input has a finding of its own.
        (None, Some(key)) if System::HERE == System::Unix => {
            found.entry(key).or_default().elsewhere.insert(file.clone());
        }
        _ => {}
    };
    for (id, input) in project.inputs.iter() {
        compare(&input.path, project.covered_by(id));
    }
    for output in &project.outputs.files {
        compare(&output.path, coverage.covering_key_of_file(&output.path));
    }
    // If all keys have the portable form, a walk would show no further difference.
    if !coverage.is_portable() {
        let walked = elsewhere.walk();
        let keys = project.walk().into_iter().flat_map(|walk: &Walk| &walk.keys).chain(&walked.keys);
        // Files in build output are left out, so that the result is the same as in a fresh clone. The known outputs stand for
        // them.
        for file in keys.flat_map(|key| &key.files).filter(|file| !project.outputs.contains(file)) {
            compare(file, coverage.covering_key_of_file(file));
        }
    }
    found
}

fn finding(project: &Project, coverage: &Coverage, index: usize, difference: &Difference) -> Option<Finding> {
    let entry = project.pyproject.entries().get(index)?;
    let Key::File(key) = &entry.key else { return None };
    // A file that is covered only here: on Unix, this means not on Windows. On Windows, it means only on Windows.
    let is_lost = !difference.here.is_empty();
    let files = if is_lost { &difference.here } else { &difference.elsewhere };
    let covers = match System::HERE {
        System::Unix if is_lost => "does not cover",
        System::Unix if coverage.matches_any_file(index) => "also covers",
        _ => "only covers",
    };
    let inputs: Vec<InputId> =
        project.inputs.iter().filter(|(_, input)| files.contains(&input.path)).map(|(id, _)| id).collect();
    let shown = match inputs.first() {
        Some(first) => project.inputs.get(*first).shown.clone(),
        None => path::display(&project.pyproject.dir, files.first()?),
    };
    let more = if files.len() > 1 { format!(" and {} more", files.len() - 1) } else { String::new() };
    let (reason, gives_way) = reason(coverage, index, key);
    let severity =
        if System::HERE == System::Windows || is_built_on_windows(project) { None } else { Some(Severity::Info) };
    let mut finding = Finding::new(format!("`{key}` {covers} {shown}{more} on Windows: {reason}"))
        .at(Some(entry.span.clone()), "differs on Windows")
        .covering(inputs)
        .remedy(Remedy::Replace(gives_way, Defect::Harmless));
    finding.severity = severity;
    Some(finding)
}

/// Why a key is read differently on Windows, and the entry to change.
fn reason(coverage: &Coverage, index: usize, key: &str) -> (String, usize) {
    match coverage.obstacle(index) {
        Some(Obstacle::Above(above)) => {
            let above_key = coverage.keys().get(above).map(Key::text).unwrap_or_default();
            (format!("it matches nothing there because `{above_key}` starts above it"), above)
        }
        _ if key.contains('\\') => ("only there is `\\` a separator".to_owned(), index),
        Some(Obstacle::Components) => {
            ("a glob there may only have one component, or `**/` and one, after its literal base".to_owned(), index)
        }
        None if coverage.keys().iter().any(|key| key.is_glob() && key.text().starts_with('!')) => {
            ("a `!` key in the list excludes nothing there".to_owned(), index)
        }
        None => ("only there does uv ignore the case of letters, and `.` or `..` after a name".to_owned(), index),
    }
}

/// Whether the project shows that it is built on Windows.
fn is_built_on_windows(project: &Project) -> bool {
    let pyproject = &project.pyproject;
    let says = |keys: &[&str], is_meant: fn(&str) -> bool| {
        pyproject.get_strings(keys).into_iter().chain(pyproject.get_str(keys)).any(is_meant)
    };
    let is_marker = |text: &str| {
        let text: String = text.chars().filter(|found| !found.is_whitespace()).collect::<String>().replace('"', "'");
        ["=='win32'", "=='Windows'", "=='nt'"].iter().any(|marker| text.contains(marker))
    };
    says(&["project", "classifiers"], |text| text.starts_with("Operating System :: Microsoft"))
        || says(&["tool", "uv", "environments"], is_marker)
        || says(&["tool", "uv", "required-environments"], is_marker)
        || has_windows_wheels(pyproject)
        || pyproject
            .get(&["tool", "maturin", "target"])
            .and_then(Item::as_table_like)
            .is_some_and(|targets| targets.iter().any(|(target, _)| target.contains("windows")))
}

/// Whether cibuildwheel is configured and does not skip Windows. By default, it builds for all systems.
fn has_windows_wheels(pyproject: &Pyproject) -> bool {
    let table = ["tool", "cibuildwheel"];
    let selectors = |name: &'static str| {
        let keys = [table[0], table[1], name];
        let texts = pyproject.get_str(&keys).into_iter().chain(pyproject.get_strings(&keys));
        texts.flat_map(str::split_whitespace).collect::<Vec<_>>()
    };
    // `*-win32` skips one kind of Windows, `*-win*` all.
    let is_left_out = selectors("skip").iter().any(|selector| selector.contains("win*"));
    let build = selectors("build");
    let is_for_others = |selector: &&str| ["linux", "macos"].iter().any(|system| selector.contains(system));
    pyproject.get(&table).is_some() && !is_left_out && (build.is_empty() || !build.iter().all(is_for_others))
}
