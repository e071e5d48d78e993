//! Writes a fixed file atomically: the file has either the old or the new content.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

use super::Disk;
use super::read::{self, reason};

impl Disk {
    /// Replaces the content of the file at `path` with `new` if it still is `old`. Otherwise returns why not. A symlink is kept;
    /// its target is replaced.
    pub(crate) fn replace(&self, path: &Path, old: &str, new: &str) -> Result<(), String> {
        let replaced = replace(path, old, new);
        self.forget(path);
        replaced
    }
}

fn replace(path: &Path, old: &str, new: &str) -> Result<(), String> {
    let refuse_io = |error: io::Error| reason(&error);
    let target = dunce::canonicalize(path).map_err(refuse_io)?;
    let permissions = std::fs::metadata(&target).map_err(refuse_io)?.permissions();
    // A rename would succeed, but would ignore the mode of the file.
    if permissions.readonly() {
        return Err("it is write-protected".to_owned());
    }
    let held = Held::open(&target).map_err(refuse_io)?.ok_or("another program is writing to it")?;
    let directory = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".pyproject.toml.").tempfile_in(directory).map_err(refuse_io)?;
    file.write_all(new.as_bytes()).map_err(refuse_io)?;
    file.as_file().set_permissions(permissions).map_err(refuse_io)?;
    file.as_file().sync_all().map_err(refuse_io)?;
    // This check comes as late as possible, so that changes by other programs are not overwritten.
    if contents(&held.0, &target, old.len()).map_err(refuse_io)? != old.as_bytes() {
        return Err("it changed during the check".to_owned());
    }
    // Windows does not replace an open file. Elsewhere the lock is held until the file is replaced.
    if cfg!(windows) {
        drop(held);
    }
    file.persist(&target).map(drop).map_err(|error| refuse_io(error.error))
}

/// A file that is open and locked until this is dropped. Without the lock, the second of two simultaneous fixes would undo the
/// first.
struct Held(File);

impl Held {
    /// Returns `None` if another program has locked it. File systems without locks are not an error.
    fn open(path: &Path) -> io::Result<Option<Self>> {
        let (file, _) = read::open(path)?;
        Ok(match file.try_lock() {
            Err(TryLockError::WouldBlock) => None,
            Ok(()) | Err(TryLockError::Error(_)) => Some(Self(file)),
        })
    }
}

impl Drop for Held {
    /// Closing the file is not enough: a child process that another thread is starting also has it open, until it runs its
    /// program.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The content of the file at `path`, which `held` has open. On Windows, only the handle that holds the lock may read it.
fn contents(held: &File, path: &Path, expected: usize) -> io::Result<Vec<u8>> {
    if !cfg!(windows) {
        return read::read(path);
    }
    // One extra byte shows whether the file has grown.
    let mut found = Vec::with_capacity(expected + 1);
    held.take(expected as u64 + 1).read_to_end(&mut found)?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reason why the file at `path`, which contains "now", is not replaced. Checks that no other file is left behind.
    fn refusal(path: &Path, old: &str) -> String {
        let reason = Disk::default().replace(path, old, "new").unwrap_err();
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        reason
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pyproject.toml");
        std::fs::write(&path, "old").unwrap();
        Disk::default().replace(&path, "old", "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_changed_locked_or_protected_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pyproject.toml");
        std::fs::write(&path, "now").unwrap();
        for old in ["then", "no", "nowhere"] {
            assert_eq!(refusal(&path, old), "it changed during the check");
        }
        let locked = File::open(&path).unwrap();
        locked.lock().unwrap();
        assert_eq!(refusal(&path, "now"), "another program is writing to it");
        // Dropping the file unlocks it, unless a child of another thread has it open too. wine reports that it is not locked.
        let _ = locked.unlock();
        drop(locked);
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        assert_eq!(refusal(&path, "now"), "it is write-protected");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "now");
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_another_program_holds_is_left_alone() {
        use std::os::windows::fs::OpenOptionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pyproject.toml");
        std::fs::write(&path, "now").unwrap();
        // What other programs may do with the open file: nothing, read, read and write.
        for share in [0, 1, 3] {
            let held = File::options().read(true).share_mode(share).open(&path).unwrap();
            refusal(&path, "now");
            drop(held);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "now");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_modes_stay() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real.toml"), dir.path().join("pyproject.toml"));
        std::fs::write(&real, "old").unwrap();
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        Disk::default().replace(&link, "old", "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
