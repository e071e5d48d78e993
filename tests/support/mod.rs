//! What all tests share: a copy of a project outside the repository, and the command run on it.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses its part")]

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::{Command, Output};

/// A directory outside the repository, so that the repository's own cargo configuration and toolchain file do not affect the
/// tests.
pub struct Sandbox {
    dir: tempfile::TempDir,
    root: PathBuf,
}

impl Sandbox {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let root = dunce::canonicalize(dir.path()).expect("it exists");
        Self { dir, root }
    }

    /// A sandbox with a copy of `from`, and a `.git` that makes it the root of a repository.
    pub fn copy_of(from: &Path) -> Self {
        let sandbox = Self::new();
        copy(from, &sandbox.root);
        std::fs::create_dir_all(sandbox.root.join(".git")).expect("created");
        sandbox
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("created");
        std::fs::write(path, content).expect("written");
        self
    }

    pub fn read(&self, relative: &str) -> String {
        std::fs::read_to_string(self.path(relative)).expect("readable")
    }

    /// Runs the command in the sandbox, with an environment that does not depend on the caller's.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command().args(arguments), &self.root)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cachekeys"));
        command.current_dir(&self.root).env_remove("MATURIN_PEP517_ARGS").env_remove("CARGO_TARGET_DIR");
        command
    }
}

/// The result of a command.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(command: &mut Command, root: &Path) -> Self {
        // Under wine, starting a process fails now and then (error 1359, "internal error"). The second attempt succeeds.
        let started = match command.output() {
            Err(error) if error.raw_os_error() == Some(1359) => command.output(),
            started => started,
        };
        let Output { status, stdout, stderr } = started.expect("the command runs");
        let root = root.display().to_string().replace(MAIN_SEPARATOR, "/");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8").replace(&root, "[ROOT]");
        Self { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// The exit code and all output, for a snapshot.
    pub fn transcript(&self) -> String {
        let code = self.code.map_or("killed by a signal".to_owned(), |code| format!("exit code {code}"));
        let stderr =
            if self.stderr.is_empty() { String::new() } else { format!("--- standard error\n{}", self.stderr) };
        format!("{}{stderr}--- {code}\n", self.stdout)
    }
}

/// Copies a directory. Symlinks are copied as symlinks.
pub fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.expect("readable");
        let target = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.path_is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).expect("a link"), target).expect("linked");
        } else if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).expect("created");
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Whether committed snapshots are to be overwritten.
pub fn overwrites() -> bool {
    std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite")
}

/// Compares a text with a file below `snapshots/`. With `SNAPSHOTS=overwrite`, writes the file. If Windows differs, it has a file
/// of its own, with `.windows.txt` in place of `.txt`.
pub fn assert_snapshot(actual: &str, file: &str) {
    let common = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(file);
    let extension = common.extension().expect("a kind").to_str().expect("ours");
    let own = common.with_extension(format!("windows.{extension}"));
    let differs = || std::fs::read_to_string(&common).is_ok_and(|common| common != actual);
    let path = if cfg!(windows) && (own.exists() || overwrites() && differs()) { own } else { common };
    if overwrites() {
        std::fs::create_dir_all(path.parent().expect("below snapshots")).expect("created");
        std::fs::write(&path, actual).expect("written");
        return;
    }
    let expected = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing; SNAPSHOTS=overwrite writes it", path.display()));
    snapbox::assert_data_eq!(actual.to_owned(), snapbox::Data::text(expected).raw());
}
