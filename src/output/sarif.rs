//! SARIF 2.1.0, with the pages of the rules and the edit that `--fix` would make.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::json::{self, Place, place_of, range};
use super::{Diagnostic, ProjectReport, Report};
use crate::error::Error;
use crate::fs::path::slashed;
use crate::project::finding::{Applicability, Severity};
use crate::rules::{RULES, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes all findings as results, including infos, and errors as notifications of the tool.
pub fn sarif(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let is_found = |rule: &&Rule| {
        report.projects.iter().flat_map(|project| &project.findings).any(|finding| finding.code == rule.code)
    };
    let rules: Vec<&Rule> = RULES.iter().filter(is_found).collect();
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::new();
    for project in &report.projects {
        for finding in &project.findings {
            let index = rules.iter().position(|rule| rule.code == finding.code);
            let fingerprint = fingerprints.of(project, finding);
            results.push(result(project, finding, index, &fingerprint));
        }
    }
    let driver = json!({
        "name": "cachekeys",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
    });
    let invocation = json!({
        "executionSuccessful": report.errors.is_empty(),
        "toolExecutionNotifications": report.errors.iter().map(notification).collect::<Vec<_>>(),
    });
    let run = json!({
        "tool": { "driver": driver },
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    json::write(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }), out)
}

fn descriptor(rule: &Rule) -> Value {
    let page = rule.page();
    json!({
        "id": rule.code,
        "name": rule.name(),
        "shortDescription": { "text": rule.meta.summary },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(rule.meta.severity) },
    })
}

fn result(project: &ProjectReport, finding: &Diagnostic, rule: Option<usize>, fingerprint: &str) -> Value {
    let place = finding.span.clone().map(|span| range(project.shown_text(), span));
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": { "text": finding.advice() },
        "locations": [location(&project.pyproject, place.as_ref())],
        "partialFingerprints": { "cachekeys/v1": fingerprint },
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = rule.into();
    }
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe)
        && !project.edits.is_empty()
    {
        result["fixes"] = json!([{
            "description": { "text": format!("{}, and what else `cachekeys check --fix` does in this file", fix.message()) },
            "artifactChanges": [change(project)],
        }]);
    }
    result
}

/// The edit of a project. The keys are planned for all findings of a file together, so there is only one edit for all of them.
fn change(project: &ProjectReport) -> Value {
    let replacements = project.edits.iter().map(|edit| {
        let place = range(&project.text, edit.range.clone());
        json!({ "deletedRegion": region(&place), "insertedContent": { "text": edit.content } })
    });
    json!({ "artifactLocation": artifact(&project.pyproject), "replacements": replacements.collect::<Vec<_>>() })
}

fn notification(error: &Error) -> Value {
    let mut notification = json!({ "level": "error", "message": { "text": error.to_string() } });
    if let Some(path) = error.path() {
        notification["locations"] = json!([location(path, place_of(error).as_ref())]);
    }
    notification
}

fn location(path: &Path, place: Option<&Place>) -> Value {
    let mut physical = json!({ "artifactLocation": artifact(path) });
    if let Some(place) = place {
        physical["region"] = region(place);
    }
    json!({ "physicalLocation": physical })
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

fn artifact(path: &Path) -> Value {
    json!({ "uri": uri(&slashed(path), path.is_absolute()) })
}

/// A path as a URI reference. A relative path stays relative.
fn uri(path: &str, is_absolute: bool) -> String {
    let mut uri = String::from(if is_absolute { "file://" } else { "" });
    let has_drive = is_absolute && !path.starts_with('/');
    if has_drive {
        uri.push('/');
    }
    for (at, byte) in path.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || has_drive && at == 1 {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_are_references() {
        assert_eq!(super::uri("a b/ü%/c#1.toml", false), "a%20b/%C3%BC%25/c%231.toml");
        assert_eq!(super::uri("/a/b.toml", true), "file:///a/b.toml");
        assert_eq!(super::uri("C:/b.toml", true), "file:///C:/b.toml");
    }
}
