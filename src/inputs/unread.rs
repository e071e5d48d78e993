//! Files and directories that could not be read, so that the report is incomplete.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::fs::Unreadable;
use crate::fs::read::reason;

/// A file or directory that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unread {
    pub(super) path: PathBuf,
    pub(super) reason: String,
}

impl Unread {
    pub(super) fn new(path: &Path, reason: &dyn ToString) -> Self {
        Self { path: path.to_owned(), reason: reason.to_string() }
    }

    /// `None` for a path that does not exist, which other parts report, and for a file that is not UTF-8, which is not Rust.
    pub(super) fn by(path: &Path, error: &io::Error) -> Option<Self> {
        let is_reported =
            !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidData);
        is_reported.then(|| Self::new(path, &reason(error)))
    }

    /// See [`Self::by`].
    pub(super) fn of(unreadable: &Unreadable) -> Option<Self> {
        Self::by(&unreadable.path, &unreadable.error)
    }
}
