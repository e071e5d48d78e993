//! Adds the comment that ignores a finding. The edit is tried out before it is offered.

use crate::commands::check;
use crate::fix::edit;
use crate::output::{Diagnostic, Edit};
use crate::project::Project;
use crate::rules::selection::Selection;

/// The start of every such comment.
const START: &str = "# cachekeys: ignore[";

/// The edit that adds the comment for one of the findings, whose place starts at `at`.
pub(super) fn ignore(
    project: &Project,
    selection: &Selection,
    findings: &[Diagnostic],
    ignored: &Diagnostic,
    at: usize,
) -> Option<Edit> {
    let text = project.pyproject.text();
    let candidates = [extended(project, ignored, at), Some(above(text, ignored, at)), Some(behind(text, ignored, at))];
    let silences = |edit: &Edit| silences(project, selection, findings, ignored, edit).unwrap_or(false);
    candidates.into_iter().flatten().find(silences)
}

/// Adds the code to a comment that already applies to this place.
fn extended(project: &Project, ignored: &Diagnostic, at: usize) -> Option<Edit> {
    let pyproject = &project.pyproject;
    let there = project.suppressions.iter().find(|there| there.is_for(pyproject, Some(&(at..at))))?;
    let end = there.span.start + pyproject.text().get(there.span.clone())?.find(']')?;
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
fn silences(
    project: &Project,
    selection: &Selection,
    findings: &[Diagnostic],
    ignored: &Diagnostic,
    edit: &Edit,
) -> Option<bool> {
    let mut text = project.pyproject.text().to_owned();
    text.replace_range(edit.range.clone(), &edit.content);
    let project = project.with_text(text).ok()?;
    let found = check::findings(&project, selection);
    let plan = check::plan(&project, &found, false);
    let left = check::diagnostics(&project, &found, &plan, selection);
    let same = |one: &Diagnostic, other: &Diagnostic| one.code == other.code && one.message == other.message;
    let count = |all: &[Diagnostic], of: &Diagnostic| all.iter().filter(|one| same(one, of)).count();
    let is_gone = count(&left, ignored) < count(findings, ignored);
    Some(is_gone && left.iter().all(|one| count(&left, one) <= count(findings, one)))
}
