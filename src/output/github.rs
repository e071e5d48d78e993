//! Workflow commands of GitHub Actions, which shows them as annotations at the lines of a pull request.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use super::Report;
use super::json::{Place, place_of, range};
use crate::fs::Disk;
use crate::fs::path::{printable, slashed};
use crate::project::finding::Severity;

/// Writes a command for each finding that people are shown, and for each error.
///
/// `root` is the checkout as the runner names it (`GITHUB_WORKSPACE`): an annotation's path is taken from there, wherever
/// the command was run.
///
/// # Errors
///
/// Those of `out`.
pub fn github(report: &Report, verbose: bool, root: Option<&Path>, out: &mut impl Write) -> io::Result<()> {
    for project in &report.projects {
        for finding in project.findings.iter().filter(|finding| finding.is_shown(verbose)) {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let place = finding.span.clone().map(|span| range(project.shown_text(), span));
            let properties = properties(Some(&project.pyproject), root, place.as_ref());
            let title = property(&format!("{} {}", finding.code, finding.name));
            writeln!(out, "::{command} {properties}title={title}::{}", data(&finding.advice()))?;
        }
    }
    for error in &report.errors {
        let properties = properties(error.path(), root, place_of(error).as_ref());
        writeln!(out, "::error {properties}title=cachekeys::{}", data(&error.to_string()))?;
    }
    Ok(())
}

fn properties(path: Option<&Path>, root: Option<&Path>, place: Option<&Place>) -> String {
    let file = path.map(|path| format!("file={},", property(&slashed(&from_root(path, root))))).unwrap_or_default();
    let Some(Place { start, end }) = place else { return file };
    // Columns are understood within one line only.
    if start.line == end.line {
        format!("{file}line={},endLine={},col={},endColumn={},", start.line, end.line, start.column, end.column)
    } else {
        format!("{file}line={},endLine={},", start.line, end.line)
    }
}

/// Unchanged where the file lies outside.
fn from_root<'a>(path: &'a Path, root: Option<&Path>) -> Cow<'a, Path> {
    let below = root.and_then(|root| {
        let disk = Disk::default();
        let file = disk.resolve(path);
        Some(file.strip_prefix(disk.real_directory(root)).ok()?.to_owned())
    });
    below.map_or(Cow::Borrowed(path), Cow::Owned)
}

/// Control characters except line breaks are escaped: logs are shown in a terminal.
fn data(text: &str) -> String {
    let lines = text.split_inclusive(['\r', '\n']).map(|line| {
        let words = line.trim_end_matches(['\r', '\n']);
        printable(words).replace('%', "%25") + &line[words.len()..]
    });
    lines.collect::<String>().replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
