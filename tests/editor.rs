//! What the language server offers for the project of each case. The findings are those of `check`, and all fixes together are
//! those of `--fix`. Each single fix removes its finding, and so does each comment.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use cachekeys::editor::{Analysis, Session};
use cachekeys::{CrateMetadata, Edit, FixMode, Settings, check};
use support::Sandbox;

/// What was seen in all cases together.
#[derive(Debug, Default)]
struct Shown {
    projects: usize,
    fixed: usize,
    fixes: usize,
    ignored: usize,
    /// Findings that no comment can suppress.
    stubborn: Vec<String>,
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    // `metadata.rs` tests that the result is the same with cargo. Under wine, there is no cargo.
    settings.crate_metadata = CrateMetadata::Manifest;
    settings
}

fn applied(text: &str, edit: &Edit) -> String {
    let mut text = text.to_owned();
    text.replace_range(edit.range.clone(), &edit.content);
    text
}

/// The findings by their codes and messages.
fn shown(analysis: &Analysis) -> Vec<(&'static str, String)> {
    analysis.findings().iter().map(|finding| (finding.code, finding.message.clone())).collect()
}

fn compare(path: &Path, all: &mut Shown) {
    let mut session = Session::new(settings()).unwrap();
    let mut expected = settings();
    expected.fix = FixMode::Diff;
    let report = check(path, &expected).unwrap();
    let (analysis, project) = match (session.analyse(path), report.projects.first()) {
        (Ok(Some(analysis)), Some(project)) => (analysis, project),
        (Ok(None), None) => return assert!(report.errors.is_empty(), "{}", path.display()),
        (Err(error), None) => return assert_eq!(error.to_string(), report.errors[0].to_string()),
        (analysis, project) => panic!("{}: {analysis:?}, {project:?}", path.display()),
    };
    let findings: Vec<_> = project.findings.iter().map(|finding| (finding.code, finding.message.clone())).collect();
    assert_eq!(shown(&analysis), findings, "{}", path.display());
    let fixed = analysis.fix_all().map(|edit| applied(analysis.text(), &edit));
    assert_eq!(fixed, project.fixed_text, "{}", path.display());
    all.projects += 1;
    all.fixed += usize::from(fixed.is_some());
    let mut judged = |text: &str| {
        session.set_text(path, Some(text));
        shown(&session.analyse(path).unwrap().unwrap())
    };
    for (index, finding) in findings.iter().enumerate() {
        let name = format!("{} {}: {}", path.display(), finding.0, finding.1);
        let count = |all: &[(&str, String)]| all.iter().filter(|found| *found == finding).count();
        if let Some(fix) = analysis.fix(index) {
            assert_eq!(
                Some(fix.summary.applicability),
                project.findings[index].fix.as_ref().map(|fix| fix.applicability)
            );
            let left = judged(&applied(analysis.text(), &fix.edit));
            assert!(count(&left) < count(&findings), "{name}\n{}", applied(analysis.text(), &fix.edit));
            all.fixes += 1;
        }
        match analysis.ignore(index) {
            Some(edit) => {
                let left = judged(&applied(analysis.text(), &edit));
                assert!(count(&left) < count(&findings), "{name}\n{left:?}");
                // The comment ignores all findings of this rule in the line, and no others.
                let mut gone = findings.iter().filter(|other| !left.contains(other));
                assert!(gone.all(|other| other.0 == finding.0), "{name}\n{left:?}");
                assert!(left.iter().all(|other| findings.contains(other)), "{name}\n{left:?}");
                all.ignored += 1;
            }
            None => all.stubborn.push(name),
        }
    }
}

#[test]
fn an_editor_offers_what_the_command_does() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut all = Shown::default();
    let entries = |of: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    };
    for case in entries(&cases).iter().flat_map(|rule| entries(rule)) {
        let sandbox = Sandbox::copy_of(&case);
        let walk = walkdir::WalkDir::new(sandbox.path("")).sort_by_file_name();
        let files = walk.into_iter().map(Result::unwrap).filter(|entry| entry.file_name() == "pyproject.toml");
        files.for_each(|entry| compare(entry.path(), &mut all));
    }
    assert!(all.projects > 100 && all.fixed > 50 && all.fixes > 100 && all.ignored > 200, "{all:?}");
    // CK304 reports unused comments, and is the only rule that no comment can suppress.
    assert!(all.stubborn.iter().all(|name| name.contains(" CK304: ")), "{:#?}", all.stubborn);
}
