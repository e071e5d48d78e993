//! The one error type: faults of the environment and of the command line, not of the user's keys (those are findings).

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::fs::path::{printable, shown};
use crate::fs::read;

/// Why a file could not be checked, or a run not be started. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file that cannot be read: missing, unreadable, a directory, too large.
    #[error("cannot read {}: {}", shown(path), printable(reason))]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// A file that is not TOML or not UTF-8.
    #[error("{} is not valid TOML: {}", shown(path), printable(reason))]
    Toml {
        /// The file.
        path: PathBuf,
        /// The parser's reason.
        reason: String,
        /// The bytes it is about; empty where the parser names no place.
        span: Range<usize>,
        /// The text that was parsed, as far as it is UTF-8.
        text: String,
    },
    /// A setting of `[tool.cachekeys]` that is unknown or has a wrong value.
    #[error("{}: {}", shown(path), printable(reason))]
    Setting {
        /// The file, or `--config`.
        path: PathBuf,
        /// What is the matter with it.
        reason: String,
        /// The bytes it is about.
        span: Range<usize>,
        /// The text that was parsed.
        text: String,
    },
    /// A path on the command line that names no project.
    #[error("{}: {}", shown(path), printable(reason))]
    Path {
        /// The path, as given.
        path: PathBuf,
        /// What is the matter with it.
        reason: String,
    },
    /// A rule that does not exist in `--select` or `--ignore`.
    #[error("unknown rule `{selector}`{}", suggestion.as_ref().map(|name| format!(", did you mean `{name}`?")).unwrap_or_default())]
    UnknownRule {
        /// The selector, as given.
        selector: String,
        /// The nearest known code or name.
        suggestion: Option<String>,
    },
    /// An edit that was not made, because it could not be proven right or because the file is protected.
    #[error("cannot fix {}: {}", shown(path), printable(reason))]
    Fix {
        /// The file, unchanged.
        path: PathBuf,
        /// Why nothing was written.
        reason: String,
    },
    /// A file for the report that cannot be written.
    #[error("cannot write {}: {}", shown(path), printable(reason))]
    Write {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// The report could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl Error {
    /// The system's refusal to read a file.
    #[must_use]
    pub fn read(path: &Path, error: &io::Error) -> Self {
        Self::Read { path: path.to_owned(), reason: read::reason(error) }
    }

    /// The system's refusal to write a file.
    #[must_use]
    pub fn write(path: &Path, error: &io::Error) -> Self {
        Self::Write { path: path.to_owned(), reason: read::reason(error) }
    }

    /// The file that the error is about, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Read { path, .. }
            | Self::Toml { path, .. }
            | Self::Setting { path, .. }
            | Self::Path { path, .. }
            | Self::Write { path, .. }
            | Self::Fix { path, .. } => Some(path),
            Self::UnknownRule { .. } | Self::Output(_) => None,
        }
    }

    /// The text that the error is about and the bytes of it, where there is a place.
    pub(crate) fn place(&self) -> Option<(&str, Range<usize>)> {
        match self {
            Self::Toml { text, span, .. } | Self::Setting { text, span, .. } => Some((text, span.clone())),
            _ => None,
        }
    }
}
