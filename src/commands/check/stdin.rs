//! `check` of a text that stands nowhere yet: an editor's, or that of a filter.

use std::path::Path;
use std::sync::Arc;

use crate::commands::discover::Candidate;
use crate::commands::outcome::Outcome;
use crate::commands::run::each::Each;
use crate::commands::run::forecast::Forecast;
use crate::commands::settings::Settings;
use crate::crates::resolver::Workspaces;
use crate::output::ProjectReport;
use crate::pyproject::Pyproject;
use crate::pyproject::options::Configuration;
use crate::rules::selection::Selection;

/// Judges `text` as the pyproject.toml at `path`, and fixes it in memory where that is asked for.
pub(crate) fn text(
    path: &Path,
    text: &str,
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
        read: |_: &Candidate| {
            let pyproject = Pyproject::parse(path, text.to_owned())?;
            let options = Arc::new(configuration.options(&pyproject)?);
            Ok(pyproject.with_options(options))
        },
        work: |candidate: &Candidate, pyproject, workspaces: &Workspaces| {
            crate::commands::run::project(candidate, pyproject, workspaces, settings, selection)
        },
    };
    each.outcomes().into_iter().next()
}
