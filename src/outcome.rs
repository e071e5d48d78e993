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
