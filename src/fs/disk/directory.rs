//! The names in a directory. One list answers which files exist and which do not.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The names in a directory and their kinds. They are sorted without regard to case. Symlinks are not followed.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<(OsString, FileType)>);

/// The kind of a name, according to the list of its directory.
#[derive(PartialEq, Eq)]
pub(super) enum Listed {
    Nothing,
    /// A file, a directory or a special file, but not a symlink.
    As(FileType),
    Unknown,
}

/// In a directory with more names, each is looked up by itself.
pub(super) const FEW: usize = 512;

impl Names {
    /// Reads at most `most` names of a directory.
    pub(super) fn read(directory: &Path, most: usize) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory)?.take(most) {
            let entry = entry?;
            match entry.file_type() {
                Ok(kind) => names.push((entry.file_name(), kind)),
                // It was removed meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        names.sort_unstable_by(|(a, _), (b, _)| order(a, b).then_with(|| a.cmp(b)));
        Ok(Self(names))
    }

    /// The list of a directory, if it can answer instead of the system.
    pub(super) fn listing(directory: &Path) -> io::Result<Option<Self>> {
        Ok(Some(Self::read(directory, FEW + 1)?).filter(Self::is_telling))
    }

    /// Whether the list can answer instead of the system: it contains all names, and all of them are ASCII, so that it is clear
    /// which other spellings the system accepts.
    pub(super) fn is_telling(&self) -> bool {
        cfg!(unix) && self.0.len() <= FEW && self.0.iter().all(|(name, _)| name.is_ascii())
    }

    /// Whether the analysis of a project may look into the directory: it contains Rust or TOML files, or only directories. The
    /// lists of all directories in a large tree would take too much memory.
    pub(super) fn may_be_of_use(&self) -> bool {
        let ends = |name: &OsStr| [".rs", ".toml"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()));
        self.0.iter().any(|(name, _)| ends(name)) || self.0.iter().all(|(_, kind)| kind.is_dir())
    }

    /// The kind of a name. Only the system knows how it compares names that are not ASCII.
    pub(super) fn kind(&self, name: &str) -> Listed {
        let name = OsStr::new(name);
        let start = self.0.partition_point(|(known, _)| order(known, name) == Ordering::Less);
        let mut alike =
            self.0[start..].iter().take_while(|(known, _)| order(known, name) == Ordering::Equal).peekable();
        let is_new = alike.peek().is_none() && name.is_ascii();
        match alike.find(|(known, _)| known == name) {
            Some((_, kind)) if !kind.is_symlink() => Listed::As(*kind),
            None if is_new => Listed::Nothing,
            _ => Listed::Unknown,
        }
    }

    /// Whether the directory may have an entry of that name: false if none is spelled like it, in any case.
    pub(crate) fn may_have(&self, name: &str) -> bool {
        self.kind(name) != Listed::Nothing
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsStr, FileType)> {
        self.0.iter().map(|(name, kind)| (name.as_os_str(), *kind))
    }
}

/// Compares names without regard to case, because not every file system distinguishes `A` from `a`.
fn order(a: &OsStr, b: &OsStr) -> Ordering {
    let folded = |byte: &u8| byte.to_ascii_lowercase();
    a.as_encoded_bytes().iter().map(folded).cmp(b.as_encoded_bytes().iter().map(folded))
}
