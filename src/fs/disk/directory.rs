//! The names in a directory: one list answers what exists and what does not.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The names in a directory, sorted by their letters whether capital or not, each with what it is; a symlink is one.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<(OsString, FileType)>);

/// What the list of a directory says of a name.
#[derive(PartialEq, Eq)]
pub(super) enum Listed {
    Nothing,
    /// A file, a directory or something stranger, and no symlink.
    As(FileType),
    Unknown,
}

/// A directory with more names is asked about them one by one.
pub(super) const FEW: usize = 512;

impl Names {
    /// Reads a directory, `most` names of it.
    pub(super) fn read(directory: &Path, most: usize) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory)?.take(most) {
            let entry = entry?;
            match entry.file_type() {
                Ok(kind) => names.push((entry.file_name(), kind)),
                // It went meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        names.sort_unstable_by(|(a, _), (b, _)| order(a, b).then_with(|| a.cmp(b)));
        Ok(Self(names))
    }

    /// The list of a directory, where it can answer for the system.
    pub(super) fn listing(directory: &Path) -> io::Result<Option<Self>> {
        Ok(Some(Self::read(directory, FEW + 1)?).filter(Self::is_telling))
    }

    /// Whether the list can answer for the system: it has all names, and what other spellings the system takes for one of them
    /// is plain.
    pub(super) fn is_telling(&self) -> bool {
        cfg!(unix) && self.0.len() <= FEW && self.0.iter().all(|(name, _)| name.is_ascii())
    }

    /// Whether the work on a project may ask about the directory: there is something of Rust or of Python packaging, or it only
    /// holds others. The lists of all directories below a large tree would fill the memory.
    pub(super) fn may_be_of_use(&self) -> bool {
        let ends = |name: &OsStr| [".rs", ".toml"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()));
        self.0.iter().any(|(name, _)| ends(name)) || self.0.iter().all(|(_, kind)| kind.is_dir())
    }

    /// How other systems compare a name that is not ASCII, only they know.
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

    pub(super) fn iter(&self) -> impl Iterator<Item = (&OsStr, FileType)> {
        self.0.iter().map(|(name, kind)| (name.as_os_str(), *kind))
    }
}

/// Not every file system distinguishes `A` from `a`.
fn order(a: &OsStr, b: &OsStr) -> Ordering {
    let folded = |byte: &u8| byte.to_ascii_lowercase();
    a.as_encoded_bytes().iter().map(folded).cmp(b.as_encoded_bytes().iter().map(folded))
}
