//! The one form in which two paths to one file are equal.

use std::cmp::Ordering;
use std::ffi::OsString;
use std::ops::Deref;
use std::path::{Path, PathBuf, is_separator};

use super::path;

/// A real directory, or a file's own name in one, made by [`Disk::resolve`](super::Disk::resolve). Two paths that lead to the
/// same file have the same text. Comparing texts is much faster than comparing components.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Resolved(pub(super) OsString);

impl Resolved {
    /// The path of an entry of this directory, which need not exist. `name` may have several components if none of them is a
    /// symlink.
    pub(crate) fn child(&self, name: impl AsRef<Path>) -> Self {
        let path = path::join(self, name);
        // On Windows, all separators become `\`, so that equal paths have equal texts.
        Self(if cfg!(windows) { path.components().collect::<PathBuf>() } else { path }.into())
    }

    /// A path that a walk from this directory has found. The walk must not follow symlinks.
    pub(crate) fn met(&self, path: PathBuf) -> Self {
        debug_assert!(path::is_within(&path, self), "{} was met below {}", path.display(), self.display());
        Self(path.into())
    }

    /// The parent directory. The root of the disk is its own parent.
    pub(crate) fn around(&self) -> Self {
        Self(if self.parent().is_some() { path::parent(self).into() } else { self.0.clone() })
    }

    /// The path and its parents, nearest first.
    pub(crate) fn upwards(&self) -> impl Iterator<Item = Self> {
        self.ancestors().map(|above| Self(above.into()))
    }
}

impl Deref for Resolved {
    type Target = Path;

    fn deref(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl AsRef<Path> for Resolved {
    fn as_ref(&self) -> &Path {
        self
    }
}

impl Ord for Resolved {
    /// The order of the components.
    fn cmp(&self, other: &Self) -> Ordering {
        // The separator sorts before every character of a name.
        let byte = |byte: &u8| if is_separator(char::from(*byte)) { 0 } else { *byte };
        let (a, b) = (self.0.as_encoded_bytes(), other.0.as_encoded_bytes());
        match a.iter().zip(b).find(|(a, b)| a != b && byte(a) != byte(b)) {
            Some((a, b)) => byte(a).cmp(&byte(b)),
            None => a.len().cmp(&b.len()),
        }
    }
}

impl PartialOrd for Resolved {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A path as tests write it.
#[cfg(any(test, fuzzing))]
pub(crate) fn resolved(path: impl AsRef<Path>) -> Resolved {
    super::Disk::default().resolve(path.as_ref())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_one_file_is_equal() {
        let root = tempfile::tempdir().unwrap();
        let root = resolved(root.path().canonicalize().unwrap());
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::os::unix::fs::symlink("a/b", root.join("link")).unwrap();
        let file = root.child("a/b").child("new");
        for path in ["a/b/new", "link/new", "a/../link/./new", "link/../b/new"] {
            assert_eq!(resolved(root.join(path)), file, "{path}");
        }
        assert_eq!((file.around(), resolved("/").around()), (root.child("a/b"), resolved("/")));
        assert_eq!(file.upwards().nth(3), Some(root.clone()));
        assert!(resolved("gone/../new").is_absolute());
        assert!(root.child("a-b") > file && file > root.child("a"));
    }
}
