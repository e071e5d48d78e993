//! `check --show-files`: the pyproject.toml files of the projects in a run.

use std::io::{self, Write};
use std::path::PathBuf;

use super::check::unjudged;
use super::discover::Candidate;
use super::outcome::{Outcome, UNRELATED};
use super::report::Section;
use crate::fs::path::shown;
use crate::project::Project;
use crate::pyproject::Pyproject;

/// The outcome of a project that needs no analysis; `None` if only the analysis shows whether it would be checked.
pub(crate) fn known(candidate: &Candidate, pyproject: &Pyproject) -> Option<Outcome<PathBuf>> {
    let listed = || candidate.building.is_empty().then(|| Outcome::done(candidate.path.clone()));
    unjudged(candidate, pyproject).or_else(listed)
}

/// The outcome of an analysed project.
pub(crate) fn file(candidate: &Candidate, project: &Project) -> Outcome<PathBuf> {
    if candidate.asks_for(project) {
        Outcome::done(candidate.path.clone())
    } else {
        Outcome::skipped(candidate, UNRELATED)
    }
}

impl Section for PathBuf {
    fn text(&self, _verbose: bool, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", shown(self))
    }
}
