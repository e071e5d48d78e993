//! Writes a Code Quality report for GitLab: a list of issues, each with a fingerprint that does not change when lines move.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::fingerprint::Fingerprints;
use super::json::{self, place_of, range};
use crate::fs::path::slashed;
use crate::project::finding::Severity;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes all findings, including infos. Errors have the severity "blocker".
pub fn gitlab(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let mut issues = Vec::new();
    for project in &report.projects {
        for finding in &project.findings {
            let place = finding.span.clone().map(|span| range(project.shown_text(), span));
            issues.push(Issue {
                description: format!("{}: {}", finding.code, finding.advice()),
                check_name: finding.name.clone(),
                fingerprint: fingerprints.of(project, finding),
                severity: match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                location: Location { path: slashed(&project.pyproject), lines: lines(place) },
            });
        }
    }
    for error in &report.errors {
        let path = error.path().map(slashed).unwrap_or_default();
        issues.push(Issue {
            description: error.to_string(),
            check_name: "cannot-be-checked".to_owned(),
            fingerprint: fingerprints.of_parts(&[&path, "cannot-be-checked", &error.to_string()]),
            severity: "blocker",
            location: Location { path, lines: lines(place_of(error)) },
        });
    }
    json::write(&issues, out)
}

/// The lines of a finding. GitLab requires them, so a finding about the whole file is at the first line.
fn lines(place: Option<json::Place>) -> Lines {
    place.map_or(Lines { begin: 1, end: 1 }, |place| Lines { begin: place.start.line, end: place.end.line })
}
