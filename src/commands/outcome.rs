//! What became of one pyproject.toml in a run.

use std::path::PathBuf;

use crate::error::Error;

/// What became of one pyproject.toml.
pub(crate) enum Outcome<T> {
    Done(Box<T>),
    /// No project of the kind that is checked.
    PassedOver {
        path: PathBuf,
        named: bool,
    },
    Failed(Error),
}

impl<T> Outcome<T> {
    /// What was done; otherwise it goes to those that failed, or were passed over.
    pub(crate) fn done(self, errors: &mut Vec<Error>, passed_over: &mut Vec<(PathBuf, bool)>) -> Option<T> {
        match self {
            Self::Done(done) => return Some(*done),
            Self::PassedOver { path, named } => passed_over.push((path, named)),
            Self::Failed(error) => errors.push(error),
        }
        None
    }
}
