//! Reading files: only regular files of a limited size.
//!
//! A checkout may contain anything under any name. Reading a FIFO without a writer would never end, and a device or a sparse file
//! would fill the memory.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::Disk;

/// In bytes. The largest source of the surveyed projects has 2 MiB, the largest lockfile 0.5.
pub(crate) const LARGEST: u64 = 64 << 20;

impl Disk {
    /// The bytes of the file at `path`; `buffer` is emptied first.
    pub(crate) fn read_into(&self, path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        if let Some(text) = self.overlaid(path) {
            buffer.extend(text.as_bytes());
            return Ok(());
        }
        // If the file does not exist, this returns the system's own error.
        #[cfg(unix)]
        if !self.may_exist(path) {
            return Err(rustix::io::Errno::NOENT.into());
        }
        read_into(path, buffer)
    }

    /// Like [`Disk::read_into`], into a new buffer.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_into(path, &mut bytes)?;
        Ok(bytes)
    }

    /// The text of the file at `path`, which must be UTF-8.
    pub(crate) fn text(&self, path: impl AsRef<Path>) -> io::Result<String> {
        String::from_utf8(self.read(path.as_ref())?)
            .map_err(|_| io::Error::new(ErrorKind::InvalidData, "not valid UTF-8"))
    }

    /// Like [`Disk::text`], for a manifest. The text is cached, because several parts of an analysis read it.
    pub(crate) fn manifest(&self, path: &Path) -> io::Result<Arc<str>> {
        if let Some(text) = self.overlaid(path).or_else(|| self.seen.manifests.get(path)) {
            return Ok(text);
        }
        let text = Arc::<str>::from(self.text(path)?);
        self.seen.manifests.put(path, Arc::clone(&text));
        Ok(text)
    }

    /// The text that is used instead of the content of the file at `path`.
    fn overlaid(&self, path: &Path) -> Option<Arc<str>> {
        let overlay = &self.seen.overlay;
        if overlay.is_empty() { None } else { overlay.get(&self.resolve(path)) }
    }
}

/// When a file was last written, if it exists. Not cached, because it may change while this program runs.
pub(crate) fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

/// The bytes of the file at `path`, added to an empty buffer.
fn read_into(path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    let (file, found) = open(path)?;
    let too_large = || io::Error::new(ErrorKind::FileTooLarge, format!("larger than {} MiB", LARGEST >> 20));
    if found.len() > LARGEST {
        return Err(too_large());
    }
    // One extra byte avoids another allocation when the end of the file is read.
    buffer.reserve(usize::try_from(found.len()).unwrap_or_default() + 1);
    // If the first read returns as many bytes as the file has, and fewer than requested, the file is complete. A second read would
    // take a fifth of the time of reading a small file.
    #[cfg(unix)]
    if let Ok(read) = rustix::io::read(&file, rustix::buffer::spare_capacity(buffer))
        && read as u64 == found.len()
        && buffer.len() < buffer.capacity()
    {
        return Ok(());
    }
    // The file may grow while it is read.
    file.take(LARGEST + 1 - buffer.len() as u64).read_to_end(buffer)?;
    if buffer.len() as u64 > LARGEST { Err(too_large()) } else { Ok(()) }
}

/// The current content of the file at `path`.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_into(path, &mut bytes)?;
    Ok(bytes)
}

/// Opens a regular file for reading, without waiting for the writer of a FIFO.
pub(super) fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path).map_err(|error| match error.kind() {
        // Windows does not open directories, and reports that access is denied.
        ErrorKind::PermissionDenied if cfg!(windows) && path.is_dir() => ErrorKind::IsADirectory.into(),
        _ => error,
    })?;
    let found = file.metadata()?;
    match found.file_type() {
        kind if kind.is_file() => Ok((file, found)),
        kind if kind.is_dir() => Err(ErrorKind::IsADirectory.into()),
        _ => Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file")),
    }
}

/// The message of an I/O error. Common errors have the same message on every system, because Windows uses the language of the
/// user.
pub(crate) fn reason(error: &io::Error) -> String {
    let known = match (error.kind(), error.raw_os_error()) {
        (ErrorKind::NotFound, _) => Some("no such file or directory"),
        (ErrorKind::PermissionDenied, _) => Some("permission denied"),
        // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
        (_, Some(32 | 33)) => Some("another program is using it"),
        _ => None,
    };
    if let Some(known) = known.filter(|_| cfg!(windows)) {
        return known.to_owned();
    }
    let text = error.to_string();
    let mut chars = without_code(&text).chars();
    chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect()
}

/// A message of the system without Rust's `(os error 2)` and the full stop that Windows puts in front of it.
pub(crate) fn without_code(message: &str) -> &str {
    let Some((words, _)) = message.split_once(" (os error") else { return message };
    words.strip_suffix('.').unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(path: &Path) -> String {
        reason(&Disk::default().text(path).unwrap_err())
    }

    #[test]
    fn files_are_read_whole_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        for content in [b"".as_slice(), b"a", b"x".repeat(100_000).as_slice()] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(Disk::default().read(&path).unwrap(), content);
        }
        std::fs::write(&path, b"\xff").unwrap();
        assert_eq!(complaint(&path), "not valid UTF-8");
        assert_eq!(complaint(dir.path()), "is a directory");
        assert_eq!(complaint(&dir.path().join("gone")), "no such file or directory");
        let file = File::create(&path).unwrap();
        file.set_len(LARGEST).unwrap();
        assert_eq!(Disk::default().read(&path).unwrap().len() as u64, LARGEST);
        // A sparse file, which takes no space.
        file.set_len(1 << 40).unwrap();
        assert_eq!(complaint(&path), "larger than 64 MiB");
    }

    #[test]
    fn the_systems_words_stand_in_mid_sentence() {
        for (message, words) in [
            ("No such file or directory (os error 2)", "No such file or directory"),
            ("The filename or extension is too long. (os error 206)", "The filename or extension is too long"),
            ("larger than 64 MiB.", "larger than 64 MiB."),
        ] {
            assert_eq!(without_code(message), words);
        }
        assert_eq!(reason(&io::Error::other("É")), "é");
        assert_eq!(reason(&io::Error::other("")), "");
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (fifo, socket) = (dir.path().join("fifo"), dir.path().join("socket"));
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [&fifo, Path::new("/dev/zero"), Path::new("/dev/null")] {
            assert_eq!(complaint(path), "not a regular file", "{}", path.display());
        }
        Disk::default().text(socket).unwrap_err();
    }
}
