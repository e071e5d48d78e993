//! The report as JSON. It has structs of its own and a version, so that internal types are not exposed.

use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;

use super::{Diagnostic, ProjectReport, Report, Summary, position};
use crate::error::Error;
use crate::fs::path::slashed;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    projects: Vec<Project<'a>>,
    errors: Vec<Failure>,
    summary: Summary,
}

#[derive(Serialize)]
struct Project<'a> {
    pyproject: String,
    backend: &'a str,
    /// "rust", or "keys" if only the keys were checked.
    scope: &'static str,
    complete: bool,
    undetermined: usize,
    findings: Vec<Finding<'a>>,
    edits: Vec<Replacement<'a>>,
}

/// A finding. All documents with findings use it.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    code: &'static str,
    name: &'a str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    /// Always `None` until the rule pages are published.
    url: Option<&'a str>,
    range: Option<Place>,
    inputs: &'a [String],
    fix: Option<Fix>,
}

#[derive(Serialize)]
struct Fix {
    applicability: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Replacement<'a> {
    start: usize,
    end: usize,
    content: &'a str,
}

/// A place in a file. All documents use it.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    pub(super) start: Position,
    pub(super) end: Position,
}

#[derive(Debug, Serialize)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
    offset: usize,
}

/// An error: something that could not be checked.
#[derive(Serialize)]
pub(super) struct Failure {
    path: Option<String>,
    message: String,
    range: Option<Place>,
}

/// Writes the whole report as one JSON document.
pub fn json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        projects: report.projects.iter().map(project).collect(),
        errors: report.errors.iter().map(failure).collect(),
        summary: report.summary(),
    };
    write(&document, out)
}

/// Writes any JSON document, followed by a newline.
pub(crate) fn write(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(io::Error::from)?;
    writeln!(out)
}

fn project(project: &ProjectReport) -> Project<'_> {
    Project {
        pyproject: slashed(&project.pyproject),
        backend: &project.backend,
        scope: project.scope.as_str(),
        complete: project.complete,
        undetermined: project.undetermined,
        findings: project.findings.iter().map(|found| finding(project, found)).collect(),
        edits: project
            .edits
            .iter()
            .map(|edit| Replacement { start: edit.range.start, end: edit.range.end, content: &edit.content })
            .collect(),
    }
}

pub(super) fn finding<'a>(project: &'a ProjectReport, finding: &'a Diagnostic) -> Finding<'a> {
    Finding {
        code: finding.code,
        name: &finding.name,
        severity: finding.severity.as_str(),
        message: &finding.message,
        help: finding.help.as_deref(),
        url: None,
        range: finding.span.clone().map(|span| range(project.shown_text(), span)),
        inputs: &finding.inputs,
        fix: finding.fix.as_ref().map(|fix| Fix { applicability: fix.applicability.as_str(), message: fix.message() }),
    }
}

pub(super) fn failure(error: &Error) -> Failure {
    Failure { path: error.path().map(slashed), message: error.to_string(), range: place_of(error) }
}

/// The place of an error, if it has one.
pub(super) fn place_of(error: &Error) -> Option<Place> {
    error.place().map(|(text, span)| range(text, span))
}

pub(crate) fn range(text: &str, span: Range<usize>) -> Place {
    let position = |offset| {
        let (line, column) = position::line_and_column(text, offset);
        Position { line, column, offset }
    };
    Place { start: position(span.start), end: position(span.end) }
}
