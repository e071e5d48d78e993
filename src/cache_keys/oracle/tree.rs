//! Trees of files, and the change times that uv compares.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::cache_keys::info::change_time;

/// A tree: paths relative to its root. The project is `proj`; everything else lies beside it. Parent directories need not be
/// listed. U+FFFD stands for a byte that is not UTF-8.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    pub(crate) dirs: Vec<String>,
    pub(crate) files: Vec<String>,
    /// Symlinks and their targets, relative to the link's directory. None on Windows, where making one takes a privilege.
    pub(crate) links: Vec<(String, String)>,
    /// Files that are created after the keys are compiled.
    pub(crate) late: Vec<String>,
}

impl Tree {
    /// Creates everything but the late files.
    pub(crate) fn build(&self, root: &Path) {
        for dir in &self.dirs {
            fs::create_dir_all(root.join(os(dir))).unwrap();
        }
        for file in &self.files {
            write(&root.join(os(file)));
        }
        #[cfg(unix)]
        for (link, target) in &self.links {
            let link = root.join(os(link));
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(os(target), &link).unwrap();
        }
    }

    /// Every regular file.
    pub(crate) fn all_files(&self, root: &Path) -> Vec<PathBuf> {
        self.files.iter().chain(&self.late).map(|file| root.join(os(file))).collect()
    }

    /// All paths: files, links, directories.
    pub(crate) fn names(&self, root: &Path) -> BTreeSet<PathBuf> {
        let leaves = self.leaves(root);
        self.directories(root).into_iter().chain(leaves).collect()
    }

    /// Every directory that is not a symlink.
    pub(crate) fn directories(&self, root: &Path) -> BTreeSet<PathBuf> {
        let named = self.dirs.iter().map(|dir| root.join(os(dir)).join("_"));
        let leaves: Vec<PathBuf> = self.leaves(root).into_iter().chain(named).collect();
        let above = leaves.iter().flat_map(|path| path.ancestors().skip(1));
        above.filter(|dir| dir.starts_with(root)).map(Path::to_owned).collect()
    }

    fn leaves(&self, root: &Path) -> Vec<PathBuf> {
        let links = self.links.iter().map(|(link, _)| root.join(os(link)));
        self.all_files(root).into_iter().chain(links).chain([root.join(os("proj/pyproject.toml"))]).collect()
    }
}

/// The change time, as uv reads it.
pub(crate) fn time(path: &Path) -> SystemTime {
    change_time(&fs::metadata(path).unwrap()).unwrap()
}

/// Makes a file the newest of all. On Unix any change sets the change time to the present, so this repeats until the clock of the
/// file system, which can be coarse, has moved.
pub(crate) fn bump(path: &Path, clock: &mut SystemTime) {
    loop {
        let later = *clock + Duration::from_millis(1);
        File::options().append(true).open(path).unwrap().set_modified(later).unwrap();
        let now = time(path);
        if now > *clock {
            *clock = now;
            return;
        }
        sleep(Duration::from_micros(500));
    }
}

/// Creates a file and the directories above it. The content of a `.gitignore` ignores everything.
pub(crate) fn write(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, if path.ends_with(".gitignore") { "*\n" } else { "" }).unwrap();
}

/// Whether a file can have this name.
pub(crate) fn is_possible(name: &str) -> bool {
    let is_reserved = |c| matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{FFFD}');
    !cfg!(windows) || !(name.contains(is_reserved) || name.ends_with([' ', '.']))
}

/// The form in which two paths to one file are equal.
pub(crate) fn folded(path: &str) -> String {
    if cfg!(windows) { path.to_lowercase() } else { path.to_owned() }
}

#[cfg(windows)]
pub(crate) fn os(name: &str) -> OsString {
    name.replace('/', "\\").into()
}

#[cfg(unix)]
pub(crate) fn os(name: &str) -> OsString {
    use std::os::unix::ffi::OsStringExt;

    let mut bytes = Vec::new();
    for (at, part) in name.split('\u{FFFD}').enumerate() {
        if at > 0 {
            bytes.push(0xFF);
        }
        bytes.extend_from_slice(part.as_bytes());
    }
    OsString::from_vec(bytes)
}
