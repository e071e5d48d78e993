//! Writing a fixed file: the old one or the new one, never a part of either.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

use super::Disk;
use super::read::{self, reason};

impl Disk {
    /// Replaces the file at `path` by `new`, if it still is `old`; else why not. A symlink stays one; its target is replaced.
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
    // Renaming over it would work all the same, and is not what the mode asks for.
    if permissions.readonly() {
        return Err("it is write-protected".to_owned());
    }
    let held = Held::open(&target).map_err(refuse_io)?.ok_or("another program is writing to it")?;
    let directory = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".pyproject.toml.").tempfile_in(directory).map_err(refuse_io)?;
    file.write_all(new.as_bytes()).map_err(refuse_io)?;
    file.as_file().set_permissions(permissions).map_err(refuse_io)?;
    file.as_file().sync_all().map_err(refuse_io)?;
    // As late as possible: what another program wrote meanwhile is not overwritten.
    if contents(&held.0, &target, old.len()).map_err(refuse_io)? != old.as_bytes() {
        return Err("it changed during the check".to_owned());
    }
    // Windows does not replace an open file. Elsewhere the lock is held until the file is replaced.
    if cfg!(windows) {
        drop(held);
    }
    file.persist(&target).map(drop).map_err(|error| refuse_io(error.error))
}

/// An open file that is locked until this is dropped. Of two that fix it at once the second would undo what the first did.
struct Held(File);

impl Held {
    /// `None`, if another program has locked it. Where the file system has no locks, there is nothing to respect.
    fn open(path: &Path) -> io::Result<Option<Self>> {
        let (file, _) = read::open(path)?;
        Ok(match file.try_lock() {
            Err(TryLockError::WouldBlock) => None,
            Ok(()) | Err(TryLockError::Error(_)) => Some(Self(file)),
        })
    }
}

impl Drop for Held {
    /// Closing it is not enough: a child that another thread starts at this moment has the file open too, until it runs its program.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// What is at `path` now, where `held` is open: on Windows only the handle that holds the lock may read the file.
fn contents(held: &File, path: &Path, expected: usize) -> io::Result<Vec<u8>> {
    if !cfg!(windows) {
        return read::read(path);
    }
    // One byte more than expected shows that it has grown.
    let mut found = Vec::with_capacity(expected + 1);
    held.take(expected as u64 + 1).read_to_end(&mut found)?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reason why the file at `path`, which holds "now", is not replaced. It stays, and nothing is left beside it.
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
        // Dropping it is enough but where a child of another thread has it too; wine says that it is not locked.
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
        // What the others may do meanwhile: nothing, read, read and write.
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
