//! Keeps the lists of directories that a search reads, so that they are not read again for the projects that it finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Disk;
use super::directory::{Listed, Names};
use crate::fs::Resolved;
use crate::fs::path::{join, strip};

/// Lists each directory that a search reaches, in any thread.
pub(crate) struct Search {
    disk: Disk,
    /// The start as the search spells it.
    start: PathBuf,
    real: Resolved,
}

/// The names that a directory may have.
pub(crate) struct InDirectory(Option<Arc<Names>>);

impl InDirectory {
    /// Nothing is known, so any name is possible.
    pub(crate) const ANYTHING: Self = Self(None);

    /// False if the directory does not have this name.
    pub(crate) fn may_have(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.kind(name) != Listed::Nothing)
    }
}

impl Search {
    /// A search below `start`. It must not follow symlinks.
    pub(crate) fn below(disk: &Disk, start: &Path) -> Self {
        let real = disk.real_directory(start);
        Self { disk: disk.clone(), start: start.to_owned(), real }
    }

    /// Lists a directory that the search has reached.
    pub(crate) fn list(&self, directory: &Path) -> InDirectory {
        let names = Names::listing(directory).ok().flatten().map(Arc::new);
        if let (Some(names), Some(below)) = (&names, strip(directory, &self.start))
            && names.may_be_of_use()
        {
            self.disk.seen.names.put(&join(&self.real, below), Some(Arc::clone(names)));
        }
        InDirectory(names)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn what_a_search_has_listed_answers_in_all_threads() {
        let root = tempfile::tempdir().unwrap();
        let real = root.path().canonicalize().unwrap();
        for directory in ["crate/src", "docs", "crate/empty"] {
            std::fs::create_dir_all(real.join(directory)).unwrap();
        }
        for file in ["crate/Cargo.toml", "crate/src/lib.rs", "docs/index.md"] {
            std::fs::write(real.join(file), "").unwrap();
        }
        let late = ["crate/build.rs", "crate/src/new.rs", "docs/new.rs"].map(|file| real.join(file));
        let asked = |disk: &Disk| late.each_ref().map(|file| disk.exists(file));
        let disk = Disk::default();
        let search = Search::below(&disk, &real.join("crate/.."));
        for directory in ["crate", "crate/src", "crate/empty", "docs", "gone"] {
            let inside = search.list(&real.join("crate/..").join(directory));
            assert!(inside.may_have("Cargo.toml") == matches!(directory, "crate" | "gone"), "{directory}");
        }
        for file in &late {
            std::fs::write(file, "").unwrap();
        }
        // The first list is used, even though the disk changed since. Lists of directories without Rust files were not kept.
        assert_eq!(asked(&disk), [false, false, true]);
        std::thread::scope(|scope| {
            assert_eq!(scope.spawn(|| asked(&disk)).join().unwrap(), [false, false, true]);
        });
        assert_eq!(asked(&Disk::default()), [true; 3]);
    }
}
