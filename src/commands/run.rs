//! One project after the other: read, analysed, judged, and fixed in memory. Groups of projects run in parallel.

pub(crate) mod each;
pub(crate) mod forecast;
pub(crate) mod parallel;
mod pool;

use std::path::PathBuf;
use std::sync::Arc;

use super::check::judge;
use super::discover::exclude::Exclusion;
use super::discover::{self, Candidate};
use super::outcome::Outcome;
use super::settings::{Progress, Settings};
use crate::crates::resolver::Workspaces;
use crate::error::Error;
use crate::fs::Disk;
use crate::inputs::{self};
use crate::output::ProjectReport;
use crate::project::Project;
use crate::pyproject::options::Configuration;
use crate::pyproject::{Declared, Pyproject};
use crate::rules::selection::Selection;
use forecast::Forecast;

mod sides;

use each::Each;
pub(crate) use sides::{explain, file, inputs, keys, status, verify};

/// The workspaces for a run over `paths`. Where the search starts at a project, or at the root of a workspace, cargo is asked
/// about that before the search, which would be waited for otherwise.
pub(crate) fn workspaces(disk: &Disk, paths: &[PathBuf], settings: &Settings) -> Workspaces {
    let workspaces = Workspaces::new(disk, settings.crate_metadata, settings.cargo_timeout);
    let Some(start) = paths.iter().find(|path| path.is_dir()) else { return workspaces };
    match Pyproject::read(disk, &start.join("pyproject.toml")) {
        Ok(pyproject) if pyproject.backend.is_some() => inputs::ask_ahead(&pyproject, &workspaces),
        _ => inputs::ask_root_ahead(start, &workspaces),
    }
    workspaces
}

/// Runs `work` on every project at and below `paths`. The order of the outcomes is that of the projects.
pub(crate) fn each<T: Send>(
    paths: &[PathBuf],
    settings: &Settings,
    workspaces: &Workspaces,
    work: impl Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
) -> Result<Vec<Outcome<T>>, Error> {
    let configuration = Configuration::of(workspaces.disk(), &settings.config, settings.isolated)?;
    let exclusion = Exclusion::of(workspaces.disk(), settings, &configuration)?;
    let candidates = discover::candidates(paths, &exclusion)?;
    Ok(each_of(&candidates, &configuration, workspaces, &settings.progress, work))
}

/// As [`each()`], for candidates that are found already.
pub(crate) fn each_of<T: Send>(
    candidates: &[Candidate],
    configuration: &Configuration,
    workspaces: &Workspaces,
    progress: &Progress,
    work: impl Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
) -> Vec<Outcome<T>> {
    let read = |candidate: &Candidate| read(workspaces.disk(), candidate, configuration);
    let each = Each { candidates, workspaces, forecast: Forecast::of(workspaces), progress, read, work };
    each.outcomes()
}

/// The project of a candidate, with the settings that count for it.
pub(super) fn read(disk: &Disk, candidate: &Candidate, configuration: &Configuration) -> Result<Pyproject, Error> {
    if let Some(reason) = &candidate.fault {
        return Err(Error::Read { path: candidate.path.clone(), reason: reason.clone() });
    }
    let pyproject = Pyproject::read(disk, &candidate.path)?;
    let options = Arc::new(configuration.options(&pyproject)?);
    Ok(pyproject.with_options(options))
}

fn passed_over<T>(candidate: &Candidate) -> Outcome<T> {
    Outcome::PassedOver { path: candidate.path.clone(), named: candidate.named }
}

/// `check`: judges one project, and fixes its text where that is asked for.
pub(crate) fn project(
    candidate: &Candidate,
    pyproject: Pyproject,
    workspaces: &Workspaces,
    settings: &Settings,
    selection: &Selection,
) -> Outcome<ProjectReport> {
    if !is_judged(&pyproject) {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    if !builds_one_of(&project, candidate) {
        return passed_over(candidate);
    }
    let selection = selection.over(&project.pyproject.options);
    Outcome::Done(Box::new(judge(project, settings, &selection)))
}

/// Whether the project is built from one of the files that stand for it; always, where none were given.
fn builds_one_of(project: &Project, candidate: &Candidate) -> bool {
    let builds = |file: &PathBuf| {
        let is_beside = file.parent() == Some(&project.pyproject.dir);
        let in_crate = project.inputs.crates.iter().any(|found| file.starts_with(found.package().directory()));
        is_beside || in_crate || project.inputs.files.iter().any(|input| input.path == *file)
    };
    // What could not be read may well be built from it.
    candidate.building.is_empty() || !project.inputs.complete() || candidate.building.iter().any(builds)
}

/// Whether there is anything to judge: a build that is known here, or keys.
fn is_judged(pyproject: &Pyproject) -> bool {
    pyproject.backend.is_some() || !matches!(pyproject.declared, Declared::Absent)
}
