//! Writes findings with their lines of the file, for people.

use std::io::{self, Write};

use rayon::prelude::*;

use super::escape::drawable;
use super::look::{Look, Role};
use super::place::places;
use super::{ProjectReport, Report, Skipped, count, fixes, snippet, summary};
use crate::error::Error;
use crate::fs::path::{printable, shown};
use crate::project::finding::Severity;

/// How many lines are shown for one project, not counting the last line of the report.
const SCREEN: usize = 39;

/// How many places are shown with their line of the file. Each other place takes one line.
const PLACES: usize = 5;

/// Writes all findings and a summary.
pub fn full(report: &Report, look: Look, out: &mut impl Write) -> io::Result<()> {
    let drawn: Vec<_> = report.projects.par_iter().map(|project| drawn(project, look)).collect();
    for drawn in drawn {
        out.write_all(&drawn?)?;
    }
    let summary = if look.quiet { Vec::new() } else { look.wrap(&summary::sentence(report), 2) };
    summary.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The findings of one project, and what was fixed in it.
fn drawn(project: &ProjectReport, look: Look) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let text = drawable(project.shown_text());
    let places = places(project, &text, look);
    let (mut used, mut lines) = (0, Vec::new());
    for (index, place) in places.iter().enumerate() {
        if !look.verbose && (index >= PLACES || !lines.is_empty()) {
            lines.push(place.line(look));
            continue;
        }
        let block = place.block(look);
        // The other places need at least one line each, and a blank line above and below.
        let left = match places.len() - index - 1 {
            0 => 0,
            some => some + 2,
        };
        used += block.len() + 1;
        if look.verbose || index == 0 || used + left <= SCREEN {
            block.iter().try_for_each(|line| writeln!(out, "{line}"))?;
            writeln!(out)?;
        } else {
            lines.push(place.line(look));
        }
    }
    if !lines.is_empty() {
        writeln!(out, "{} (-v shows all in full):", count(lines.len(), "more place"))?;
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
    }
    if !project.before.is_empty() && !look.quiet {
        fixes::of(project, look, &mut out)?;
    }
    Ok(out)
}

/// Writes the errors. An error that has a place is shown there.
pub fn errors(errors: &[Error], look: Look, out: &mut impl Write) -> io::Result<()> {
    let head = look.paint(Role::Severity(Severity::Error), "error");
    for error in errors {
        let message = match error {
            Error::Setting { reason, .. } => printable(reason),
            other => other.to_string(),
        };
        match (error.path(), error.place()) {
            (Some(path), Some((text, span))) if !text.is_empty() => {
                let text = drawable(text);
                let at = snippet::place(path, &text, Some(&span), look);
                let arrow = look.paint(Role::Frame, "-->");
                look.wrap(&format!("{head}: {message}"), 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
                writeln!(out, "{}{arrow} {at}", " ".repeat(snippet::gutter(&text, Some(&span))))?;
                let lines = snippet::lines(&text, &span, Severity::Error, "", look);
                lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
            }
            _ => writeln!(out, "{head}: {error}")?,
        }
    }
    Ok(())
}

/// Writes which files were skipped. Files that were not named on the command line are listed only if `verbose` is set.
pub fn skipped(skipped: &[Skipped], verbose: bool, out: &mut impl Write) -> io::Result<()> {
    let mut listed = skipped.iter().filter(|skipped| skipped.named || verbose);
    listed.try_for_each(|skipped| writeln!(out, "{}: {}, skipped", shown(&skipped.path), skipped.reason))
}
