//! Writing a fixed file: the old one or the new one, never a part of either.

use std::fs::TryLockError;
use std::io::Write;
use std::path::Path;

use crate::disk;
use crate::disk::reason;
use crate::error::Error;

/// Replaces the file at `path` by `new`, if it still is `old`. A symlink stays one; its target is replaced.
pub(crate) fn replace(path: &Path, old: &str, new: &str) -> Result<(), Error> {
    let refuse = |reason: String| Error::Fix { path: path.to_owned(), reason };
    let refuse_io = |error: std::io::Error| refuse(reason(&error));
    let target = dunce::canonicalize(path).map_err(refuse_io)?;
    let permissions = std::fs::metadata(&target).map_err(refuse_io)?.permissions();
    // Renaming over it would work all the same, and is not what the mode asks for.
    if permissions.readonly() {
        return Err(refuse("it is write-protected".to_owned()));
    }
    let (held, _) = disk::open(&target).map_err(refuse_io)?;
    // Of two that fix it at once the second would undo what the first did. Where nothing can be locked, nobody asks.
    if let Err(TryLockError::WouldBlock) = held.try_lock() {
        return Err(refuse("another program is writing it".to_owned()));
    }
    let directory = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".pyproject.toml.").tempfile_in(directory).map_err(refuse_io)?;
    file.write_all(new.as_bytes()).map_err(refuse_io)?;
    file.as_file().set_permissions(permissions).map_err(refuse_io)?;
    file.as_file().sync_all().map_err(refuse_io)?;
    // As late as can be: what somebody else wrote meanwhile is not overwritten.
    if disk::read(&target).map_err(refuse_io)? != old.as_bytes() {
        return Err(refuse("it changed while it was checked".to_owned()));
    }
    file.persist(&target).map(drop).map_err(|error| refuse_io(error.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_protected_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pyproject.toml");
        std::fs::write(&path, "now").unwrap();
        assert!(replace(&path, "then", "new").unwrap_err().to_string().ends_with("it changed while it was checked"));
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        assert!(replace(&path, "now", "new").unwrap_err().to_string().ends_with("it is write-protected"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "now");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
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
        replace(&link, "old", "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
