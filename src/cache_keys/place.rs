//! Where a path leads, whether or not anything is there.

use std::path::{Path, PathBuf};

use crate::{path_text, paths};

/// A path with every symlinked directory and `..` in it resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The last component as named: the symlink itself, where it is one.
    pub(super) named: PathBuf,
    /// With the last component followed too; the same as `named` where it is no symlink.
    pub(super) real: PathBuf,
}

impl Place {
    /// Resolves an absolute path. What does not exist is taken as written, below what does. None where a `..` follows
    /// something that does not exist: such a path leads nowhere, whatever is created at its end.
    pub(super) fn of(path: &Path) -> Option<Place> {
        if let Some((directory, name)) = path_text::split(path) {
            let named = paths::join(&resolve(directory)?, name);
            let real = paths::canonical(&named);
            return Some(Place { real: real.unwrap_or_else(|| named.clone()), named });
        }
        let named = match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Some(resolve(parent)?.join(name)),
            _ => None,
        };
        match (paths::canonical(path), named) {
            (Some(real), named) => Some(Place { named: named.unwrap_or_else(|| real.clone()), real }),
            (None, Some(named)) => Some(Place { real: named.clone(), named }),
            (None, None) => None,
        }
    }
}

fn resolve(path: &Path) -> Option<PathBuf> {
    let mut missing = Vec::new();
    let mut here = path;
    loop {
        if let Some(mut real) = paths::canonical(here) {
            real.extend(missing.iter().rev());
            return Some(real);
        }
        missing.push(here.file_name()?);
        here = here.parent()?;
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn paths_are_resolved_as_far_as_they_exist() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/f"), "").unwrap();
        symlink("a/b", root.join("dir")).unwrap();
        symlink("a/b/f", root.join("file")).unwrap();
        symlink("nowhere", root.join("broken")).unwrap();
        let check = |path: &str, expected: Option<(&str, &str)>| {
            let expected = expected.map(|(named, real)| Place { named: root.join(named), real: root.join(real) });
            assert_eq!(Place::of(&root.join(path)), expected, "{path}");
        };
        check("a/b/f", Some(("a/b/f", "a/b/f")));
        check("file", Some(("file", "a/b/f")));
        check("dir", Some(("dir", "a/b")));
        check("dir/f", Some(("a/b/f", "a/b/f")));
        check("dir/..", Some(("a", "a")));
        check("dir/../x/y", Some(("a/x/y", "a/x/y")));
        check("broken", Some(("broken", "broken")));
        check("x/y", Some(("x/y", "x/y")));
        check("x/../a", None);
        check("x/..", None);
        check("a/b/f/../f", None);
        check("nul\0/x", Some(("nul\0/x", "nul\0/x")));
    }
}
