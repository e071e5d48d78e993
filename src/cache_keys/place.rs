//! Where a path leads, even if nothing exists there.

use std::path::Path;

use super::system::System;
use crate::fs::{Disk, Resolved, path};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The path with its last component as named: a symlink is not followed.
    pub(super) named: Resolved,
    /// The path with its last component followed too. The same as `named` if it is not a symlink.
    pub(super) real: Resolved,
}

impl Place {
    /// Resolves the path `text`, relative to `dir`, as `system` does. Empty text is `dir` itself. The part of the path that does
    /// not exist is kept as written. `None` for a path that would lead nowhere even if its last component were created: on Unix,
    /// one with a `..` after a component that does not exist.
    pub(super) fn of(system: System, disk: &Disk, dir: &Resolved, text: &str) -> Option<Place> {
        if text.is_empty() {
            return Some(Place { named: dir.clone(), real: dir.clone() });
        }
        let path = path::join(dir, text);
        match system {
            _ if system != System::HERE => elsewhere(system, disk, dir, text).map(|named| Place::at(disk, named)),
            // Windows removes `..` and `.` from the text before it looks at the disk.
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
        // On Windows, no name contains a colon, and pushing `C:` would lead to another place.
        missing.push(here.file_name().filter(|name| !cfg!(windows) || !name.as_encoded_bytes().contains(&b':'))?);
        here = here.parent()?;
    }
}

/// Where a path would lead on the other system, with the files on this disk.
fn elsewhere(system: System, disk: &Disk, dir: &Resolved, text: &str) -> Option<Resolved> {
    let mut here = dir.clone();
    for part in system.parts(text) {
        match part {
            "/" => here = disk.canonical(here.ancestors().last()?)?,
            // Unix resolves `..` from the directory, Windows from the text.
            ".." if system == System::Unix && !disk.is_dir(&here) => return None,
            ".." => here = here.around(),
            name => here = child(system, disk, &here, name)?,
        }
    }
    Some(here)
}

/// The path that `name` leads to in a directory. On Windows, the case of letters does not matter. On Unix, `None` if the
/// directory has a name that only differs in case: this file system ignores case, so `name` cannot exist beside it.
fn child(system: System, disk: &Disk, directory: &Resolved, name: &str) -> Option<Resolved> {
    // On Unix a `\` is part of a name, and no name contains one here.
    if system == System::Unix && name.contains('\\') {
        return None;
    }
    let path = directory.child(name);
    // Only a name in another case needs the list of the directory.
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
