//! Lists that a search makes on its way, and that the work on what it finds need not make again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::directory::{Listed, Names};
use super::listings::Lists;
use super::{Known, LOOKED_UP};
use crate::fs::path::{join, strip};
use crate::fs::resolve;

/// Lists each directory that a search comes to, in whatever thread.
#[derive(Clone)]
pub(crate) struct Search {
    /// As the search spells it, and resolved.
    start: PathBuf,
    real: PathBuf,
    kept: Arc<Mutex<Known<Arc<Names>>>>,
}

/// What a directory may have.
pub(crate) struct InDirectory(Option<Arc<Names>>);

impl InDirectory {
    /// Where nothing is known.
    pub(crate) const ANYTHING: Self = Self(None);

    /// False where there is nothing of that name.
    pub(crate) fn may_have(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.tell(name) != Listed::Nothing)
    }
}

impl Search {
    /// A search below `start` that follows no symlinks.
    pub(crate) fn below(start: &Path) -> Self {
        let real = resolve::real_directory(&resolve::absolute(start));
        Self { start: start.to_owned(), real, kept: Arc::default() }
    }

    /// Lists a directory that the search has come to.
    pub(crate) fn list(&self, directory: &Path) -> InDirectory {
        let names = Names::telling(directory).ok().flatten().map(Arc::new);
        if let (Some(names), Some(below)) = (&names, strip(directory, &self.start))
            && names.may_be_of_use()
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(join(&self.real, below).into(), Arc::clone(names));
        }
        InDirectory(names)
    }

    /// From now on the lists answer in this thread, where it remembers anything.
    pub(crate) fn end(&self) {
        let kept = std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        LOOKED_UP.with_borrow_mut(|looked_up| {
            if let Some(looked_up) = looked_up {
                Arc::make_mut(&mut looked_up.lists).extend(kept);
            }
        });
    }
}

/// The lists that answer in this thread, for another one.
pub(crate) fn lists() -> Lists {
    LOOKED_UP
        .with_borrow(|looked_up| looked_up.as_ref().map(|looked_up| Arc::clone(&looked_up.lists)))
        .unwrap_or_default()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::cache::{exists, remembering, remembering_with};

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
        let asked = || late.each_ref().map(|file| exists(file));
        remembering(|| {
            let search = Search::below(&real.join("crate/.."));
            for directory in ["crate", "crate/src", "crate/empty", "docs", "gone"] {
                let inside = search.list(&real.join("crate/..").join(directory));
                assert!(inside.may_have("Cargo.toml") == matches!(directory, "crate" | "gone"), "{directory}");
            }
            for file in &late {
                std::fs::write(file, "").unwrap();
            }
            search.end();
            // One state of the disk counts. Where there is nothing of Rust, the list was not kept.
            assert_eq!(asked(), [false, false, true]);
            let lists = lists();
            std::thread::scope(|scope| {
                let there = scope.spawn(|| remembering_with(&lists, asked)).join().unwrap();
                assert_eq!(there, [false, false, true]);
            });
        });
        assert_eq!(remembering(asked), [true; 3]);
    }
}
