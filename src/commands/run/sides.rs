//! What the commands beside `check` tell of one project.

use std::path::PathBuf;

use super::{builds_one_of, is_judged, passed_over};
use crate::commands::discover::Candidate;
use crate::commands::explain::report::ExplainProject;
use crate::commands::explain::{Subject, explain as explain_subject};
use crate::commands::inputs::InputsProject;
use crate::commands::keys::KeysProject;
use crate::commands::outcome::Outcome;
use crate::commands::status::report::StatusProject;
use crate::commands::status::{EnvironmentChoice, status as ask_status};
use crate::commands::verify::report::VerifyProject;
use crate::commands::verify::verify as judge_records;
use crate::crates::resolver::Workspaces;
use crate::fs::Disk;
use crate::project::Project;
use crate::pyproject::Pyproject;

/// `inputs`: cargo's side of one project.
pub(crate) fn inputs(candidate: &Candidate, pyproject: Pyproject, workspaces: &Workspaces) -> Outcome<InputsProject> {
    if pyproject.backend.is_none() {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    Outcome::Done(Box::new(InputsProject::of(&project)))
}

/// `check --show-files`: whether a project would be judged.
pub(crate) fn file(candidate: &Candidate, pyproject: Pyproject, workspaces: &Workspaces) -> Outcome<PathBuf> {
    let is_known = is_judged(&pyproject);
    if is_known && (candidate.building.is_empty() || builds_one_of(&Project::analyse(pyproject, workspaces), candidate))
    {
        return Outcome::Done(Box::new(candidate.path.clone()));
    }
    passed_over(candidate)
}

/// `keys`: uv's side of one project, cargo not asked.
pub(crate) fn keys(disk: &Disk, pyproject: &Pyproject) -> Outcome<KeysProject> {
    Outcome::Done(Box::new(KeysProject::of(disk, pyproject)))
}

/// `status`: what the next sync does with one project.
pub(crate) fn status(
    candidate: &Candidate,
    pyproject: Pyproject,
    workspaces: &Workspaces,
    choice: &EnvironmentChoice,
) -> Outcome<StatusProject> {
    if pyproject.backend.is_none() {
        return passed_over(candidate);
    }
    let (shown, dir) = (pyproject.shown.clone(), pyproject.dir.clone());
    match ask_status(pyproject, workspaces, choice) {
        Ok(status) => Outcome::Done(Box::new(StatusProject::of(&shown, &dir, status))),
        Err(error) => Outcome::Failed(error),
    }
}

/// `verify`: the records of the last build of one project.
pub(crate) fn verify(candidate: &Candidate, pyproject: Pyproject, workspaces: &Workspaces) -> Outcome<VerifyProject> {
    if pyproject.backend.is_none() {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    if !builds_one_of(&project, candidate) {
        return passed_over(candidate);
    }
    let verification = judge_records(workspaces.disk(), &project);
    Outcome::Done(Box::new(VerifyProject::of(&project, &verification)))
}

/// `explain`: one file or variable, in one project.
pub(crate) fn explain(
    candidate: &Candidate,
    pyproject: Pyproject,
    workspaces: &Workspaces,
    subject: &Subject,
) -> Outcome<ExplainProject> {
    if pyproject.backend.is_none() {
        return passed_over(candidate);
    }
    let project = Project::analyse(pyproject, workspaces);
    let explanation = explain_subject(workspaces.disk(), &project, subject);
    Outcome::Done(Box::new(ExplainProject::of(&project, explanation)))
}
