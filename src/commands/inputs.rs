//! The report of `inputs`, as text and as JSON: every input, why it is one, and the key that covers it.

use std::io::{self, Write};

use serde::Serialize;

use super::report::Section;
use crate::cache_keys::{Coverage, Key};
use crate::fs::path::{self, printable};
use crate::inputs::{Input, InputId, Missing, Variable};
use crate::output::count;
use crate::project::{Keys, Project};

/// The inputs of one project.
#[derive(Debug, Serialize)]
pub struct InputsProject {
    pyproject: String,
    backend: String,
    manifest: Option<String>,
    complete: bool,
    crates: Vec<CrateRow>,
    inputs: Vec<Row>,
    directories: Vec<Row>,
    variables: Vec<VariableRow>,
    unresolved: Vec<Unresolved>,
    git: Option<GitRow>,
}

#[derive(Debug, Serialize)]
struct CrateRow {
    name: String,
    manifest: String,
    via: String,
}

/// A file, or a directory that is an input as a whole: a new file in it is an input too.
#[derive(Debug, Serialize)]
struct Row {
    path: String,
    /// Only set for a directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    kind: &'static str,
    #[serde(rename = "crate")]
    in_crate: Option<String>,
    reason: String,
    effect: &'static str,
    cargo_tracks: Option<bool>,
    covered_by: Option<String>,
    #[serde(skip)]
    blind: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    outside: bool,
}

#[derive(Debug, Serialize)]
struct VariableRow {
    name: String,
    reason: String,
    cargo_tracks: bool,
    covered_by: Option<String>,
}

/// The state of git that build scripts read.
#[derive(Debug, Serialize)]
struct GitRow {
    commit: bool,
    tags: bool,
    reason: String,
    cargo_tracks: bool,
    covered_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct Unresolved {
    reason: String,
}

impl InputsProject {
    pub(crate) fn of(project: &Project) -> Self {
        let dir = &project.pyproject.dir;
        let defaults = Coverage::default_keys();
        let default_coverage = project.coverage_of(&defaults);
        let key_of = |id, input: &Input| -> Option<Key> {
            match &project.keys {
                Keys::Absent => {
                    default_coverage.as_ref()?.covering_key(&input.path).map(|index| defaults[index].clone())
                }
                Keys::Rejected(_) => None,
                Keys::Read(_) => project.covered_by(id).map(|index| project.pyproject.entries()[index].key.clone()),
            }
        };
        let row = |(id, input): (_, &Input)| Row {
            path: input.shown.clone(),
            pattern: None,
            kind: input.kind.as_str(),
            in_crate: project.inputs.crate_of(input).map(|found| found.name().to_owned()),
            reason: input.reason.clone(),
            effect: input.kind.effect(),
            cargo_tracks: input.cargo_tracks(),
            covered_by: key_of(id, input).map(|key| key.text()),
            blind: input.is_blind(),
            outside: input.outside,
        };
        Self {
            pyproject: path::slashed(&project.pyproject.shown),
            backend: project.pyproject.backend_name(),
            manifest: project.inputs.entry().map(|found| path::display(dir, &found.package().manifest)),
            complete: project.inputs.complete(),
            crates: project
                .inputs
                .crates
                .iter()
                .map(|found| CrateRow {
                    name: found.name().to_owned(),
                    manifest: path::display(dir, &found.package().manifest),
                    via: found.via.clone(),
                })
                .collect(),
            // A lockfile that the first build will write does not exist yet.
            inputs: project.inputs.iter().filter(|(_, input)| input.exists).map(row).collect(),
            directories: directories(project, row),
            variables: project
                .inputs
                .variables
                .iter()
                .map(|variable| VariableRow::of(project, variable, true))
                .chain(project.inputs.blind_variables.iter().map(|variable| VariableRow::of(project, variable, false)))
                .collect(),
            unresolved: project
                .inputs
                .failures
                .iter()
                .cloned()
                .chain(project.inputs.unresolved.iter().cloned())
                .chain(project.inputs.missing.iter().map(Missing::describe))
                .chain(project.inputs.undetermined.iter().map(|path| path.reason.clone()))
                .map(|reason| Unresolved { reason })
                .collect(),
            git: GitRow::of(project),
        }
    }
}

impl Section for InputsProject {
    fn text(&self, _verbose: bool, out: &mut impl Write) -> io::Result<()> {
        let files = count(self.inputs.len(), "input");
        writeln!(out, "{}: {files} of {}", self.pyproject, count(self.crates.len(), "crate"))?;
        for found in &self.crates {
            writeln!(out, "  crate {:24} {}  ({})", found.name, found.manifest, found.via)?;
        }
        for unresolved in &self.unresolved {
            writeln!(out, "  unresolved: {}", printable(&unresolved.reason))?;
        }
        let width = self.inputs.iter().map(|row| row.path.chars().count()).max().unwrap_or(0).min(60);
        for row in &self.inputs {
            let cover = match &row.covered_by {
                Some(key) => format!("covered by {key}"),
                None if row.blind => "not watched by cargo".to_owned(),
                None if row.outside => "outside the repository".to_owned(),
                None => "NOT COVERED".to_owned(),
            };
            let (path, reason) = (printable(&row.path), printable(&row.reason));
            writeln!(out, "  {:12} {path:width$}  {reason}; {cover}", row.kind)?;
        }
        for variable in &self.variables {
            let cover = match &variable.covered_by {
                Some(_) => "covered",
                None if variable.cargo_tracks => "NOT COVERED",
                None => "not watched by cargo",
            };
            writeln!(out, "  variable     {:width$}  {}; {cover}", variable.name, variable.reason)?;
        }
        if let Some(git) = &self.git {
            let what = if git.tags { "commit, tags" } else { "commit" };
            let cover = match &git.covered_by {
                Some(key) => format!("covered by {key}"),
                None if git.cargo_tracks => "NOT COVERED".to_owned(),
                None => "not watched by cargo".to_owned(),
            };
            writeln!(out, "  git          {what:width$}  {}; {cover}", git.reason)?;
        }
        Ok(())
    }
}

impl GitRow {
    fn of(project: &Project) -> Option<Self> {
        let read = &project.inputs.git;
        let first = read.first()?;
        let tags = read.iter().any(|git| git.tags);
        let covers = |key: &&Key| matches!(key, Key::Git { commit: true, tags: t } if *t || !tags);
        let covered_by = project.coverage().and_then(|coverage| coverage.keys().iter().find(covers)).map(Key::describe);
        let cargo_tracks = read.iter().all(|git| git.tracked);
        Some(Self { commit: true, tags, reason: first.reason.clone(), cargo_tracks, covered_by })
    }
}

impl VariableRow {
    fn of(project: &Project, variable: &Variable, cargo_tracks: bool) -> Self {
        let covered = project.is_variable_covered(&variable.name);
        Self {
            name: variable.name.clone(),
            reason: variable.reason.clone(),
            cargo_tracks,
            covered_by: covered.then(|| variable.name.clone()),
        }
    }
}

/// The directories that are inputs as a whole. A directory is covered if each file in it is.
fn directories(project: &Project, row: impl Fn((InputId, &Input)) -> Row) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (id, input) in project.inputs.iter() {
        let Some(tree) = input.tree.as_ref().filter(|tree| tree.whole) else { continue };
        let path = path::display(&project.pyproject.dir, &tree.directory);
        let new = Row { path, pattern: Some("**/*"), outside: false, ..row((id, input)) };
        match rows.iter_mut().find(|row| row.path == new.path) {
            Some(row) => row.covered_by = row.covered_by.take().filter(|_| new.covered_by.is_some()),
            None => rows.push(new),
        }
    }
    rows
}
