//! The files whose changes the client reports, and what each change means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cachekeys::editor::Change;
use gen_lsp_types::{
    BaseUri, DidChangeWatchedFilesRegistrationOptions, FileChangeType, FileEvent, FileSystemWatcher, GlobPattern,
    Registration, RegistrationParams, RelativePattern, Unregistration, UnregistrationParams,
};

use super::uri;

const METHOD: &str = "workspace/didChangeWatchedFiles";

/// Wherever they are in a workspace folder. The records of builds are among them, the rest of `target` is not.
const EVERYWHERE: &[&str] = &[
    "**/{Cargo.toml,Cargo.lock,pyproject.toml,uv.toml,setup.py,setup.cfg,rust-toolchain,rust-toolchain.toml}",
    "**/.cargo/{config,config.toml}",
    "**/*.{rs,pyi}",
    "**/{.gitignore,uv.lock}",
    "**/build/*/output",
    "**/target/**/*.d",
];

/// The registration that holds from the start.
pub(super) fn everywhere() -> RegistrationParams {
    let watchers = EVERYWHERE.iter().map(|pattern| watcher(GlobPattern::Pattern((*pattern).to_owned())));
    registration("everywhere", watchers.collect())
}

/// The registration for the directories of inputs: what is embedded may have any name, and lie outside the workspace folders.
pub(super) fn directories(directories: &BTreeSet<PathBuf>) -> RegistrationParams {
    let pattern = |directory: &PathBuf| {
        let base_uri = BaseUri::Uri(uri::of(directory)?);
        Some(watcher(GlobPattern::RelativePattern(RelativePattern { base_uri, pattern: "*".to_owned() })))
    };
    registration("inputs", directories.iter().filter_map(pattern).collect())
}

/// Takes back what [`directories`] registers.
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

/// What has changed on the disk.
pub(super) fn changes(events: &[FileEvent]) -> Vec<(PathBuf, Change)> {
    let change = |event: &FileEvent| {
        let change = if event.kind == FileChangeType::Changed { Change::Content } else { Change::Existence };
        Some((uri::path(&event.uri)?, change))
    };
    events.iter().filter_map(change).collect()
}

/// Whether a file is one that the server is for.
pub(super) fn is_pyproject(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "pyproject.toml")
}
