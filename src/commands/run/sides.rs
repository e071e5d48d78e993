//! What the commands beside `check` tell of one project.

use std::path::PathBuf;

use super::{builds_one_of, passed_over};
use crate::commands::discover::Candidate;
use crate::commands::explain::report::ExplainProject;
use crate::commands::explain::{Subject, explain as explain_subject};
use crate::commands::inputs::InputsProject;
use crate::commands::outcome::Outcome;
use crate::commands::status::report::StatusProject;
use crate::commands::status::{EnvironmentChoice, status as ask_status};
use crate::commands::verify::report::VerifyProject;
use crate::commands::verify::verify as judge_records;
use crate::project::Project;

/// `inputs`: cargo's side of one project.
pub(crate) fn inputs(_: &Candidate, project: Project) -> Outcome<InputsProject> {
    Outcome::Done(Box::new(InputsProject::of(&project)))
}

/// `check --show-files`: whether a project would be judged.
pub(crate) fn file(candidate: &Candidate, project: &Project) -> Outcome<PathBuf> {
    if builds_one_of(project, candidate) {
        Outcome::Done(Box::new(candidate.path.clone()))
    } else {
        passed_over(candidate)
    }
}

/// `status`: what the next sync does with one project.
pub(crate) fn status(project: Project, choice: &EnvironmentChoice) -> Outcome<StatusProject> {
    let (shown, dir) = (project.pyproject.shown.clone(), project.pyproject.dir.clone());
    match ask_status(&project, choice) {
        Ok(status) => Outcome::Done(Box::new(StatusProject::of(&shown, &dir, status))),
        Err(error) => Outcome::Failed(error),
    }
}

/// `verify`: the records of the last build of one project.
pub(crate) fn verify(candidate: &Candidate, project: Project) -> Outcome<VerifyProject> {
    if !builds_one_of(&project, candidate) {
        return passed_over(candidate);
    }
    let verification = judge_records(&project);
    Outcome::Done(Box::new(VerifyProject::of(&project, &verification)))
}

/// `explain`: one file or variable, in one project.
pub(crate) fn explain(project: &Project, subject: &Subject) -> Outcome<ExplainProject> {
    let explanation = explain_subject(project, subject);
    Outcome::Done(Box::new(ExplainProject::of(project, explanation)))
}
