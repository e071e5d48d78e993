//! Where a path leads, whether or not anything is there.

use std::path::Path;

use super::system::System;
use crate::fs::{Disk, Resolved, path};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The last component as named: the symlink itself, where it is one.
    pub(super) named: Resolved,
    /// With the last component followed too; the same as `named` where it is not a symlink.
    pub(super) real: Resolved,
}

impl Place {
    /// Resolves the path `text`, seen from `dir`, as `system` does; empty text is `dir` itself.
    /// What does not exist is taken as written, below what does. None for a path that leads nowhere, whatever is created at
    /// its end: on Unix one with a `..` behind something that does not exist.
    pub(super) fn of(system: System, disk: &Disk, dir: &Resolved, text: &str) -> Option<Place> {
        if text.is_empty() {
            return Some(Place { named: dir.clone(), real: dir.clone() });
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
            return Some(Place::at(disk, real(disk, directory)?.child(name)));
        }
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => Some(Place::at(disk, real(disk, parent)?.child(name))),
            _ => disk.canonical(path).map(|named| Place::at(disk, named)),
        }
    }

    fn at(disk: &Disk, named: Resolved) -> Place {
        let real = disk.canonical(&named).unwrap_or_else(|| named.clone());
        Place { named: disk.own_name(named), real }
    }
}

fn real(disk: &Disk, path: &Path) -> Option<Resolved> {
    let mut missing = Vec::new();
    let mut here = path;
    loop {
        if let Some(real) = disk.canonical(here) {
            return Some(missing.iter().rev().fold(real, |real, name| real.child(name)));
        }
        // On Windows no name has a colon, and to push `C:` would lead to another place.
        missing.push(here.file_name().filter(|name| !cfg!(windows) || !name.as_encoded_bytes().contains(&b':'))?);
        here = here.parent()?;
    }
}

/// Where a path of the other system would lead in this tree.
fn elsewhere(system: System, disk: &Disk, dir: &Resolved, text: &str) -> Option<Resolved> {
    let mut here = dir.clone();
    for part in system.parts(text) {
        match part {
            "/" => here = disk.canonical(here.ancestors().last()?)?,
            // On Unix it is the directory that counts, on Windows the text.
            ".." if system == System::Unix && !disk.is_dir(&here) => return None,
            ".." => here = here.around(),
            name => here = child(system, disk, &here, name)?,
        }
    }
    Some(here)
}

/// What `name` means in a directory: on Windows in any case of its letters. None where something with another case is there,
/// and so nothing by this name can be.
fn child(system: System, disk: &Disk, directory: &Resolved, name: &str) -> Option<Resolved> {
    // What is a character of a name on Unix no name has here.
    if system == System::Unix && name.contains('\\') {
        return None;
    }
    let path = directory.child(name);
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
        (System::Windows, [found, ..]) => Some(directory.child(found)),
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
        let root = Disk::default().real_directory(root.path());
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/f"), "").unwrap();
        symlink("a/b", root.join("dir")).unwrap();
        symlink("a/b/f", root.join("file")).unwrap();
        symlink("nowhere", root.join("broken")).unwrap();
        let check = |path: &str, expected: Option<(&str, &str)>| {
            let expected = expected.map(|(named, real)| Place { named: root.child(named), real: root.child(real) });
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
