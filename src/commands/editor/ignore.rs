//! Adds the comment that ignores a finding. The edit is tried out before it is offered.

use super::analysis::Analysis;
use crate::commands::check;
use crate::fix::edit;
use crate::output::{Diagnostic, Edit};

/// The start of every such comment.
const START: &str = "# cachekeys: ignore[";

/// The edit that adds the comment for a finding.
pub(super) fn ignore(analysis: &Analysis, finding: usize) -> Option<Edit> {
    let ignored = analysis.findings().get(finding)?;
    let text = analysis.text();
    let at = analysis.place(finding).start;
    let candidates = [extended(analysis, ignored, at), Some(above(text, ignored, at)), Some(behind(text, ignored, at))];
    candidates.into_iter().flatten().find(|edit| silences(analysis, finding, edit).unwrap_or(false))
}

/// Adds the code to a comment that already applies to this place.
fn extended(analysis: &Analysis, ignored: &Diagnostic, at: usize) -> Option<Edit> {
    let text = analysis.text();
    let pyproject = &analysis.project.pyproject;
    let there = analysis.project.suppressions.iter().find(|there| there.is_for(pyproject, Some(&(at..at))))?;
    let end = there.span.start + text.get(there.span.clone())?.find(']')?;
    let separator = if there.names.is_empty() { "" } else { ", " };
    Some(Edit { range: end..end, content: format!("{separator}{}", ignored.code) })
}

/// Puts the comment on a line of its own, above the place.
fn above(text: &str, ignored: &Diagnostic, at: usize) -> Edit {
    let start = edit::line_start(text, at);
    let (indent, newline) = (edit::indentation(text, at), edit::newline(text));
    Edit { range: start..start, content: format!("{indent}{START}{}]{newline}", ignored.code) }
}

/// Puts the comment at the end of the line.
fn behind(text: &str, ignored: &Diagnostic, at: usize) -> Edit {
    let line = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let end = text[..line].trim_end_matches(['\r', ' ', '\t']).len();
    Edit { range: end..end, content: format!("  {START}{}]", ignored.code) }
}

/// Whether the edit removes this finding and no other. An unused comment would be a finding itself.
fn silences(analysis: &Analysis, finding: usize, edit: &Edit) -> Option<bool> {
    let mut text = analysis.text().to_owned();
    text.replace_range(edit.range.clone(), &edit.content);
    let project = analysis.project.with_text(text).ok()?;
    let found = check::findings(&project, &analysis.selection);
    let plan = check::plan(&project, &found, false);
    let left = check::diagnostics(&project, &found, &plan, &analysis.selection);
    let ignored = analysis.findings().get(finding)?;
    let same = |one: &Diagnostic, other: &Diagnostic| one.code == other.code && one.message == other.message;
    let count = |all: &[Diagnostic], of: &Diagnostic| all.iter().filter(|one| same(one, of)).count();
    let is_gone = count(&left, ignored) < count(analysis.findings(), ignored);
    Some(is_gone && left.iter().all(|one| count(&left, one) <= count(analysis.findings(), one)))
}
