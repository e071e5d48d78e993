//! The report of `keys`, as text and as JSON: each key, the files that it covers, and where uv walks for it.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use super::report::Section;
use crate::cache_keys::{Coverage, Key, KeyWalk, RejectionKind, depends_on_company, is_glob, split};
use crate::fs::Disk;
use crate::fs::path::{self, printable};
use crate::output::json;
use crate::pyproject::{Declared, Pyproject};

/// The keys of one project.
#[derive(Debug, Serialize)]
pub struct KeysProject {
    pyproject: String,
    source: &'static str,
    rejected: Option<String>,
    keys: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    kind: &'static str,
    range: Option<json::Place>,
    base: Option<String>,
    walks: usize,
    files: Vec<String>,
    note: Option<String>,
}

impl KeysProject {
    pub(crate) fn of(disk: &Disk, pyproject: &Pyproject) -> Self {
        let source = pyproject.declared.source();
        let mut project = Self { pyproject: path::slashed(&pyproject.shown), source, rejected: None, keys: Vec::new() };
        let (keys, spans) = match &pyproject.declared {
            Declared::Keys(entries) => (
                entries.iter().map(|entry| entry.key.clone()).collect(),
                entries.iter().map(|entry| Some(entry.span.clone())).collect::<Vec<_>>(),
            ),
            Declared::Absent => (Coverage::default_keys(), Vec::new()),
            Declared::Rejected(rejections) => {
                project.rejected = rejections.first().map(|rejection| rejection.reason.clone());
                debug_assert!(rejections.iter().all(|rejection| rejection.kind != RejectionKind::Glob));
                return project;
            }
        };
        match Coverage::compile(disk, &pyproject.dir, &keys) {
            Ok(coverage) => project.keys = rows(pyproject, &coverage, &spans),
            Err(bad) => project.rejected = bad.into_iter().next().map(|bad| bad.reason),
        }
        project
    }
}

impl Section for KeysProject {
    fn text(&self, _verbose: bool, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{} ({})", self.pyproject, self.source)?;
        if let Some(reason) = &self.rejected {
            writeln!(out, "  uv rejects the list: {reason}")?;
        }
        let cells = |row: &Row| {
            let files = if matches!(row.kind, "file" | "glob") { row.files.len().to_string() } else { "-".to_owned() };
            [
                printable(&row.key),
                row.kind.to_owned(),
                files,
                printable(&row.walk()),
                row.note.clone().unwrap_or("ok".to_owned()),
            ]
        };
        let head = ["key", "kind", "files", "walk", "verdict"].map(str::to_owned);
        let rows: Vec<[String; 5]> = std::iter::once(head).chain(self.keys.iter().map(cells)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).min(60);
        let [key, kind, files, walk] = [0, 1, 2, 3].map(width);
        for row in rows.iter().filter(|_| !self.keys.is_empty()) {
            writeln!(out, "  {:key$}  {:kind$}  {:>files$}  {:walk$}  {}", row[0], row[1], row[2], row[3], row[4])?;
        }
        Ok(())
    }
}

impl Row {
    /// Describes where uv walks for the key.
    fn walk(&self) -> String {
        if self.walks == 0 {
            return "-".to_owned();
        }
        let base = self.base.as_deref().filter(|base| !base.is_empty()).unwrap_or(".");
        let directories = if self.walks == 1 { "directory" } else { "directories" };
        format!("{} {directories} below {base}", self.walks)
    }
}

/// The kind of a key: "file", "glob", "dir", "git" or "env".
pub(super) fn kind(key: &Key) -> &'static str {
    match key {
        Key::File(_) if key.is_glob() => "glob",
        Key::File(_) => "file",
        Key::Dir(_) => "dir",
        Key::Git { .. } => "git",
        Key::Env(_) => "env",
    }
}

/// What is wrong with a key according to its text alone.
fn fault(keys: &[Key], index: usize) -> Option<String> {
    let Key::File(path) = &keys[index] else { return None };
    let fault = if keys[..index].contains(&keys[index]) {
        "listed twice"
    } else if path.starts_with('!') {
        if is_glob(path) { "excludes files" } else { "no wildcard: uv reads it as the name of a file" }
    } else if !Path::new(path).has_root() && depends_on_company(path).is_some() {
        "depends on the other keys"
    } else if is_glob(path) && split(path).0.is_empty() {
        "walks the whole project"
    } else {
        return None;
    };
    Some(fault.to_owned())
}

/// Why a key does not do what it seems to do.
pub(super) fn note(keys: &[Key], index: usize, walked: &KeyWalk) -> Option<String> {
    let matches_nothing = keys[index].is_glob() && walked.files.is_empty();
    let bare = || matches_nothing.then(|| "matches no file".to_owned());
    fault(keys, index).or_else(|| walked.note.clone()).or_else(bare)
}

fn rows(pyproject: &Pyproject, coverage: &Coverage, spans: &[Option<Range<usize>>]) -> Vec<Row> {
    let walk = coverage.walk();
    let rows = coverage.keys().iter().zip(walk.keys).enumerate();
    rows.map(|(index, (key, walked))| Row {
        note: note(coverage.keys(), index, &walked),
        key: key.text(),
        kind: kind(key),
        range: spans.get(index).cloned().flatten().map(|span| json::range(pyproject.text(), span)),
        base: walked.base,
        walks: walked.directories,
        files: walked.files.iter().map(|file| path::display(&pyproject.dir, file)).collect(),
    })
    .collect()
}
