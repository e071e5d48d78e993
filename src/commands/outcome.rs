//! What became of one pyproject.toml in a run.

use crate::commands::discover::Candidate;
use crate::error::Error;
use crate::output::{Report, Skipped};

/// Why a project is skipped if only other files are given.
pub(crate) const UNRELATED: &str = "not affected by the given files";

/// What became of one pyproject.toml.
pub(crate) enum Outcome<T> {
    /// With the reason why not all that was asked for could be done.
    Done(Box<T>, Option<Error>),
    Skipped(Skipped),
    Failed(Error),
}

impl<T> Outcome<T> {
    pub(crate) fn done(project: T) -> Self {
        Self::Done(Box::new(project), None)
    }

    /// Not a project of the kind that the command is about, and why.
    pub(crate) fn skipped(candidate: &Candidate, reason: &'static str) -> Self {
        Self::Skipped(Skipped { path: candidate.path.clone(), named: candidate.named, reason })
    }
}

impl<P> Report<P> {
    pub(crate) fn collect(outcomes: impl IntoIterator<Item = Outcome<P>>, notes: Vec<String>) -> Self {
        let mut report = Self { notes, ..Self::default() };
        for outcome in outcomes {
            match outcome {
                Outcome::Done(project, error) => {
                    report.projects.push(*project);
                    report.errors.extend(error);
                }
                Outcome::Skipped(skipped) => report.skipped.push(skipped),
                Outcome::Failed(error) => report.errors.push(error),
            }
        }
        report
    }
}
