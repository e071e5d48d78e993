//! A finding in the terms of the library that draws it.

use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{Diagnostic, ProjectReport, position};
use crate::fs::path::shown;
use crate::project::finding::{Applicability, Severity};

/// In columns. What the library puts before and behind a line of its texts, at most.
const INDENT: usize = 10;

/// One diagnostic in the library's terms.
pub(super) struct Drawing<'a> {
    pub(super) code: String,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) label: Option<(std::ops::Range<usize>, String)>,
    pub(super) source: Source<'a>,
}

/// A text whose columns are counted in characters, as the other formats do; the library counts bytes.
pub(super) struct Source<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
}

/// In bytes. More than that around a place is cut: a list of a thousand keys may stand in one line.
const WINDOW: usize = 4096;

/// In bytes. What is left of it then, before and behind the place.
const MARGIN: usize = 100;

impl SourceCode for Source<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, lines_before, lines_after)?;
        let (mut shown, mut line) = (*contents.span(), contents.line());
        if shown.len() > WINDOW {
            shown = self.window(span);
            line = self.text[..shown.offset()].matches('\n').count();
        }
        let (start, end) = (shown.offset(), shown.offset() + shown.len());
        let (_, column) = position::line_and_column(self.text, start);
        let data = self.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            shown,
            line,
            column - 1,
            contents.line_count(),
        )))
    }
}

impl Source<'_> {
    /// What is near a place, in its line.
    fn window(&self, place: &SourceSpan) -> SourceSpan {
        let from = self.text.floor_char_boundary(place.offset());
        let to = self.text.ceil_char_boundary(place.offset() + place.len());
        let line = self.text[..from].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[to..].find('\n').map_or(self.text.len(), |newline| to + newline);
        let start = self.text.floor_char_boundary(from.saturating_sub(MARGIN)).max(line);
        let end = self.text.ceil_char_boundary((to + MARGIN).min(self.text.len())).min(end);
        (start, end - start).into()
    }
}

impl<'a> Drawing<'a> {
    /// `text` is that of the project, drawable.
    pub(super) fn of(project: &ProjectReport, text: &'a str, finding: &Diagnostic) -> Self {
        let fix = finding.fix.as_ref().map(|fix| {
            let flag = match fix.applicability {
                Applicability::Safe => "--fix",
                Applicability::Unsafe => "--fix --unsafe-fixes",
            };
            // Many keys are read more easily below each other.
            let keys = fix.keys.join(if fix.keys.len() > 2 { "\n" } else { ", " });
            let gap = if fix.keys.len() > 2 { "\n" } else { " " };
            format!("{}{gap}{keys}{gap}(`{flag}` does it)", fix.action).replace("  ", " ")
        });
        let help: Vec<String> = finding.help.iter().cloned().chain(fix).collect();
        Self {
            code: format!("{} {}", finding.code, finding.name),
            severity: finding.severity,
            message: finding.message.clone(),
            help: (!help.is_empty()).then(|| help.join("\n")),
            label: finding.span.clone().map(|span| (span, finding.label.clone())),
            source: Source { name: shown(&project.pyproject), text },
        }
    }

    /// Whether no line of it needs to be wrapped, which takes half the time of a drawing. No character has more columns than
    /// bytes.
    pub(super) fn is_narrow(&self, width: usize) -> bool {
        let mut lines = self.message.split('\n').chain(self.help.iter().flat_map(|help| help.split('\n')));
        lines.all(|line| !line.is_empty() && line.len() + INDENT <= width)
    }
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing<'_> {}

impl miette::Diagnostic for Drawing<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (span, label) = self.label.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(label.clone()), span.clone()))))
    }
}
