//! `check` of a text that is not in a file: that of an editor, or standard input.

use std::path::Path;

use super::{check, unjudged};
use crate::commands::discover::Candidate;
use crate::commands::outcome::Outcome;
use crate::commands::run;
use crate::commands::settings::Settings;
use crate::crates::resolver::Resolver;
use crate::output::ProjectReport;
use crate::project::Project;
use crate::pyproject::options::Configuration;
use crate::rules::selection::Selection;

/// Checks `text` as the pyproject.toml at `path`, and fixes it in memory with `--fix`.
pub(crate) fn text(
    path: &Path,
    configuration: &Configuration,
    resolver: &mut Resolver,
    settings: &Settings,
    selection: &Selection,
) -> Vec<Outcome<ProjectReport>> {
    let candidates = [Candidate::at(path.to_owned(), true)];
    let disk = resolver.disk().clone();
    let read = |candidate: &Candidate| run::read(&disk, candidate, configuration);
    let work = |candidate: &Candidate, project: Project| check(candidate, &project, settings, selection);
    run::each_of(&candidates, read, resolver, None, &settings.progress, unjudged, work)
}
