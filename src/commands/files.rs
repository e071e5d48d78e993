//! `check --show-files`: the projects of a run, by their files.

use std::io::{self, Write};
use std::path::PathBuf;

use super::check::unjudged;
use super::discover::Candidate;
use super::outcome::{Outcome, UNRELATED};
use super::report::Section;
use crate::fs::path::shown;
use crate::project::Project;
use crate::pyproject::Pyproject;

/// Whether a project would be judged, where that is known without analysis.
pub(crate) fn known(candidate: &Candidate, pyproject: &Pyproject) -> Option<Outcome<PathBuf>> {
    let listed = || candidate.building.is_empty().then(|| Outcome::done(candidate.path.clone()));
    unjudged(candidate, pyproject).or_else(listed)
}

/// Whether a project would be judged.
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
