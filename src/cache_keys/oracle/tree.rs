//! Trees of files, and their change times.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// A tree: paths relative to its root. The project is `proj`; what else there is lies beside it. Parents need not be
/// named. U+FFFD stands for a byte that is no UTF-8.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    pub(crate) dirs: Vec<String>,
    pub(crate) files: Vec<String>,
    /// Symlinks and their targets, relative to the link's directory.
    pub(crate) links: Vec<(String, String)>,
    /// Files that come to exist after the keys are compiled.
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
        for (link, target) in &self.links {
            let link = root.join(os(link));
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(os(target), &link).unwrap();
        }
    }

    /// Every regular file.
    pub(crate) fn all_files(&self, root: &Path) -> Vec<PathBuf> {
        self.files.iter().chain(&self.late).map(|file| root.join(os(file))).collect()
    }

    /// Everything that has a name: files, links, directories.
    pub(crate) fn names(&self, root: &Path) -> BTreeSet<PathBuf> {
        let leaves = self.leaves(root);
        self.directories(root).into_iter().chain(leaves).collect()
    }

    /// Every directory that is no symlink.
    pub(crate) fn directories(&self, root: &Path) -> BTreeSet<PathBuf> {
        let named = self.dirs.iter().map(|dir| root.join(os(dir)).join("_"));
        let leaves: Vec<PathBuf> = self.leaves(root).into_iter().chain(named).collect();
        let above = leaves.iter().flat_map(|path| path.ancestors().skip(1));
        above.filter(|dir| dir.starts_with(root)).map(Path::to_owned).collect()
    }

    fn leaves(&self, root: &Path) -> Vec<PathBuf> {
        let links = self.links.iter().map(|(link, _)| root.join(os(link)));
        self.all_files(root).into_iter().chain(links).chain([root.join("proj/pyproject.toml")]).collect()
    }
}

/// A change time.
pub(crate) type Time = (i64, i64);

pub(crate) fn time(path: &Path) -> Time {
    let found = fs::metadata(path).unwrap();
    (found.ctime(), found.ctime_nsec())
}

/// Makes a file the newest of all. The clock of a file system can be coarse: again until the time has moved.
pub(crate) fn bump(path: &Path, clock: &mut Time) {
    loop {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        let now = time(path);
        if now > *clock {
            *clock = now;
            return;
        }
        sleep(Duration::from_micros(500));
    }
}

/// Creates a file and the directories above it. A `.gitignore` ignores everything.
pub(crate) fn write(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, if path.ends_with(".gitignore") { "*\n" } else { "" }).unwrap();
}

pub(crate) fn os(name: &str) -> OsString {
    let mut bytes = Vec::new();
    for (at, part) in name.split('\u{FFFD}').enumerate() {
        if at > 0 {
            bytes.push(0xFF);
        }
        bytes.extend_from_slice(part.as_bytes());
    }
    OsString::from_vec(bytes)
}
