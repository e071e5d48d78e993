//! The files to watch, and the meaning of each change. The client watches the files. If it cannot, the server does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use cachekeys::editor::Change;
use gen_lsp_types::{
    BaseUri, DidChangeWatchedFilesRegistrationOptions, FileChangeType, FileEvent, FileSystemWatcher, GlobPattern,
    Registration, RegistrationParams, RelativePattern, Unregistration, UnregistrationParams,
};

use notify::event::{EventKind, ModifyKind};
use notify::{RecommendedWatcher, Watcher};

use super::{Event, uri};

const METHOD: &str = "workspace/didChangeWatchedFiles";

/// Patterns for the whole workspace folder. They include the records of builds, but no other files in `target`.
const EVERYWHERE: &[&str] = &[
    "**/{Cargo.toml,Cargo.lock,pyproject.toml,uv.toml,setup.py,setup.cfg,rust-toolchain,rust-toolchain.toml}",
    "**/.cargo/{config,config.toml}",
    "**/*.{rs,pyi}",
    "**/{.gitignore,uv.lock}",
    "**/build/*/output",
    "**/target/**/*.d",
];

/// The registration for [`EVERYWHERE`], which is made at the start.
pub(super) fn everywhere() -> RegistrationParams {
    let watchers = EVERYWHERE.iter().map(|pattern| watcher(GlobPattern::Pattern((*pattern).to_owned())));
    registration("everywhere", watchers.collect())
}

/// The registration for the directories of inputs. An embedded file may have any name, and lie outside the workspace folders.
pub(super) fn directories(directories: &BTreeSet<PathBuf>) -> RegistrationParams {
    let pattern = |directory: &PathBuf| {
        let base_uri = BaseUri::Uri(uri::of(directory)?);
        Some(watcher(GlobPattern::RelativePattern(RelativePattern { base_uri, pattern: "*".to_owned() })))
    };
    registration("inputs", directories.iter().filter_map(pattern).collect())
}

/// Cancels the registration of [`directories`].
pub(super) fn no_directories() -> UnregistrationParams {
    let unregistration = Unregistration { id: "inputs".to_owned(), method: METHOD.to_owned() };
    UnregistrationParams { unregisterations: vec![unregistration] }
}

fn watcher(glob_pattern: GlobPattern) -> FileSystemWatcher {
    FileSystemWatcher { glob_pattern, kind: None }
}

fn registration(id: &str, watchers: Vec<FileSystemWatcher>) -> RegistrationParams {
    let options = DidChangeWatchedFilesRegistrationOptions { watchers };
    let registration = Registration {
        id: id.to_owned(),
        method: METHOD.to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    RegistrationParams { registrations: vec![registration] }
}

/// The changes that the client reports.
pub(super) fn changes(events: Vec<FileEvent>) -> Vec<(PathBuf, Change)> {
    let change = |event: FileEvent| {
        let change = if event.kind == FileChangeType::Changed { Change::Content } else { Change::Existence };
        Some((uri::path(&event.uri)?, change))
    };
    events.into_iter().filter_map(change).collect()
}

/// Watches directories if the client does not.
pub(super) struct Watching {
    watcher: RecommendedWatcher,
    followed: BTreeSet<PathBuf>,
}

impl Watching {
    /// `None` if the system cannot watch files.
    pub(super) fn new(events: Sender<Event>) -> Option<Self> {
        let report = move |event: notify::Result<notify::Event>| {
            if let Ok(event) = event
                && let Some(change) = meaning(event.kind)
            {
                let changes = event.paths.into_iter().map(|path| (path, change)).collect();
                // If sending fails, the server is ending.
                let _ = events.send(Event::Changed(changes));
            }
        };
        let watcher = RecommendedWatcher::new(report, notify::Config::default()).ok()?;
        Some(Self { watcher, followed: BTreeSet::new() })
    }

    /// Watches further directories.
    pub(super) fn follow(&mut self, directories: BTreeSet<PathBuf>) {
        crate::watch::follow(&mut self.watcher, &mut self.followed, directories);
    }
}

/// The change that an event of the system stands for; `None` if it is not a change, such as reading a file.
fn meaning(kind: EventKind) -> Option<Change> {
    match kind {
        EventKind::Access(_) => None,
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)) => Some(Change::Content),
        _ => Some(Change::Existence),
    }
}

/// Whether the server checks this file.
pub(super) fn is_pyproject(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "pyproject.toml")
}
