//! Where a path leads, whether or not anything is there.

use std::path::{Path, PathBuf};

use super::system::System;
use crate::fs::{Disk, path};

/// A path with every symlinked directory and `..` in it resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The last component as named: the symlink itself, where it is one.
    pub(super) named: PathBuf,
    /// With the last component followed too; the same as `named` where it is no symlink.
    pub(super) real: PathBuf,
}

impl Place {
    /// Resolves the path `text`, seen from `dir`, as `system` does. `dir` is absolute and canonical; empty text is `dir` itself.
    /// What does not exist is taken as written, below what does. None for a path that leads nowhere, whatever is created at
    /// its end: on Unix one with a `..` behind something that does not exist.
    pub(super) fn of(system: System, disk: &Disk, dir: &Path, text: &str) -> Option<Place> {
        if text.is_empty() {
            return Some(Place { named: dir.to_owned(), real: dir.to_owned() });
        }
        let path = path::join(dir, text);
        match system {
            _ if system != System::HERE => elsewhere(system, disk, dir, text).map(|named| Place::at(disk, named)),
            // The system takes `..` and `.` out of the text before it looks for anything.
            System::Windows => Place::in_directory(disk, &std::path::absolute(path).ok()?),
            System::Unix => Place::in_directory(disk, &path),
        }
    }

    fn in_directory(disk: &Disk, path: &Path) -> Option<Place> {
        if let Some((directory, name)) = path::split(path) {
            return Some(Place::at(disk, path::join(&real(disk, directory)?, name)));
        }
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Some(Place::at(disk, real(disk, parent)?.join(name))),
            _ => disk.canonical(path).map(|named| Place::at(disk, named)),
        }
    }

    fn at(disk: &Disk, named: PathBuf) -> Place {
        let real = disk.canonical(&named).unwrap_or_else(|| named.clone());
        // Where letters may be of either case, a file has the name that its directory lists.
        let is_same = cfg!(windows) && real.to_string_lossy().to_lowercase() == named.to_string_lossy().to_lowercase();
        Place { named: if is_same { real.clone() } else { named }, real }
    }
}

fn real(disk: &Disk, path: &Path) -> Option<PathBuf> {
    let mut missing = Vec::new();
    let mut here = path;
    loop {
        if let Some(mut real) = disk.canonical(here) {
            real.extend(missing.iter().rev());
            return Some(real);
        }
        // On Windows no name has a colon, and to push `C:` would lead to another place.
        missing.push(here.file_name().filter(|name| !cfg!(windows) || !name.as_encoded_bytes().contains(&b':'))?);
        here = here.parent()?;
    }
}

/// Where a path of the other system would lead in this tree.
fn elsewhere(system: System, disk: &Disk, dir: &Path, text: &str) -> Option<PathBuf> {
    let mut here = dir.to_owned();
    for part in system.parts(text) {
        match part {
            "/" => here = here.ancestors().last()?.to_owned(),
            // On Unix it is the directory that counts, on Windows the text.
            ".." if system == System::Unix && !disk.is_dir(&here) => return None,
            ".." => here = path::parent(&here).to_owned(),
            name => here = child(system, disk, &here, name)?,
        }
    }
    Some(here)
}

/// What `name` means in a directory: on Windows in any case of its letters. None where something with another case is there,
/// and so nothing by this name can be.
fn child(system: System, disk: &Disk, directory: &Path, name: &str) -> Option<PathBuf> {
    // What is a character of a name on Unix no name has here.
    if system == System::Unix && name.contains('\\') {
        return None;
    }
    let path = directory.join(name);
    // Nothing but the name's own letters needs a list of the directory.
    if system == System::Windows && disk.kind_of_itself(&path).is_some() {
        return Some(path);
    }
    let same = |found: &str| found.to_lowercase() == name.to_lowercase();
    let listed = disk.entries(directory).into_iter().flatten();
    let names: Vec<String> =
        listed.filter_map(|entry| entry.file_name().into_string().ok()).filter(|found| same(found)).collect();
    match (system, names.as_slice()) {
        (System::Unix, names) if names.iter().any(|found| found == name) => Some(path),
        (System::Unix, [_, ..]) => None,
        (System::Windows, [found, ..]) => Some(directory.join(found)),
        (_, []) => Some(path),
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
            assert_eq!(Place::of(System::HERE, &Disk::default(), &root, path), expected, "{path}");
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
