//! Findings drawn at their place in the file, for people.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use super::plain::drawable;
use super::{Diagnostic, ProjectReport, Report, Summary, count, fixes, link, place};
use crate::error::Error;
use crate::finding::{Applicability, Severity};
use crate::parallel;
use crate::paths::{printable, shown};

/// How the drawing is made.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Look {
    /// ANSI colours.
    pub color: bool,
    /// Links on the places of findings.
    pub links: bool,
    /// In columns.
    pub width: usize,
    /// Whether all infos are shown.
    pub verbose: bool,
    /// Whether only findings are shown.
    pub quiet: bool,
}

impl Look {
    fn handler(self) -> GraphicalReportHandler {
        let theme = if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
            .without_cause_chain()
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
    }

    fn draw(self, drawing: &Drawing<'_>, path: &Path, out: &mut impl Write) -> io::Result<()> {
        let mut text = String::new();
        self.handler().render_report(&mut text, drawing).map_err(io::Error::other)?;
        for line in text.lines() {
            // The library pads its lines.
            let line = line.trim_end();
            match line.split_once("╭─[").and_then(|(before, place)| Some((before, place.strip_suffix(']')?))) {
                Some((before, place)) if self.links => writeln!(out, "{before}╭─[{}]", link::to_file(path, place))?,
                _ => writeln!(out, "{line}")?,
            }
        }
        Ok(())
    }
}

/// Writes all findings and a summary.
///
/// # Errors
///
/// Those of `out`.
pub fn full(report: &Report, look: Look, out: &mut impl Write) -> io::Result<()> {
    // To draw takes as long as to find.
    for drawn in parallel::map(&report.projects, |project| drawn(project, look)) {
        out.write_all(&drawn?)?;
    }
    if look.quiet { Ok(()) } else { writeln!(out, "{}", sentence(report)) }
}

/// What there is to say of one project.
fn drawn(project: &ProjectReport, look: Look) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let text = drawable(project.shown_text());
    for finding in project.findings.iter().filter(|finding| finding.is_shown(look.verbose)) {
        look.draw(&Drawing::of(project, &text, finding), &project.pyproject, &mut out)?;
        writeln!(out)?;
    }
    // What was not asked for in so many words is at least said.
    if !project.before.is_empty() && !look.quiet {
        fixes::of(project, &mut out)?;
    }
    Ok(out)
}

/// Writes what could not be checked, each at its place where it has one.
///
/// # Errors
///
/// Those of `out`.
pub fn errors(errors: &[Error], look: Look, out: &mut impl Write) -> io::Result<()> {
    for error in errors {
        let message = match error {
            Error::Setting { reason, .. } => printable(reason),
            other => other.to_string(),
        };
        match (error.path(), error.place()) {
            (Some(path), Some((text, span))) if !text.is_empty() => {
                let text = drawable(clipped(text, span.start));
                let drawing = Drawing {
                    code: String::new(),
                    severity: Severity::Error,
                    message,
                    help: None,
                    source: Source { name: shown(path), text: &text },
                    label: Some((span, "here".to_owned())),
                };
                look.draw(&drawing, path, out)?;
            }
            _ => writeln!(out, "error: {error}")?,
        }
    }
    Ok(())
}

/// Writes which files are no projects of this tool's.
///
/// # Errors
///
/// Those of `out`.
pub fn passed_over<'a>(paths: impl IntoIterator<Item = &'a Path>, out: &mut impl Write) -> io::Result<()> {
    let line = "not a Rust-extension project, passed over";
    paths.into_iter().try_for_each(|path| writeln!(out, "{}: {line}", shown(path)))
}

/// A text too long to be drawn is cut behind the place; offsets before it stay what they are.
fn clipped(text: &str, place: usize) -> &str {
    let end = text.get(place..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| place + end);
    text.get(..end.min(place.saturating_add(200))).unwrap_or(text)
}

fn sentence(report: &Report) -> String {
    let Summary { projects, errors, warnings, fixable, fixed, .. } = report.summary();
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(count(errors, "error"));
    }
    if warnings > 0 {
        parts.push(count(warnings, "warning"));
    }
    let unread = report.projects.iter().filter(|project| !project.complete).count();
    let incomplete = match (unread, projects) {
        (0, _) => String::new(),
        (_, 1) => " (it could not be read as a whole)".to_owned(),
        _ => format!(" ({unread} could not be read as a whole)"),
    };
    let checked = count(projects, "project") + " checked" + &incomplete;
    let fixed = if fixed > 0 { format!("{fixed} fixed, ") } else { String::new() };
    match (projects, parts.is_empty()) {
        (0, _) if report.errors.is_empty() => "No Rust-extension project found.".to_owned(),
        (0, _) => "Nothing could be checked.".to_owned(),
        (_, true) if fixed.is_empty() => format!("{checked}: nothing to report."),
        (_, true) => format!("{checked}: {fixed}none left."),
        _ => {
            let fixable = if fixable > 0 { format!(", {fixable} fixable with `--fix`") } else { String::new() };
            format!("{checked}: {fixed}{}{fixable}.", parts.join(" and "))
        }
    }
}

/// One diagnostic in the library's terms.
struct Drawing<'a> {
    code: String,
    severity: Severity,
    message: String,
    help: Option<String>,
    label: Option<(std::ops::Range<usize>, String)>,
    source: Source<'a>,
}

/// A text whose columns are counted in characters, as the other formats do; the library counts bytes.
struct Source<'a> {
    name: String,
    text: &'a str,
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
        let (_, column) = place::line_and_column(self.text, start);
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
    fn of(project: &ProjectReport, text: &'a str, finding: &Diagnostic) -> Self {
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
