//! What rules and fixes may ask about the disk. They only have a project, not a disk.

use std::ffi::OsStr;
use std::path::Path;

use super::Project;
use crate::cache_keys::{Coverage, Key, System};
use crate::fs::Resolved;

impl Project {
    /// What other keys would cover in this project; `None` if uv rejects a glob.
    pub(crate) fn coverage_of(&self, keys: &[Key]) -> Option<Coverage> {
        Coverage::compile(&self.disk, &self.pyproject.dir, keys).ok()
    }

    /// Like [`Self::coverage_of`], but as uv reads the keys on `system`.
    pub(crate) fn coverage_on(&self, system: System, keys: &[Key]) -> Option<Coverage> {
        Coverage::compile_on(system, &self.disk, &self.pyproject.dir, keys).ok()
    }

    /// The root of the repository around the project.
    pub(crate) fn repository(&self) -> Option<&Path> {
        self.disk.repository(&self.pyproject.dir)
    }

    /// A file by its path relative to the project.
    pub(crate) fn file(&self, path: &str) -> Resolved {
        self.disk.resolve(&self.pyproject.dir.join(path))
    }

    /// Like [`crate::fs::Disk::real_directory`], for a path relative to the project.
    pub(crate) fn real_directory(&self, path: &str) -> Resolved {
        self.disk.real_directory(&self.pyproject.dir.join(path))
    }

    pub(crate) fn is_file(&self, path: &Path) -> bool {
        self.disk.is_file(path)
    }

    pub(crate) fn is_directory(&self, path: &Path) -> bool {
        self.disk.is_dir(path)
    }

    /// The files below a directory.
    pub(crate) fn files_below(&self, directory: &Path) -> Vec<Resolved> {
        let walk = self.disk.below(directory).into_iter().filter_map(Result::ok);
        walk.filter(|entry| entry.file_type().is_file()).map(|entry| self.disk.resolve(entry.path())).collect()
    }

    /// Calls `visit` for everything below a directory, with the directory around it and its name. `enters` decides which
    /// directories are entered.
    pub(crate) fn visit_below(
        &self,
        directory: &Path,
        enters: impl Fn(&Path) -> bool,
        mut visit: impl FnMut(&Path, &OsStr),
    ) {
        self.disk.walk(directory, enters, |around, name, _| visit(around, name));
    }
}
