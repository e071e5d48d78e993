//! Lists of the names in directories. Each directory is listed once.

use std::ffi::OsStr;
use std::fs::{DirEntry, FileType};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use super::Disk;
use super::directory::{Listed, Names};
use crate::fs::path::{join, split};
use crate::fs::unreadable::Unreadable;

#[expect(clippy::unused_self, reason = "a directory is listed by way of the disk")]
impl Disk {
    /// The names in a directory, if it was listed. Empty if its parent was listed and does not contain it.
    pub(super) fn known_names(&self, directory: &Path) -> Option<Arc<Names>> {
        match self.seen.names.get(directory) {
            Some(names) => names,
            None => self.is_known_missing(directory).then(Arc::default),
        }
    }

    /// Whether the parent of a directory was listed and does not contain it.
    fn is_known_missing(&self, directory: &Path) -> bool {
        split(directory).is_some_and(|(above, name)| {
            let names = self.seen.names.get(above).flatten();
            names.is_some_and(|names| names.kind(name) == Listed::Nothing)
        })
    }

    /// Lists a directory that many lookups will ask about, unless it was listed before.
    pub(crate) fn list(&self, directory: &Path) {
        self.seen.names.get_or(directory, || {
            let missing = |error: io::Error| is_absence(&error).then(Names::default).filter(Names::is_telling);
            Names::listing(directory).unwrap_or_else(missing).map(Arc::new)
        });
    }

    /// Walks a directory and everything below it. The result is not cached.
    pub(crate) fn below(&self, directory: &Path) -> WalkDir {
        WalkDir::new(directory)
    }

    /// The entries of a directory, sorted by name. The result is not cached.
    pub(crate) fn entries(&self, directory: &Path) -> io::Result<Vec<DirEntry>> {
        let mut entries: Vec<DirEntry> = std::fs::read_dir(directory)?.filter_map(Result::ok).collect();
        entries.sort_by_key(DirEntry::file_name);
        Ok(entries)
    }

    /// The paths that a pattern of `workspace.members` matches, by the library that cargo uses. The result is not cached.
    pub(crate) fn matches(&self, pattern: &Path) -> Vec<PathBuf> {
        let found = pattern.to_str().and_then(|pattern| glob::glob(pattern).ok());
        found.into_iter().flatten().filter_map(Result::ok).collect()
    }

    /// The names in a directory. The list is cached if it may answer other questions.
    pub(in crate::fs) fn names(&self, directory: &Path) -> Result<Arc<Names>, Unreadable> {
        if let Some(names) = self.seen.names.get(directory).flatten() {
            return Ok(names);
        }
        let names = Names::read(directory, usize::MAX).map_err(|error| Unreadable::new(directory, error))?;
        let names = Arc::new(names);
        if names.is_telling() && names.may_be_of_use() {
            self.seen.names.put(directory, Some(Arc::clone(&names)));
        }
        Ok(names)
    }

    /// Calls `visit` for everything below a directory, with the directory around it, its name and its kind. `enters` decides
    /// which directories are entered. Symlinks are not followed. Returns the paths that could not be read.
    pub(crate) fn walk(
        &self,
        root: &Path,
        enters: impl Fn(&Path) -> bool,
        mut visit: impl FnMut(&Path, &OsStr, FileType),
    ) -> Vec<Unreadable> {
        let (mut pending, mut failed) = (vec![root.to_owned()], Vec::new());
        while let Some(directory) = pending.pop() {
            let names = match self.names(&directory) {
                Ok(names) => names,
                Err(error) => {
                    failed.push(error);
                    continue;
                }
            };
            for (name, kind) in names.iter() {
                if !kind.is_dir() {
                    visit(&directory, name, kind);
                    continue;
                }
                let inside = join(&directory, name);
                if enters(&inside) {
                    pending.push(inside);
                }
            }
        }
        failed
    }
}

/// Whether an error means that the directory does not exist.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
