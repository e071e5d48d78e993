//! What git would say of a path, from its ignore files alone: git is not run, and no index is read.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;
use ignore::gitignore::GitignoreBuilder;

use crate::disk;
use crate::looked_up::{self, known};
use crate::paths;

/// Whether the `.gitignore` files of the repository around `path` (resolved) ignore it.
pub(crate) fn ignores(path: &Path) -> bool {
    // Nothing is there, and each directory on the way would be asked about.
    if path.as_os_str().len() > paths::LONGEST {
        return false;
    }
    known(|known| &mut known.ignored, path, || look_up(path))
}

/// Files with ignore rules that whoever opens them waits for: FIFOs, devices. A library that walks by such rules opens them.
#[derive(Clone, Default)]
pub(crate) struct Traps(Arc<Mutex<Vec<PathBuf>>>);

impl Traps {
    /// Why nobody walks there.
    pub(crate) const REASON: &str = "not a regular file";

    /// Those in a directory and above it, whose rules count in it.
    pub(crate) fn above(directory: &Path) -> Self {
        let traps = Self::default();
        traps.keep(paths::absolute(directory).ancestors().find_map(trap));
        traps
    }

    /// Whether a walk may enter what it meets.
    pub(crate) fn admit(&self, entry: &DirEntry) -> bool {
        let is_directory = entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir());
        let trap = is_directory.then(|| trap(entry.path())).flatten();
        let is_free = trap.is_none();
        self.keep(trap);
        is_free
    }

    fn keep(&self, trap: Option<PathBuf>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(trap);
    }

    /// What was met so far; nothing is left.
    pub(crate) fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn trap(directory: &Path) -> Option<PathBuf> {
    let rules = directory.join(".gitignore");
    if is_trap(&rules) {
        return Some(rules);
    }
    let rules = directory.join(".git/info/exclude");
    match rules.metadata() {
        Ok(found) => waits(&found).then_some(rules),
        Err(error) if error.kind() == ErrorKind::NotADirectory => trap_elsewhere(&directory.join(".git")),
        Err(_) => None,
    }
}

/// A `.git` that is a file names the directory that it stands for, and that one may name another (git's documentation,
/// "gitrepository-layout"). The library takes what is relative from where it runs.
fn trap_elsewhere(git: &Path) -> Option<PathBuf> {
    let text = disk::text(git).ok()?;
    let real = Path::new(text.lines().next()?.strip_prefix("gitdir: ")?);
    let common = real.join("commondir");
    if is_trap(&common) {
        return Some(common);
    }
    let text = disk::text(&common).ok()?;
    let shared = text.lines().next()?;
    let shared = if shared.starts_with('.') { real.join(shared) } else { PathBuf::from(shared) };
    Some(shared.join("info/exclude")).filter(|rules| is_trap(rules))
}

fn is_trap(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| waits(&found))
}

/// Neither a file nor a directory, and not the device that is always empty: what sandboxes put in the place of a file.
fn waits(found: &Metadata) -> bool {
    !found.is_file() && !found.is_dir() && !is_null(found)
}

#[cfg(unix)]
fn is_null(found: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    found.file_type().is_char_device() && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev())
}

#[cfg(not(unix))]
fn is_null(_: &Metadata) -> bool {
    false
}

fn look_up(path: &Path) -> bool {
    let Some(repository) = path.parent().and_then(paths::repository) else { return false };
    let Ok(below) = path.strip_prefix(repository) else { return false };
    let mut builder = GitignoreBuilder::new(repository);
    let mut directory = repository.to_owned();
    // Only of files: to open a FIFO is to wait for somebody who writes.
    let mut add = |directory: &Path| {
        let rules = directory.join(".gitignore");
        if looked_up::is_file(&rules) {
            builder.add(rules);
        }
    };
    for component in below.parent().unwrap_or(Path::new("")).components() {
        add(&directory);
        directory.push(component);
    }
    add(&directory);
    builder.build().is_ok_and(|gitignore| gitignore.matched_path_or_any_parents(below, false).is_ignore())
}
