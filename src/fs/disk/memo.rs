//! What is known of paths.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use foldhash::fast::RandomState;

/// What is known of paths, by their text: to hash a path by its components takes longer.
pub(crate) type Known<T> = HashMap<OsString, T, RandomState>;

/// Paths, or names, by their text.
pub(crate) type Texts = HashSet<OsString, RandomState>;

/// The same, shared by all threads: computed by the first that asks.
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

    /// What is known of a path, or is looked up now. To look one up may need another: nothing is locked meanwhile.
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
    /// What `look` finds in a directory and in those above it, nearest first. What is above many projects is looked for once.
    pub(crate) fn upwards(&self, directory: &Path, look: impl Fn(&Path) -> Option<PathBuf>) -> Vec<PathBuf> {
        let above = |parent: &Path| self.get_or(parent, || parent.ancestors().filter_map(&look).collect());
        let above = directory.parent().map(above);
        look(directory).into_iter().chain(above.iter().flat_map(|above| above.iter().cloned())).collect()
    }
}
