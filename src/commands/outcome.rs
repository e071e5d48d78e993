//! The outcome for one pyproject.toml of a run.

use crate::commands::discover::Candidate;
use crate::error::Error;
use crate::output::{Report, Skipped};

/// Why a project is skipped if it builds none of the given files.
pub(crate) const UNRELATED: &str = "not affected by the given files";

/// The outcome for one pyproject.toml.
pub(crate) enum Outcome<T> {
    /// The report. If something that was requested could not be done, also the reason.
    Done(Box<T>, Option<Error>),
    Skipped(Skipped),
    Failed(Error),
}

impl<T> Outcome<T> {
    pub(crate) fn done(project: T) -> Self {
        Self::Done(Box::new(project), None)
    }

    /// The outcome of a project that the command skips, with the reason.
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
