//! `check` of a text that stands nowhere yet: an editor's, or that of a filter.

use std::path::Path;
use std::sync::Arc;

use crate::discover::Candidate;
use crate::inputs::Workspaces;
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
) -> Outcome<ProjectReport> {
    let candidate = Candidate::at(path.to_owned(), true);
    let parsed = Pyproject::parse(path, text.to_owned()).and_then(|pyproject| {
        let options = Arc::new(configuration.options(&pyproject)?);
        Ok(pyproject.with_options(options))
    });
    match parsed {
        Ok(pyproject) => super::project(&candidate, pyproject, workspaces, settings, selection),
        Err(error) => Outcome::Failed(error),
    }
}
