//! One reason why a sync builds or reinstalls a project.

use std::time::SystemTime;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Commit,
    Tag,
    Variable,
    Directory,
    /// The extension module that Python imports.
    Extension,
    /// The list of cache keys itself.
    Keys,
    Version,
    /// The installed distribution.
    Distribution,
    /// A setting of uv.
    Setting,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Commit => "commit",
            Self::Tag => "tag",
            Self::Variable => "variable",
            Self::Directory => "directory",
            Self::Extension => "extension",
            Self::Keys => "keys",
            Self::Version => "version",
            Self::Distribution => "distribution",
            Self::Setting => "setting",
        }
    }
}

/// One reason.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// The path of a file or directory, relative to the project, or the name of a tag or variable.
    pub(crate) name: Option<String>,
    pub(crate) changed: Option<SystemTime>,
    /// The key that covers what changed.
    pub(crate) key: Option<String>,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    /// Further details; the whole sentence if the change has no name.
    pub(crate) reason: String,
    /// Whether the last build wrote the file, and the next build will write it again.
    pub(crate) by_build: bool,
}

impl Change {
    pub(super) fn of(kind: Kind, reason: String) -> Self {
        Self { kind, name: None, changed: None, key: None, old: None, new: None, reason, by_build: false }
    }

    pub(super) fn named(kind: Kind, name: &str, reason: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::of(kind, reason.to_owned()) }
    }
}
