//! Writes workflow commands for GitHub Actions, which shows them as annotations in a pull request.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use super::Report;
use super::json::{Place, place_of, range};
use crate::fs::Disk;
use crate::fs::path::{printable, slashed};
use crate::project::finding::Severity;

/// Writes a command for each finding that is shown, and for each error.
///
/// `root` is the path of the checkout on the runner (`GITHUB_WORKSPACE`). The paths of annotations are relative to it, wherever
/// the command was run.
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
    // GitHub accepts columns only if they are in one line.
    if start.line == end.line {
        format!("{file}line={},endLine={},col={},endColumn={},", start.line, end.line, start.column, end.column)
    } else {
        format!("{file}line={},endLine={},", start.line, end.line)
    }
}

/// The path relative to `root`. A path outside is unchanged.
fn from_root<'a>(path: &'a Path, root: Option<&Path>) -> Cow<'a, Path> {
    let below = root.and_then(|root| {
        let disk = Disk::default();
        let file = disk.resolve(path);
        Some(file.strip_prefix(disk.real_directory(root)).ok()?.to_owned())
    });
    below.map_or(Cow::Borrowed(path), Cow::Owned)
}

/// Escapes control characters except for line breaks, since logs are shown in a terminal.
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
