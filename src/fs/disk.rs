//! The disk as one run sees it. Every lookup is cached, so that the whole run sees one state.
//!
//! Each project looks for the same files in the same few directories dozens of times: a build.rs, a rust-toolchain, a uv.toml.
//! Most do not exist, and a list of the directory answers all such questions at once. Directories above the project may be huge,
//! so their files are looked up one by one.

mod directory;
mod listings;
mod memo;

use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::Gitignore;

use super::Resolved;
use super::path::{join, split};
use super::unreadable::Unreadable;
use directory::Listed;
pub(crate) use directory::Names;
pub(crate) use memo::{Known, Memo, Texts};

/// The disk: a handle that all threads of a run share. More methods are in the files for reading, replacing, resolving, listing,
/// and what git ignores.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    pub(crate) seen: Arc<Seen>,
}

/// A directory, and the packages that `[tool.uv.sources]` of its pyproject.toml names.
pub(crate) type NamedSources = (PathBuf, Vec<String>);

/// The cached lookups. Each lookup costs a system call for each component of a path.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(super) canonical: Memo<Option<Resolved>>,
    /// Real directories that a path with `..` starts from.
    pub(super) climbed: Memo<Option<Resolved>>,
    /// How many levels above a directory its repository is.
    pub(super) repositories: Memo<Option<usize>>,
    /// Results of a first look at sources.
    pub(crate) glances: Memo<Arc<Glance>>,
    pub(crate) trees: Memo<Arc<Tree>>,
    /// The files of the module tree of a crate root.
    pub(crate) modules: Memo<Arc<[Resolved]>>,
    /// Whether git ignores a file, and the rules in each directory.
    pub(super) ignored: Memo<bool>,
    pub(super) rules: Memo<Result<Option<Arc<Gitignore>>, Unreadable>>,
    /// The configuration files of cargo, rustup and uv in a directory and those above it, see [`Memo::upwards`].
    pub(crate) configs: Memo<Arc<[PathBuf]>>,
    pub(crate) toolchains: Memo<Arc<[PathBuf]>>,
    pub(crate) roots: Memo<Arc<[PathBuf]>>,
    /// The directories of a place whose pyproject.toml has sources.
    pub(crate) sources: Memo<Arc<[NamedSources]>>,
    /// Texts of manifests.
    pub(super) manifests: Memo<Arc<str>>,
    /// Texts that replace the content of files.
    pub(super) overlay: Memo<Arc<str>>,
    kinds: Memo<Option<FileType>>,
    /// `None` if there are too many names, the directory may not be read, or only the file system knows how it compares its
    /// names.
    names: Memo<Option<Arc<Names>>>,
}

/// The Rust sources and the symlinks below a directory, without nested packages.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<Resolved>,
    /// Symlinks to directories.
    pub(crate) links: Vec<PathBuf>,
}

/// The result of a first look at the bytes of a Rust source.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Glance {
    /// Whether it may name a file or a variable.
    pub(crate) names: bool,
    /// Whether it may have a `#[path]`.
    pub(crate) modules: bool,
    /// Whether it has a string that may be a path. Whether it is one depends on the files that exist.
    pub(crate) looks_for_files: bool,
    /// The names of the macros that it defines.
    pub(crate) defines: Box<[Box<str>]>,
    /// Hashes of the names of the macros that it calls.
    pub(crate) calls: Box<[u64]>,
}

impl Disk {
    /// The same disk, with a text that replaces the content of a file that an editor has not saved.
    pub(crate) fn with_overlay(self, path: &Path, text: &str) -> Self {
        self.overlay(path, Some(text));
        self
    }

    /// Replaces the content of a file by a text, or with `None` uses the content again.
    pub(crate) fn overlay(&self, path: &Path, text: Option<&str>) {
        let Seen { glances, manifests, sources, overlay, .. } = &*self.seen;
        let place = self.resolve(path);
        match text {
            Some(text) => overlay.put(&place, text.into()),
            None => overlay.remove(&place),
        }
        glances.retain(|known, _| !is_namesake(known, path));
        manifests.retain(|known, _| !is_namesake(known, path));
        sources.clear();
    }

    /// Forgets everything that may change with a file: its text and, because the file may be new or removed, everything known
    /// about directories. A text that replaces its content is kept.
    pub(crate) fn forget(&self, path: &Path) {
        let Seen {
            canonical,
            climbed,
            repositories,
            glances,
            trees,
            modules,
            ignored,
            rules,
            configs,
            toolchains,
            roots,
            sources,
            manifests,
            overlay: _,
            kinds,
            names,
        } = &*self.seen;
        glances.retain(|known, glance| !is_namesake(known, path) && !glance.looks_for_files);
        manifests.retain(|known, _| !is_namesake(known, path));
        canonical.clear();
        climbed.clear();
        repositories.clear();
        trees.clear();
        modules.clear();
        ignored.clear();
        rules.clear();
        configs.clear();
        toolchains.clear();
        roots.clear();
        sources.clear();
        kinds.clear();
        names.clear();
    }

    /// Forgets the texts of all files of a name.
    pub(crate) fn forget_texts(&self, name: &str) {
        self.seen.manifests.retain(|known, _| known.file_name().is_none_or(|known| known != name));
        self.seen.sources.clear();
    }

    /// Like [`Path::is_file`].
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        self.kind(path).is_some_and(|kind| kind.is_file())
    }

    /// Like [`Path::is_dir`].
    pub(crate) fn is_dir(&self, path: &Path) -> bool {
        self.kind(path).is_some_and(|kind| kind.is_dir())
    }

    /// Like [`Path::exists`].
    pub(crate) fn exists(&self, path: &Path) -> bool {
        self.kind(path).is_some()
    }

    /// The kind of file at a path, symlinks followed.
    pub(crate) fn kind(&self, path: &Path) -> Option<FileType> {
        match self.listed(path) {
            Listed::Nothing => None,
            Listed::As(kind) => Some(kind),
            Listed::Unknown => self.seen.kinds.get_or(path, || path.metadata().ok().map(|found| found.file_type())),
        }
    }

    /// The kind of file with this name in a directory, symlinks followed. If the list of the directory answers, no path is built.
    pub(crate) fn kind_in(&self, directory: &Path, name: &str) -> Option<FileType> {
        match self.listed_in(directory, name) {
            Listed::Nothing => None,
            Listed::As(kind) => Some(kind),
            Listed::Unknown => self.kind(&join(directory, name)),
        }
    }

    /// Whether a path as the user or a source writes it, relative to a directory, is a file. The list of the directory answers
    /// most questions.
    pub(crate) fn is_file_from(&self, directory: &Path, text: &str) -> bool {
        let first = text.split('/').next().unwrap_or_default();
        let may_be = matches!(first, "" | "." | "..") || self.kind_in(directory, first).is_some();
        may_be && self.is_file(&directory.join(text))
    }

    /// Whether a directory has a file of that name.
    pub(crate) fn has_file(&self, directory: &Path, name: &str) -> bool {
        self.kind_in(directory, name).is_some_and(|kind| kind.is_file())
    }

    /// The kind of file at a path, symlinks not followed.
    pub(crate) fn kind_of_itself(&self, path: &Path) -> Option<FileType> {
        match self.listed(path) {
            Listed::Nothing => None,
            Listed::As(kind) => Some(kind),
            Listed::Unknown => {
                let kind = path.symlink_metadata().ok()?.file_type();
                if !kind.is_symlink() {
                    self.seen.kinds.put(path, Some(kind));
                }
                Some(kind)
            }
        }
    }

    /// Whether something may exist at a path.
    pub(crate) fn may_exist(&self, path: &Path) -> bool {
        self.listed(path) != Listed::Nothing
    }

    fn listed(&self, path: &Path) -> Listed {
        split(path).map_or(Listed::Unknown, |(directory, name)| self.listed_in(directory, name))
    }

    fn listed_in(&self, directory: &Path, name: &str) -> Listed {
        debug_assert!(!name.contains('/'), "{name} is not a single name");
        self.known_names(directory).map_or(Listed::Unknown, |names| names.kind(name))
    }
}

/// Whether two paths may lead to one file: all spellings of its path end in the same name.
fn is_namesake(known: &Path, path: &Path) -> bool {
    known.file_name() == path.file_name()
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
