//! The report of a command that runs on many projects, written as text or as JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::discover::Candidate;
use super::outcome::Outcome;
use super::run;
use super::settings::Settings;
use crate::crates::resolver::Resolver;
use crate::error::Error;
use crate::output::escape::plain;
use crate::output::{Report, json};
use crate::project::Project;
use crate::pyproject::Pyproject;

/// What a command reports about one project. Its JSON is that of [`Serialize`].
pub trait Section: Serialize {
    /// Writes the report for people. With `verbose`, it shows all details.
    fn text(&self, verbose: bool, out: &mut impl Write) -> io::Result<()>;

    /// A single line that says everything about this project. If there are several projects and each has such a line, only these
    /// lines are written, unless `verbose` is set.
    fn line(&self) -> Option<String> {
        None
    }

    /// Whether the project makes the command exit with 1. With `strict`, a pending rebuild does so too.
    fn is_at_fault(&self, _strict: bool) -> bool {
        false
    }

    /// The text if there are no projects.
    #[must_use]
    fn none(_errors: &[Error]) -> Option<&'static str> {
        None
    }
}

/// Reports on every project at and below `paths`, see [`run::each_of`].
pub(crate) fn report<P: Send>(
    paths: &[PathBuf],
    settings: &Settings,
    mut resolver: Resolver,
    early: impl Fn(&Candidate, &Pyproject) -> Option<Outcome<P>> + Sync,
    work: impl Fn(&Candidate, Project) -> Outcome<P> + Sync,
) -> Result<Report<P>, Error> {
    let outcomes = run::each(paths, settings, &mut resolver, early, work)?;
    let notes = run::notes(paths, &outcomes, &resolver);
    Ok(Report::collect(outcomes, notes))
}

#[derive(Serialize)]
struct Document<'a, P> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<&'a str>,
    projects: &'a [P],
}

impl<P: Section> Report<P> {
    /// Writes the report for people.
    pub fn text(&self, verbose: bool, out: &mut impl Write) -> io::Result<()> {
        let lines: Option<Vec<String>> = self.projects.iter().map(Section::line).collect();
        plain(out, |out| match lines.filter(|lines| lines.len() > 1 && !verbose) {
            Some(lines) => lines.iter().try_for_each(|line| writeln!(out, "{line}")),
            None => self.projects.iter().try_for_each(|project| project.text(verbose, out)),
        })?;
        match P::none(&self.errors).filter(|_| self.projects.is_empty()) {
            Some(text) => writeln!(out, "{text}"),
            None => Ok(()),
        }
    }

    /// Writes the report as one JSON document.
    pub fn json(&self, out: &mut impl Write) -> io::Result<()> {
        json::write(&Document { version: 1, asked: self.asked.as_deref(), projects: &self.projects }, out)
    }

    /// Whether a project makes the command exit with 1; see [`Section::is_at_fault`].
    #[must_use]
    pub fn is_at_fault(&self, strict: bool) -> bool {
        self.projects.iter().any(|project| project.is_at_fault(strict))
    }
}
