//! `check` of a text that stands nowhere yet: an editor's, or that of a filter.

use std::path::Path;

use crate::commands::discover::Candidate;
use crate::commands::outcome::Outcome;
use crate::commands::run::each::Each;
use crate::commands::run::forecast::Forecast;
use crate::commands::settings::Settings;
use crate::crates::resolver::Workspaces;
use crate::output::ProjectReport;
use crate::pyproject::options::Configuration;
use crate::rules::selection::Selection;

/// Judges `text` as the pyproject.toml at `path`, and fixes it in memory where that is asked for.
pub(crate) fn text(
    path: &Path,
    configuration: &Configuration,
    workspaces: &Workspaces,
    settings: &Settings,
    selection: &Selection,
) -> Option<Outcome<ProjectReport>> {
    let candidates = [Candidate::at(path.to_owned(), true)];
    let each = Each {
        candidates: &candidates,
        workspaces,
        forecast: Forecast::of(workspaces),
        progress: &settings.progress,
        read: |candidate: &Candidate| crate::commands::run::read(workspaces.disk(), candidate, configuration),
        work: |candidate: &Candidate, pyproject, workspaces: &Workspaces| {
            crate::commands::run::project(candidate, pyproject, workspaces, settings, selection)
        },
    };
    each.outcomes().into_iter().next()
}
