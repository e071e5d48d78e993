//! `check --show-files`: the projects of a run, by their files.

use std::io::{self, Write};
use std::path::PathBuf;

use super::check::is_judged;
use super::discover::Candidate;
use super::outcome::Outcome;
use super::report::Section;
use crate::crates::resolver::Workspaces;
use crate::fs::path::shown;
use crate::project::Project;
use crate::pyproject::Pyproject;

/// Whether a project would be judged.
pub(crate) fn file(candidate: &Candidate, pyproject: Pyproject, workspaces: &Workspaces) -> Outcome<PathBuf> {
    let is_meant =
        |pyproject| candidate.building.is_empty() || candidate.asks_for(&Project::analyse(pyproject, workspaces));
    if is_judged(&pyproject) && is_meant(pyproject) {
        return Outcome::done(candidate.path.clone());
    }
    Outcome::skipped(candidate)
}

impl Section for PathBuf {
    fn text(&self, _verbose: bool, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", shown(self))
    }
}
