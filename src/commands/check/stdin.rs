//! `check` of a text that stands nowhere yet: an editor's, or that of a filter.

use std::path::Path;
use std::sync::Arc;

use super::Each;
use crate::discover::Candidate;
use crate::inputs::{Forecast, Workspaces};
use crate::options::Configuration;
use crate::outcome::Outcome;
use crate::pyproject::Pyproject;
use crate::report::ProjectReport;
use crate::selection::Selection;
use crate::settings::Settings;

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
            super::project(candidate, pyproject, workspaces, settings, selection)
        },
    };
    each.outcomes().into_iter().next()
}
