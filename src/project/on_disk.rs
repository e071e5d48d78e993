//! What a rule or a fix may ask about the disk: it sees a project, and no disk.

use std::ffi::OsStr;
use std::path::Path;

use super::Project;
use crate::cache_keys::{Coverage, Key, System};
use crate::fs::Resolved;

impl Project {
    /// What other keys in the same place cover; `None` where uv rejects a glob.
    pub(crate) fn coverage_of(&self, keys: &[Key]) -> Option<Coverage> {
        Coverage::compile(&self.disk, &self.pyproject.dir, keys).ok()
    }

    /// As [`Self::coverage_of`], as uv reads the keys on `system`.
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

    /// As [`crate::fs::Disk::real_directory`], of a path relative to the project.
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

    /// Shows `visit` all that is below a directory and none itself: the directory around it, and its name. `enters` is asked
    /// about each directory inside.
    pub(crate) fn visit_below(
        &self,
        directory: &Path,
        enters: impl Fn(&Path) -> bool,
        mut visit: impl FnMut(&Path, &OsStr),
    ) {
        self.disk.walk(directory, enters, |around, name, _| visit(around, name));
    }
}
