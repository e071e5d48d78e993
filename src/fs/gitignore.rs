//! What git ignores, according to its ignore files alone. git is not run, and its index is not read.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;
use ignore::gitignore::Gitignore;

use super::disk::InDirectory;
use super::{Disk, Resolved, path, resolve};

impl Disk {
    /// Whether the `.gitignore` files of the repository around `path` ignore it.
    pub(crate) fn is_ignored(&self, path: &Resolved) -> bool {
        // No file has such a long path, and each directory on the way would have to be looked up.
        if path.as_os_str().len() > resolve::LONGEST {
            return false;
        }
        self.seen.ignored.get_or(path, || self.look_up_ignored(path))
    }

    fn look_up_ignored(&self, path: &Path) -> bool {
        let Some(repository) = path.parent().and_then(|directory| self.repository(directory)) else { return false };
        let Ok(below) = path.strip_prefix(repository) else { return false };
        let (mut place, mut around) = (repository.to_owned(), Vec::new());
        for component in below.components() {
            around.extend(self.ignore_rules(&place));
            place.push(component);
            // The nearest rules take precedence. Everything in an ignored directory is ignored, whatever rules the directory has.
            let matched = around.iter().rev().map(|rules| rules.matched(&place, place != path));
            if matched.into_iter().find(|matched| !matched.is_none()).is_some_and(|matched| matched.is_ignore()) {
                return true;
            }
        }
        false
    }

    /// The rules of the `.gitignore` in a directory. Patterns are relative to it.
    fn ignore_rules(&self, directory: &Path) -> Option<Arc<Gitignore>> {
        self.seen.rules.get_or(directory, || {
            // Only for a regular file: opening a FIFO waits for a writer.
            let file = path::join(directory, ".gitignore");
            self.is_file(&file).then(|| Arc::new(Gitignore::new(file).0))
        })
    }
}

/// Ignore files that block when they are opened: FIFOs and devices. The library that walks with such rules opens them.
#[derive(Clone)]
pub(crate) struct Traps {
    disk: Disk,
    met: Arc<Mutex<Vec<PathBuf>>>,
}

impl Traps {
    /// Why a directory with such a file is not walked.
    pub(crate) const REASON: &str = "not a regular file";

    pub(crate) fn new(disk: &Disk) -> Self {
        Self { disk: disk.clone(), met: Arc::default() }
    }

    /// The blocking files in a directory and in those above it, whose rules also apply in it.
    pub(crate) fn above(disk: &Disk, directory: &Path) -> Self {
        let traps = Self::new(disk);
        let directory = disk.absolute(directory);
        traps.keep(directory.ancestors().find_map(|above| trap(disk, above, &InDirectory::ANYTHING)));
        traps
    }

    /// Whether a walk may enter a directory. `inside` knows which names the directory may have.
    pub(crate) fn admit(&self, entry: &DirEntry, inside: &InDirectory) -> bool {
        let is_directory = entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir());
        let trap = is_directory.then(|| trap(&self.disk, entry.path(), inside)).flatten();
        let is_free = trap.is_none();
        self.keep(trap);
        is_free
    }

    fn keep(&self, trap: Option<PathBuf>) {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).extend(trap);
    }

    /// Returns the files that were met so far, and forgets them.
    pub(crate) fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.met.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn trap(disk: &Disk, directory: &Path, inside: &InDirectory) -> Option<PathBuf> {
    let rules = || directory.join(".gitignore");
    if let Some(rules) = inside.may_have(".gitignore").then(rules).filter(|rules| is_trap(rules)) {
        return Some(rules);
    }
    if !inside.may_have(".git") {
        return None;
    }
    let rules = directory.join(".git/info/exclude");
    match rules.metadata() {
        Ok(found) => waits(&found).then_some(rules),
        Err(error) if error.kind() == ErrorKind::NotADirectory => trap_elsewhere(disk, &directory.join(".git")),
        Err(_) => None,
    }
}

/// If `.git` is a file, it names the real directory, which may name another one (git's documentation, "gitrepository-layout").
/// The library resolves relative paths from the current directory.
fn trap_elsewhere(disk: &Disk, git: &Path) -> Option<PathBuf> {
    let text = disk.text(git).ok()?;
    let real = Path::new(text.lines().next()?.strip_prefix("gitdir: ")?);
    let common = real.join("commondir");
    if is_trap(&common) {
        return Some(common);
    }
    let text = disk.text(&common).ok()?;
    let shared = text.lines().next()?;
    let shared = if shared.starts_with('.') { real.join(shared) } else { PathBuf::from(shared) };
    Some(shared.join("info/exclude")).filter(|rules| is_trap(rules))
}

fn is_trap(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| waits(&found))
}

/// Whether a path is neither a file nor a directory nor the null device, which sandboxes put in the place of a file.
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    use super::*;

    const DIRECTORIES: [&str; 4] = ["", "a/", "a/b/", "a/b/a/"];
    const FILES: [&str; 3] = ["x", "y.lock", "b.rs"];
    const PATTERNS: [&str; 26] = [
        "x",
        "/x",
        "!x",
        "!/x",
        "x/",
        "a/x",
        "/a/x",
        "!a/x",
        "**/x",
        "b/**",
        "a/**/x",
        "*.lock",
        "!*.lock",
        "/*.lock",
        "/b/y.lock",
        "b",
        "b/",
        "/b",
        "/b/",
        "!b/",
        "/a/b/",
        "*",
        "!*",
        "[xy]*",
        "\\x ",
        "#x",
    ];

    /// What git itself ignores.
    fn ignored_by_git(root: &Path, files: &[String]) -> Vec<String> {
        let mut git = Command::new("git");
        // The test must not depend on the ignore rules of the machine.
        git.args(["-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "--stdin"]).current_dir(root);
        let mut git = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git runs");
        git.stdin.take().unwrap().write_all(files.join("\n").as_bytes()).unwrap();
        let output = git.wait_with_output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn rules() -> impl Strategy<Value = Vec<Vec<&'static str>>> {
        let list = prop::collection::vec(prop::sample::select(&PATTERNS[..]), 0..4);
        prop::collection::vec(list, DIRECTORIES.len())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn what_is_ignored_is_what_git_ignores(rules in rules()) {
            let root = tempfile::tempdir().unwrap();
            let root = root.path().canonicalize().unwrap();
            fs::create_dir_all(root.join("a/b/a")).unwrap();
            assert!(Command::new("git").args(["init", "-q"]).current_dir(&root).status().unwrap().success());
            let all = DIRECTORIES.iter().flat_map(|directory| FILES.map(|file| format!("{directory}{file}")));
            let files: Vec<String> = all.collect();
            for file in &files {
                fs::write(root.join(file), "").unwrap();
            }
            for (directory, rules) in DIRECTORIES.iter().zip(&rules) {
                fs::write(root.join(directory).join(".gitignore"), rules.join("\n")).unwrap();
            }
            let disk = Disk::default();
            let found: Vec<_> = files.iter().filter(|file| disk.is_ignored(&disk.resolve(&root.join(file)))).cloned().collect();
            prop_assert_eq!(found, ignored_by_git(&root, &files));
        }
    }
}
