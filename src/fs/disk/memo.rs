//! Caches for facts about paths.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use foldhash::fast::RandomState;

/// A cache by the text of paths: hashing a path by its components takes longer.
pub(crate) type Known<T> = HashMap<OsString, T, RandomState>;

/// Paths or names, by their text.
pub(crate) type Texts = HashSet<OsString, RandomState>;

/// A cache that all threads share. The first thread that asks computes the value.
#[derive(Debug)]
pub(crate) struct Memo<T>(RwLock<Known<T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: Clone> Memo<T> {
    pub(crate) fn get(&self, path: &Path) -> Option<T> {
        self.read().get(path.as_os_str()).cloned()
    }

    pub(crate) fn put(&self, path: &Path, found: T) {
        self.write().insert(path.into(), found);
    }

    /// Returns the cached value of a path, or computes it. Nothing is locked meanwhile, because computing it may ask about other
    /// paths.
    pub(crate) fn get_or(&self, path: &Path, look_up: impl FnOnce() -> T) -> T {
        self.get(path).unwrap_or_else(|| {
            let found = look_up();
            self.put(path, found.clone());
            found
        })
    }

    pub(super) fn remove(&self, path: &Path) {
        self.write().remove(path.as_os_str());
    }

    pub(in crate::fs) fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    pub(super) fn clear(&self) {
        self.write().clear();
    }

    pub(super) fn retain(&self, keeps: impl Fn(&Path, &T) -> bool) {
        self.write().retain(|path, known| keeps(Path::new(path), known));
    }

    fn read(&self) -> RwLockReadGuard<'_, Known<T>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known<T>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memo<Arc<[PathBuf]>> {
    /// What `look` finds in a directory and in those above it, nearest first. The result for a parent is computed once, because
    /// many projects share it.
    pub(crate) fn upwards(&self, directory: &Path, look: impl Fn(&Path) -> Option<PathBuf>) -> Vec<PathBuf> {
        let above = |parent: &Path| self.get_or(parent, || parent.ancestors().filter_map(&look).collect());
        let above = directory.parent().map(above);
        look(directory).into_iter().chain(above.iter().flat_map(|above| above.iter().cloned())).collect()
    }
}
