//! One project after the other: read, analysed, judged, and fixed in memory. Groups of projects run in parallel.

pub(crate) mod each;
pub(crate) mod forecast;
pub(crate) mod parallel;
mod pool;

use std::path::PathBuf;
use std::sync::Arc;

use super::discover::exclude::Exclusion;
use super::discover::{self, Candidate};
use super::outcome::Outcome;
use super::settings::{Progress, Settings};
use crate::crates::resolver::Workspaces;
use crate::error::Error;
use crate::fs::cache;
use crate::inputs::{self};
use crate::pyproject::Pyproject;
use crate::pyproject::options::Configuration;
use forecast::Forecast;

use each::Each;

/// The workspaces for a run over `paths`. Where the search starts at a project, or at the root of a workspace, cargo is asked
/// about that before the search, which would be waited for otherwise.
pub(crate) fn workspaces(paths: &[PathBuf], settings: &Settings) -> Workspaces {
    let workspaces = Workspaces::new(settings.crate_metadata, settings.cargo_timeout);
    let Some(start) = paths.iter().find(|path| path.is_dir()) else { return workspaces };
    match Pyproject::read(&start.join("pyproject.toml")) {
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
    let configuration = Configuration::of(&settings.config, settings.isolated)?;
    let exclusion = Exclusion::of(settings, &configuration)?;
    cache::remembering(|| {
        let candidates = discover::candidates(paths, &exclusion)?;
        Ok(each_of(&candidates, &configuration, workspaces, &settings.progress, work))
    })
}

/// As [`each()`], for candidates that are found already.
pub(crate) fn each_of<T: Send>(
    candidates: &[Candidate],
    configuration: &Configuration,
    workspaces: &Workspaces,
    progress: &Progress,
    work: impl Fn(&Candidate, Pyproject, &Workspaces) -> Outcome<T> + Sync,
) -> Vec<Outcome<T>> {
    let read = |candidate: &Candidate| read(candidate, configuration);
    let each = Each { candidates, workspaces, forecast: Forecast::of(workspaces), progress, read, work };
    each.outcomes()
}

/// The project of a candidate, with the settings that count for it.
fn read(candidate: &Candidate, configuration: &Configuration) -> Result<Pyproject, Error> {
    if let Some(reason) = &candidate.fault {
        return Err(Error::Read { path: candidate.path.clone(), reason: reason.clone() });
    }
    let pyproject = Pyproject::read(&candidate.path)?;
    let options = Arc::new(configuration.options(&pyproject)?);
    Ok(pyproject.with_options(options))
}
