//! The projects of a run, by their files.

use std::io::{self, Write};
use std::path::PathBuf;

use super::outcome::Outcome;
use crate::error::Error;
use crate::fs::path::shown;

/// The files of the projects of a run.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Files {
    /// A directory's own before those below it.
    pub files: Vec<PathBuf>,
    /// What could not be read; exit code 2.
    pub errors: Vec<Error>,
    /// Files that are no Rust-extension project, and whether they were named on the command line.
    pub passed_over: Vec<(PathBuf, bool)>,
}

impl Files {
    pub(crate) fn collect(outcomes: Vec<Outcome<PathBuf>>) -> Self {
        let mut files = Self::default();
        let done = |outcome: Outcome<_>| outcome.done(&mut files.errors, &mut files.passed_over);
        files.files = outcomes.into_iter().filter_map(done).collect();
        files
    }

    /// Writes one path a line, control characters in it escaped.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn text(&self, out: &mut impl Write) -> io::Result<()> {
        self.files.iter().try_for_each(|file| writeln!(out, "{}", shown(file)))
    }
}
