//! Findings, and a file that cannot be read, as diagnostics of the protocol.

use std::cmp::Reverse;
use std::ops::Range;
use std::path::Path;

use cachekeys::editor::Analysis;
use cachekeys::report::Diagnostic as Finding;
use cachekeys::{Error, Severity};
use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message, Position,
    Range as PositionRange,
};

use super::abilities::Abilities;
use super::uri;

/// The name that an editor shows beside each diagnostic.
const SOURCE: &str = "cachekeys";

/// The diagnostic of each finding, the most severe last. An editor that shows only one diagnostic in a line shows the last.
pub(super) fn of_findings(analysis: &Analysis, abilities: &Abilities) -> Vec<Diagnostic> {
    let mut indices: Vec<usize> = (0..analysis.findings().len()).collect();
    indices.sort_by_key(|index| Reverse(analysis.findings()[*index].severity));
    indices.into_iter().filter_map(|index| of_finding(analysis, index, abilities)).collect()
}

/// The diagnostic of one finding.
pub(super) fn of_finding(analysis: &Analysis, index: usize, abilities: &Abilities) -> Option<Diagnostic> {
    let finding = analysis.findings().get(index)?;
    let related = if abilities.shows_related { related(analysis, index) } else { Vec::new() };
    Some(Diagnostic {
        code: Some(Code::String(finding.code.to_owned())),
        related_information: (!related.is_empty()).then_some(related),
        ..new(severity(finding), message(finding), &analysis.place(index), analysis.text(), abilities)
    })
}

/// The diagnostic of a file that cannot be checked.
pub(super) fn of_error(error: &Error, path: &Path, text: &str, abilities: &Abilities) -> Diagnostic {
    let (message, span) = match error {
        Error::Toml { path: at, reason, span, .. } if at == path => (format!("not valid TOML: {reason}"), span.clone()),
        Error::Setting { path: at, reason, span, .. } if at == path => (reason.clone(), span.clone()),
        // The error is about another file, or about this file as a whole.
        error => (error.to_string(), 0..0),
    };
    new(DiagnosticSeverity::Error, message, &span, text, abilities)
}

fn new(
    severity: DiagnosticSeverity,
    message: String,
    span: &Range<usize>,
    text: &str,
    abilities: &Abilities,
) -> Diagnostic {
    Diagnostic {
        range: abilities.encoding.range(text, span),
        severity: Some(severity),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        code: None,
        code_description: None,
        tags: None,
        related_information: None,
        data: None,
    }
}

/// Findings that `check` shows only with `-v` become hints, which editors show discreetly.
fn severity(finding: &Finding) -> DiagnosticSeverity {
    match finding.severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info if finding.is_named => DiagnosticSeverity::Information,
        Severity::Info => DiagnosticSeverity::Hint,
    }
}

fn message(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    }
}

fn related(analysis: &Analysis, index: usize) -> Vec<DiagnosticRelatedInformation> {
    let places = analysis.related(index).into_iter();
    places
        .filter_map(|related| {
            let start = Position { line: u32::try_from(related.line).ok()?, character: 0 };
            let location = Location { uri: uri::of(&related.path)?, range: PositionRange { start, end: start } };
            Some(DiagnosticRelatedInformation { location, message: related.message })
        })
        .collect()
}
