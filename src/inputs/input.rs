//! One thing that feeds a build.

use crate::fs::Resolved;

/// The place of an input in [`super::Inputs::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct InputId(pub(crate) usize);

/// What an input is. The order is the one in which keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Pyproject,
    /// setup.py and setup.cfg, and a backend that is part of the repository.
    Backend,
    Manifest,
    Lockfile,
    BuildScript,
    BuildScriptInput,
    Source,
    Embedded,
    /// Python files of a package that is not installed as editable.
    PythonSource,
    /// What the wheel holds besides: a stub, `data`, `include`.
    PackageData,
    /// Readme and licence files.
    Metadata,
    CargoConfig,
    Toolchain,
    /// No file: a variable of the environment.
    Variable,
    /// No file: the state of git.
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

    /// Whether cargo would react to a change, once uv calls it.
    pub(crate) fn cargo_tracks(self) -> bool {
        !matches!(self, Self::Pyproject | Self::Backend | Self::PythonSource | Self::PackageData | Self::Metadata)
    }

    /// What goes wrong where the input is not covered: "binary", "package" or "metadata".
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
    /// Where every file of the same suffix, or every file, is such an input too.
    pub(crate) tree: Option<Tree>,
    /// A Cargo.lock that the first build will write does not exist yet.
    pub(crate) exists: bool,
    /// Above or beside the repository.
    pub(crate) outside: bool,
    /// There, and part of no crate: named, and left alone.
    pub(crate) loose: bool,
    /// Whether cargo watches what the build reads here: where it does not, a key alone installs the old binary again. `None`
    /// where a line of the build script may name it and could not be determined.
    pub(crate) watched: Option<bool>,
}

impl Input {
    /// Whether cargo would react to a change, once uv calls it.
    pub(crate) fn cargo_tracks(&self) -> Option<bool> {
        if self.kind.cargo_tracks() { self.watched } else { Some(false) }
    }

    /// Read by the build, and not watched by cargo.
    pub(crate) fn is_blind(&self) -> bool {
        self.watched == Some(false)
    }

    /// Whether a missing key is reported. A key alone does not help if cargo does not track the file.
    pub(crate) fn is_judged(&self) -> bool {
        !(self.is_blind() || self.loose)
    }
}

/// A directory that is an input with what it will hold tomorrow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tree {
    pub(crate) directory: Resolved,
    /// All files below it, not those of the input's suffix alone.
    pub(crate) whole: bool,
}

/// A variable of the environment that feeds the build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// `option_env!` and the place: "src/lib.rs:12".
    pub(crate) reason: String,
}

/// The state of git that a build script reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GitState {
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: usize,
    pub(crate) commit: bool,
    pub(crate) tags: bool,
    /// Whether cargo runs the script again after a commit.
    pub(crate) tracked: bool,
    /// By what and where: "git in build.rs:12".
    pub(crate) reason: String,
}

/// A path that the build may read and that its text alone does not determine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Undetermined {
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: Option<usize>,
    /// What names it, and where: `include_str!(PATH)` in src/lib.rs:40.
    pub(crate) reason: String,
    /// Read by a build script that prints no line for cargo: a key alone would not help.
    pub(crate) undeclared: bool,
}

/// A file or directory that a build script writes into the tree: an output, also where git tracks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// Resolved ([`Disk::resolve`](crate::fs::Disk::resolve)).
    pub(crate) path: Resolved,
    /// Whether each build writes it anew: the script runs whenever a file of its package has changed, or this one.
    pub(crate) again: bool,
}
