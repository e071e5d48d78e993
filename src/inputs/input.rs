//! One input of a build.

use crate::fs::Resolved;

/// The index of an input in [`super::Inputs::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct InputId(pub(crate) usize);

/// The kind of an input. Keys are written in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Pyproject,
    /// setup.py, setup.cfg, and a backend in the repository.
    Backend,
    Manifest,
    Lockfile,
    BuildScript,
    BuildScriptInput,
    Source,
    Embedded,
    /// Python files of a package that is not installed as editable.
    PythonSource,
    /// Other files of the wheel: a stub, `data`, `include`.
    PackageData,
    /// Readme and licence files.
    Metadata,
    CargoConfig,
    Toolchain,
    /// Not a file: an environment variable.
    Variable,
    /// Not a file: the state of git.
    Git,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pyproject => "pyproject",
            Self::Backend => "build-backend",
            Self::Manifest => "manifest",
            Self::Lockfile => "lockfile",
            Self::BuildScript => "build-script",
            Self::BuildScriptInput => "build-script-input",
            Self::Source => "source",
            Self::Embedded => "embedded",
            Self::PythonSource => "python-source",
            Self::PackageData => "package-data",
            Self::Metadata => "metadata",
            Self::CargoConfig => "cargo-config",
            Self::Toolchain => "toolchain",
            Self::Variable => "variable",
            Self::Git => "git",
        }
    }

    /// Whether cargo reacts to a change once uv runs it.
    pub(crate) fn cargo_tracks(self) -> bool {
        !matches!(self, Self::Pyproject | Self::Backend | Self::PythonSource | Self::PackageData | Self::Metadata)
    }

    /// What is out of date if the input is not covered: "binary", "package" or "metadata".
    pub(crate) fn effect(self) -> &'static str {
        match self {
            Self::Backend | Self::PythonSource | Self::PackageData => "package",
            Self::Metadata => "metadata",
            _ => "binary",
        }
    }
}

/// A file that feeds the build.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) path: Resolved,
    /// Relative to the project directory, with `/`.
    pub(crate) shown: String,
    pub(crate) kind: Kind,
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: Option<usize>,
    pub(crate) reason: String,
    /// Set if every file of the same suffix, or every file, in the directory is such an input too.
    pub(crate) tree: Option<Tree>,
    /// False for a Cargo.lock that does not exist yet and that the first build will write.
    pub(crate) exists: bool,
    /// Whether it is above or beside the repository.
    pub(crate) outside: bool,
    /// Whether it is outside the repository and in no crate. It is listed, but a missing key is not reported.
    pub(crate) loose: bool,
    /// Whether cargo watches this file. If it does not, a key alone makes uv install the old binary again. `None` if a line of
    /// the build script that could not be determined may name it.
    pub(crate) watched: Option<bool>,
}

impl Input {
    /// Whether cargo reacts to a change once uv runs it.
    pub(crate) fn cargo_tracks(&self) -> Option<bool> {
        if self.kind.cargo_tracks() { self.watched } else { Some(false) }
    }

    /// Whether the build reads it and cargo does not watch it.
    pub(crate) fn is_blind(&self) -> bool {
        self.watched == Some(false)
    }

    /// Whether a missing key is reported. A key alone does not help if cargo does not track the file.
    pub(crate) fn is_judged(&self) -> bool {
        !(self.is_blind() || self.loose)
    }
}

/// A directory that is an input, including files that are added later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tree {
    pub(crate) directory: Resolved,
    /// Whether all files below it count, and not only those of the input's suffix.
    pub(crate) whole: bool,
}

/// An environment variable that the build reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// The macro and its place, such as `option_env!` in src/lib.rs:12.
    pub(crate) reason: String,
}

/// The state of git that a build script reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GitState {
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: usize,
    /// Whether the script reads tags besides the commit.
    pub(crate) tags: bool,
    /// Whether cargo runs the script again after a commit.
    pub(crate) tracked: bool,
    /// How and where: "git in build.rs:12".
    pub(crate) reason: String,
}

/// A path that the build may read, and that its text does not determine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Undetermined {
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: Option<usize>,
    /// How it is named, and where: `include_str!(PATH)` in src/lib.rs:40.
    pub(crate) reason: String,
    /// Whether the build script that reads it prints no line for cargo. A key alone would not help then.
    pub(crate) undeclared: bool,
}

/// A file or directory that a source or a build script names and that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The places where it may be, at least one.
    pub(crate) places: Vec<Resolved>,
    /// For a directory: the name of a file in it, which a key must cover.
    pub(crate) inside: Option<String>,
    /// How it is named, and where.
    pub(crate) reason: String,
}

impl Missing {
    /// The files that a key must cover: one of them is enough.
    pub(crate) fn samples(&self) -> impl Iterator<Item = Resolved> {
        self.places.iter().map(|place| self.inside.as_ref().map_or_else(|| place.clone(), |file| place.child(file)))
    }

    /// How it is named, where, and that it does not exist.
    pub(crate) fn describe(&self) -> String {
        let what = if self.inside.is_some() { "directory" } else { "file" };
        format!("{}: the {what} does not exist", self.reason)
    }
}

/// A file or directory that a build script writes into the tree: an output, even if git tracks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// Resolved ([`Disk::resolve`](crate::fs::Disk::resolve)).
    pub(crate) path: Resolved,
    /// Whether each build writes it again: the script runs whenever a file of its package, or this file, has changed.
    pub(crate) again: bool,
}
