//! Findings drawn at their place in the file, for people.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use miette::{GraphicalReportHandler, GraphicalTheme};
use rayon::prelude::*;
use textwrap::{WordSeparator, WordSplitter};

use super::escape::drawable;
use super::snippet::{Drawing, Source};
use super::{ProjectReport, Report, Skipped, Summary, count, fixes, hyperlink};
use crate::error::Error;
use crate::fs::path::{printable, shown};
use crate::project::Scope;
use crate::project::finding::Severity;

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
    fn handler(self, drawing: &Drawing<'_>) -> GraphicalReportHandler {
        let theme = if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_wrap_lines(!drawing.is_narrow(self.width))
            .with_links(false)
            .without_cause_chain()
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
    }

    fn draw(self, drawing: &Drawing<'_>, path: &Path, out: &mut impl Write) -> io::Result<()> {
        let mut text = String::new();
        self.handler(drawing).render_report(&mut text, drawing).map_err(io::Error::other)?;
        for line in text.lines() {
            // The library pads its lines.
            let line = line.trim_end();
            let place = || line.split_once("╭─[").and_then(|(before, place)| Some((before, place.strip_suffix(']')?)));
            match self.links.then(place).flatten() {
                Some((before, place)) => writeln!(out, "{before}╭─[{}]", hyperlink::to_file(path, place))?,
                None => writeln!(out, "{line}")?,
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
    let drawn: Vec<_> = report.projects.par_iter().map(|project| drawn(project, look)).collect();
    for drawn in drawn {
        out.write_all(&drawn?)?;
    }
    if look.quiet { Ok(()) } else { writeln!(out, "{}", sentence(report)) }
}

/// What there is to say of one project.
fn drawn(project: &ProjectReport, look: Look) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let text = LazyCell::new(|| drawable(project.shown_text()));
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

/// Writes which files were skipped: those that were named, and the others where `verbose`.
///
/// # Errors
///
/// Those of `out`.
pub fn skipped(skipped: &[Skipped], verbose: bool, out: &mut impl Write) -> io::Result<()> {
    let mut listed = skipped.iter().filter(|skipped| skipped.named || verbose);
    listed.try_for_each(|skipped| writeln!(out, "{}: {}, passed over", shown(&skipped.path), skipped.reason))
}

/// A text too long to be drawn is cut behind the place; offsets before it stay what they are.
fn clipped(text: &str, place: usize) -> &str {
    let end = text.get(place..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| place + end);
    text.get(..end.min(place.saturating_add(200))).unwrap_or(text)
}

/// What is said of projects whose keys alone were judged.
fn unanalysed(report: &Report) -> Option<String> {
    let projects = report.projects.iter().filter(|project| project.scope == Scope::Keys && project.is_built);
    let backends: BTreeSet<&str> = projects.clone().map(|project| project.backend.as_str()).collect();
    let backends = backends.into_iter().collect::<Vec<_>>().join(", ");
    match (projects.count(), report.projects.len()) {
        (0, _) => None,
        (1, 1) => Some(format!("keys judged; inputs of {backends} are not analysed")),
        (some, _) => {
            Some(format!("only the keys of {} judged; inputs of {backends} are not analysed", count(some, "project")))
        }
    }
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
    let fixable = if fixable > 0 { format!(", {fixable} fixable with `--fix`") } else { String::new() };
    let left = if parts.is_empty() { "none left".to_owned() } else { parts.join(" and ") + &fixable };
    let undetermined: usize = report.projects.iter().map(|project| project.undetermined).sum();
    let mut outcome = Vec::new();
    if fixed > 0 {
        outcome.push(format!("{fixed} fixed, {left}"));
    } else if !parts.is_empty() {
        outcome.push(left);
    }
    if undetermined > 0 {
        outcome.push(count(undetermined, "path") + " could not be determined (cachekeys inputs)");
    }
    outcome.extend(unanalysed(report));
    match projects {
        0 if report.errors.is_empty() => "No project with a Rust extension or with cache-keys found.".to_owned(),
        0 => "Nothing could be checked.".to_owned(),
        _ if outcome.is_empty() => format!("{checked}: nothing to report."),
        _ => format!("{checked}: {}.", outcome.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_wrapped_needs_no_wrapping() {
        let text = "[build-system]\nbuild-backend = \"maturin\"\n";
        for (width, length, color) in
            (30..60).flat_map(|width| (10..60).map(move |length| (width, length, width % 2 == 0)))
        {
            let look = Look { color, links: false, width, verbose: false, quiet: false };
            let words = "é ab cdef 日本 ".chars().cycle();
            let line = |length: usize| words.clone().take(length).collect::<String>().trim_end().to_owned();
            let drawing = Drawing {
                code: "CK101 missing-cache-keys".to_owned(),
                severity: Severity::Error,
                message: line(length),
                help: Some(format!("{}\n  {}\n{}", line(5), line(length), line(10))),
                label: Some((15..28, line(8))),
                source: Source { name: "pyproject.toml".to_owned(), text },
            };
            let drawn = |handler: GraphicalReportHandler| {
                let mut drawn = String::new();
                handler.render_report(&mut drawn, &drawing).unwrap();
                drawn.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>()
            };
            let wrapped = drawn(look.handler(&drawing).with_wrap_lines(true));
            assert_eq!(drawn(look.handler(&drawing)), wrapped, "{length} in {width} columns");
        }
    }
}
