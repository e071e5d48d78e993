//! What a run is asked to do: the selected rules, and what happens to the file. Over it come the settings of each project
//! ([`crate::pyproject::options`]).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::crates::resolver::CrateMetadata;
use crate::error::Error;
use crate::rules::selection::Selection;

/// What happens to what can be fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FixMode {
    /// Findings are reported, files left alone.
    #[default]
    Off,
    /// The fixed text is computed and reported, files left alone.
    Diff,
    /// Files are rewritten.
    Apply,
}

/// The settings of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// Codes (`CK103`), prefixes (`CK1`), names (`uncovered-source`) or `ALL`, in the place of what the projects select;
    /// empty leaves that to them.
    pub select: Vec<String>,
    /// Rules besides those.
    pub extend_select: Vec<String>,
    /// Rules to disable. The more specific selector takes precedence; of two alike, this one.
    pub ignore: Vec<String>,
    /// Globs of directories, relative to the current one, whose projects a search skips.
    pub exclude: Vec<String>,
    /// Whether excluded projects are skipped even if the command line names them.
    pub force_exclude: bool,
    /// Whether the `[tool.cachekeys]` of the projects count for nothing.
    pub isolated: bool,
    /// Settings over those of the projects: files, or `KEY = VALUE` in TOML; the later count more.
    pub config: Vec<String>,
    /// What happens to what can be fixed.
    pub fix: FixMode,
    /// Whether fixes may take away something the user wrote.
    pub unsafe_fixes: bool,
    /// Whether the bytes that a safe fix would change are computed where nothing is fixed.
    pub edits: bool,
    /// Whether infos are looked for, also those of rules that are not named; some take a walk of their own.
    pub infos: bool,
    /// Who says which crates a project is built from.
    pub crate_metadata: CrateMetadata,
    /// How long cargo may take to answer; a minute.
    pub cargo_timeout: Duration,
    /// Whether the report says what to watch ([`crate::ProjectReport::watched`]).
    pub watch: bool,
    /// Receives the progress of a run.
    pub progress: Progress,
}

/// A callback for the number of projects that are done, and of all projects. It is called from any thread. None by default.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Fn(usize, usize) + Send + Sync>>);

impl Progress {
    /// Tells `listener`.
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
    /// The selectors, checked; an unknown one is an error that names the nearest known one.
    pub(crate) fn selection(&self) -> Result<Selection, Error> {
        let selection = Selection::of_command_line(&self.select, &self.extend_select, &self.ignore)?;
        Ok(if self.infos { selection } else { selection.without_infos() })
    }
}
