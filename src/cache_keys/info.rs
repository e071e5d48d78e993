//! The cache info of a project, computed as uv does. uv compares it to decide whether the project has changed.
//!
//! Source of the facts: `src/cache_info.rs` of the crate `uv-cache-info`. uv computes it before a build, stores it with the
//! wheel in its cache and as `uv_cache.json` in the installed distribution, and treats any difference as a change.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::SystemTime;

use serde::Deserialize;

use super::coverage::Coverage;
use super::git::{self, GitReading};
use super::grammar::Key;
use super::group::Step;
use crate::fs::Resolved;

/// A cache info, as uv stores it. Fields of a newer uv are ignored, as an older uv does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CacheInfo {
    /// The newest change time of all covered files.
    pub(crate) timestamp: Option<SystemTime>,
    pub(crate) commit: Option<String>,
    /// Tags and the commits or objects that they point to.
    pub(crate) tags: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub(crate) directories: BTreeMap<String, Option<Directory>>,
}

/// What distinguishes a directory from another that replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Directory {
    Created(SystemTime),
    /// Used if the file system has no creation times.
    Inode(u64),
}

/// A cache info, and the files that determine it.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) info: CacheInfo,
    /// The covered files that changed after the given time, newest first.
    pub(crate) newer: Vec<NewerFile>,
    /// A key that would walk the whole disk, and was not walked.
    pub(crate) unwalked: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewerFile {
    pub(crate) path: Resolved,
    /// Index of the key by which uv covers it.
    pub(crate) key: usize,
    pub(crate) changed: SystemTime,
}

impl CacheInfo {
    /// Whether uv stores nothing, so that it never considers the project unchanged.
    pub(crate) fn is_empty(&self) -> bool {
        self.timestamp.is_none()
            && self.commit.is_none()
            && self.tags.is_none()
            && self.env.is_empty()
            && self.directories.is_empty()
    }
}

impl Coverage {
    /// uv's cache info of the project as it is now, and the covered files that changed after the time in `stored`.
    pub(crate) fn cache_info(&self, stored: &CacheInfo, reading: GitReading) -> Noted {
        let mut noted = Noted::default();
        for (index, key) in self.keys().iter().enumerate() {
            self.note(index, key, stored, reading, &mut noted);
        }
        for group in &self.groups {
            if group.is_disk() {
                noted.unwalked = group.patterns.first().map(|pattern| pattern.key);
                continue;
            }
            let _ = group.walk(Path::new(""), |step| {
                // The times of the file that a symlink leads to count.
                if let Step::File { path, key, .. } = step
                    && let Ok(found) = path.metadata()
                {
                    noted.file(path, key, &found, stored);
                }
                ControlFlow::Continue(())
            });
        }
        noted.newer.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.path.cmp(&b.path)));
        // Several keys may cover the same file.
        noted.newer.dedup_by(|later, file| later.path == file.path);
        noted
    }

    /// Adds the part of a key that needs no walk.
    fn note(&self, index: usize, key: &Key, stored: &CacheInfo, reading: GitReading, noted: &mut Noted) {
        match key {
            Key::File(_) if key.is_glob() => {}
            Key::File(text) => {
                let path = self.dir.join(text);
                if let Some(found) = path.metadata().ok().filter(Metadata::is_file) {
                    noted.file(self.disk.resolve(&path), index, &found, stored);
                }
            }
            Key::Dir(text) => match self.dir.join(text).metadata() {
                Ok(found) if found.is_dir() => {
                    let by_inode = matches!(stored.directories.get(text), Some(Some(Directory::Inode(_))));
                    if let Some(directory) = directory(&found, by_inode) {
                        noted.info.directories.insert(text.clone(), Some(directory));
                    }
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    noted.info.directories.insert(text.clone(), None);
                }
                // uv warns and stores nothing.
                _ => {}
            },
            Key::Git { commit, tags } => {
                if *commit && let Some(commit) = git::commit(&self.disk, &self.dir, reading) {
                    noted.info.commit = Some(commit);
                }
                if *tags && let Some(tags) = git::tags(&self.disk, &self.dir, reading) {
                    noted.info.tags = Some(tags);
                }
            }
            Key::Env(name) => {
                noted.info.env.insert(name.clone(), std::env::var(name).ok());
            }
        }
    }
}

impl Noted {
    fn file(&mut self, path: Resolved, key: usize, found: &Metadata, stored: &CacheInfo) {
        let Some(changed) = change_time(found) else { return };
        self.info.timestamp = self.info.timestamp.max(Some(changed));
        if Some(changed) > stored.timestamp {
            self.newer.push(NewerFile { path, key, changed });
        }
    }
}

/// When a file, its name or its permissions last changed.
#[cfg(unix)]
pub(super) fn change_time(found: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;
    use std::time::Duration;

    let (seconds, nanos) = (u64::try_from(found.ctime()).ok()?, u32::try_from(found.ctime_nsec()).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanos))
}

#[cfg(not(unix))]
pub(super) fn change_time(found: &Metadata) -> Option<SystemTime> {
    found.modified().ok()
}

/// uv uses the inode if the file system has no creation time. The stored value shows which of the two it used.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no inode")]
fn directory(found: &Metadata, by_inode: bool) -> Option<Directory> {
    use std::os::unix::fs::MetadataExt;

    let created = found.created().ok().filter(|_| !by_inode);
    Some(created.map_or_else(|| Directory::Inode(found.ino()), Directory::Created))
}

#[cfg(not(unix))]
fn directory(found: &Metadata, _: bool) -> Option<Directory> {
    found.created().ok().map(Directory::Created)
}
