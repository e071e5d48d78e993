//! One reason for what a sync does.

use std::time::SystemTime;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Commit,
    Tag,
    Variable,
    Directory,
    /// What Python imports.
    Extension,
    /// The list of keys itself.
    Keys,
    Version,
    /// What is installed.
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
    /// Of a file or directory, relative to the project; the name of a tag or variable.
    pub(crate) name: Option<String>,
    pub(crate) changed: Option<SystemTime>,
    /// The key by which uv notices, or does not.
    pub(crate) key: Option<String>,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    /// Further details; the whole sentence if the change has no name.
    pub(crate) reason: String,
    /// Whether the last build wrote it, and the next one will again.
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
