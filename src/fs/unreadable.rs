//! What a walk could not read.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A directory or an ignore file that cannot be read.
#[derive(Debug, Clone)]
pub(crate) struct Unreadable {
    pub(crate) path: PathBuf,
    pub(crate) error: Arc<io::Error>,
}

impl Unreadable {
    pub(super) fn new(path: &Path, error: io::Error) -> Self {
        Self { path: path.to_owned(), error: Arc::new(error) }
    }

    pub(super) fn special(path: &Path) -> Self {
        Self::new(path, io::Error::new(ErrorKind::InvalidInput, "not a regular file"))
    }
}
