//! One file or variable for people and as JSON: what it is, what covers it, what a change of it does.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Explanation, fault};
use crate::commands::outcome::Outcome;
use crate::error::Error;
use crate::output::escape::plain;
use crate::output::json;
use crate::project::Project;

/// What is known of one file or variable, in each project that has to do with it.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ExplainReport {
    asked: String,
    projects: Vec<ExplainProject>,
    /// What could not be read; exit code 2.
    pub errors: Vec<Error>,
    /// Files that are no Rust-extension project, and whether they were named on the command line.
    pub passed_over: Vec<(PathBuf, bool)>,
    /// Why manifests were read instead of cargo asked, one line each.
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub(crate) struct ExplainProject {
    pyproject: String,
    complete: bool,
    name: String,
    input: bool,
    kind: Option<&'static str>,
    #[serde(rename = "crate")]
    in_crate: Option<String>,
    reason: String,
    /// Why it is no input, in a word.
    absence: Option<&'static str>,
    outside: bool,
    covered_by: Vec<String>,
    /// What is the matter with the keys.
    keys: Option<&'static str>,
    uv_rebuilds: bool,
    cargo_tracks: Option<bool>,
    #[serde(skip)]
    blind: bool,
    #[serde(skip)]
    concerns: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    asked: &'a str,
    projects: &'a [ExplainProject],
}

impl ExplainProject {
    pub(crate) fn of(project: &Project, explanation: Explanation) -> Self {
        let Explanation { shown, input, absence, covered_by, tracked, concerns } = explanation;
        Self {
            pyproject: json::slashed(&project.pyproject.shown),
            complete: project.inputs.complete(),
            name: shown,
            input: input.is_some(),
            kind: input.as_ref().map(|role| role.kind),
            in_crate: input.as_ref().and_then(|role| role.in_crate.clone()),
            blind: input.as_ref().is_some_and(|role| role.blind),
            outside: input.as_ref().is_some_and(|role| role.outside),
            absence: absence.as_ref().map(|absence| absence.code),
            reason: input.map(|role| role.reason).or(absence.map(|absence| absence.reason)).unwrap_or_default(),
            uv_rebuilds: !covered_by.is_empty(),
            covered_by,
            keys: fault(project),
            cargo_tracks: tracked,
            concerns,
        }
    }

    fn text(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{} in {}", self.name, self.pyproject)?;
        match (self.kind, &self.in_crate) {
            (None, _) => writeln!(out, "  no input: {}", self.reason)?,
            (Some(kind), Some(in_crate)) if !self.reason.contains(&format!("`{in_crate}`")) => {
                writeln!(out, "  an input ({kind} of crate `{in_crate}`): {}", self.reason)?;
            }
            (Some(kind), _) => writeln!(out, "  an input ({kind}): {}", self.reason)?,
        }
        if !self.complete {
            writeln!(out, "  not all of the project could be read (CK303): there may be more to it")?;
        }
        if self.outside {
            writeln!(out, "  it lies outside the repository: no key is asked for")?;
        }
        match self.covered_by.as_slice() {
            [] => {
                let fault = self.keys.map(|fault| format!(": {fault}")).unwrap_or_default();
                writeln!(out, "  covered by no key{fault}")?;
            }
            keys => writeln!(out, "  covered by {}", keys.join(", "))?,
        }
        writeln!(out, "  when it changes, {}", self.effect())
    }

    fn effect(&self) -> &'static str {
        match (self.uv_rebuilds, self.input, self.cargo_tracks) {
            (true, true, Some(true)) => "uv rebuilds, and cargo compiles anew",
            (true, true, _) if self.blind => {
                "uv rebuilds, and cargo, which does not watch it, installs the old binary again (CK301)"
            }
            (true, true, _) => "uv rebuilds; cargo compiles only what else has changed",
            (false, true, _) => "uv does not rebuild: what is installed goes stale",
            (true, false, Some(true)) => "uv rebuilds",
            (true, false, Some(false)) => "uv rebuilds, though cargo would compile nothing anew",
            (true, false, None) => "uv rebuilds; whether cargo compiles anything is not known",
            (false, false, Some(true)) => "uv does not rebuild, though cargo would",
            (false, false, Some(false)) => "nothing happens, and nothing needs to",
            (false, false, None) => "uv does not rebuild; some names in the sources are computed, and may mean it",
        }
    }
}

impl ExplainReport {
    /// Keeps the projects that have to do with what was asked; all of them, where none has.
    pub(crate) fn collect(asked: String, outcomes: Vec<Outcome<ExplainProject>>) -> Self {
        let mut report = Self { asked, ..Self::default() };
        let done = |outcome: Outcome<_>| outcome.done(&mut report.errors, &mut report.passed_over);
        report.projects = outcomes.into_iter().filter_map(done).collect();
        if report.projects.iter().any(|project| project.concerns) {
            report.projects.retain(|project| project.concerns);
        }
        if report.projects.is_empty() && report.errors.is_empty() {
            let reason = "no Rust-extension project is around it; `--project` names one".to_owned();
            report.errors.push(Error::Path { path: Path::new(&report.asked).to_owned(), reason });
        }
        report
    }

    /// Writes the answer of each project.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn text(&self, out: &mut impl Write) -> io::Result<()> {
        plain(out, |out| self.projects.iter().try_for_each(|project| project.text(out)))
    }

    /// Writes the answers as one JSON document.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn json(&self, out: &mut impl Write) -> io::Result<()> {
        json::write(&Document { version: 1, asked: &self.asked, projects: &self.projects }, out)
    }
}
