//! The settings of a run: which rules are selected, and what happens to the files. They are combined with the settings of each
//! project ([`crate::pyproject::options`]).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::crates::resolver::{CrateMetadata, Resolver};
use crate::error::Error;
use crate::fs::Disk;
use crate::rules::selection::Selection;

/// What happens to findings that can be fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FixMode {
    /// Findings are reported, and files are not changed.
    #[default]
    Off,
    /// The fixed text is computed and reported, and files are not changed.
    Diff,
    /// Files are rewritten.
    Apply,
}

/// The settings of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// Codes (`CK103`), prefixes (`CK1`), names (`uncovered-source`) or `ALL`. They replace the selection of the projects. If
    /// empty, each project's own selection applies.
    pub select: Vec<String>,
    /// Rules to enable in addition.
    pub extend_select: Vec<String>,
    /// Rules to disable. A more specific selector takes precedence. Of two that are equally specific, this one does.
    pub ignore: Vec<String>,
    /// Globs of directories, relative to the current directory. A search skips the projects in them.
    pub exclude: Vec<String>,
    /// Whether excluded projects are skipped even if the command line names them.
    pub force_exclude: bool,
    /// Whether the `[tool.cachekeys]` of the projects are ignored.
    pub isolated: bool,
    /// Settings that override those of the projects: files, or `KEY = VALUE` in TOML. Later ones override earlier ones.
    pub config: Vec<String>,
    /// What happens to findings that can be fixed.
    pub fix: FixMode,
    /// Whether fixes may remove or narrow what the user wrote.
    pub unsafe_fixes: bool,
    /// Whether the edits of safe fixes are computed even if nothing is fixed.
    pub edits: bool,
    /// Whether infos of all rules are computed. Without it, only those of rules selected by name are. Some need an additional
    /// walk.
    pub infos: bool,
    /// How to find the crates that a project is built from.
    pub crate_metadata: CrateMetadata,
    /// How long cargo may take to answer. The default is a minute.
    pub cargo_timeout: Duration,
    /// Whether the report contains the directories to watch ([`crate::ProjectReport::watched`]).
    pub watch: bool,
    /// Receives the progress of a run.
    pub progress: Progress,
}

/// A callback that receives the number of finished projects and the number of all projects. It is called from any thread. By
/// default, there is no callback.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Fn(usize, usize) + Send + Sync>>);

impl Progress {
    /// Calls `listener` with the progress of a run.
    pub fn new(listener: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(crate) fn report(&self, done: usize, all: usize) {
        if let Some(listener) = &self.0 {
            listener(done, all);
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Progress(..)" } else { "Progress" })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            extend_select: Vec::new(),
            ignore: Vec::new(),
            exclude: Vec::new(),
            force_exclude: false,
            isolated: false,
            config: Vec::new(),
            fix: FixMode::Off,
            unsafe_fixes: false,
            edits: true,
            infos: true,
            crate_metadata: CrateMetadata::Auto,
            cargo_timeout: Duration::from_mins(1),
            watch: false,
            progress: Progress::default(),
        }
    }
}

impl Settings {
    /// Parses the selectors. The error for an unknown selector names the most similar known one.
    pub(crate) fn selection(&self) -> Result<Selection, Error> {
        let selection = Selection::of_command_line(&self.select, &self.extend_select, &self.ignore)?;
        Ok(if self.infos { selection } else { selection.without_infos() })
    }

    /// A resolver that asks cargo, or reads the manifests, as these settings say.
    pub(crate) fn resolver(&self, disk: &Disk) -> Resolver {
        Resolver::new(disk, self.crate_metadata, self.cargo_timeout)
    }
}
