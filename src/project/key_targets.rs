//! What the entries of the list point to on the disk. Looked up once for all rules.

use std::path::{Component, Path};

use crate::cache_keys::{Key, split};
use crate::fs::{Disk, Resolved, path};
use crate::inputs::Inputs;

/// What one entry points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    /// What a literal path leads to; [`Found::Nothing`] for a glob.
    pub(crate) found: Found,
    /// Whether a literal may come to exist later: it is in `.git/`, or git ignores it.
    pub(crate) may_come: bool,
    /// Whether it leads out of the repository, and not into a crate of the build.
    pub(crate) leaves: bool,
    /// The literal, or the directory where a glob starts.
    pub(crate) place: Resolved,
}

/// The kind of file at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    File,
    Directory,
    Nothing,
}

impl Sight {
    /// Looks up the entry `key` of the project in `directory`.
    pub(crate) fn of(disk: &Disk, directory: &Path, inputs: &Inputs, key: &Key) -> Self {
        let (Key::File(text) | Key::Dir(text)) = key else {
            return Self { found: Found::Nothing, may_come: false, leaves: false, place: Resolved::default() };
        };
        if key.is_glob() {
            let place = disk.real_directory(&path::join(directory, &*split(text).0));
            return Self {
                found: Found::Nothing,
                may_come: false,
                leaves: leaves(disk, directory, inputs, text, &place),
                place,
            };
        }
        let path = path::join(directory, text);
        let found = match disk.real_kind(&path) {
            Some(kind) if kind.is_file() => Found::File,
            Some(kind) if kind.is_dir() => Found::Directory,
            _ => Found::Nothing,
        };
        let place = if found == Found::Directory { disk.real_directory(&path) } else { disk.resolve(&path) };
        let in_git = || place.components().any(|component| component.as_os_str() == ".git");
        let may_come = found == Found::Nothing && (in_git() || disk.is_ignored(&place));
        Self { found, may_come, leaves: leaves(disk, directory, inputs, text, &place), place }
    }
}

/// Whether a key leads out of the repository. The text is checked first, because only a path with `..` can.
fn leaves(disk: &Disk, directory: &Path, inputs: &Inputs, text: &str, place: &Path) -> bool {
    let goes_up = text.contains("..") && Path::new(text).components().any(|part| part == Component::ParentDir);
    let Some(repository) = disk.repository(directory).filter(|_| goes_up) else { return false };
    if path::is_within(place, repository) {
        return false;
    }
    let in_crate = inputs.crates.iter().any(|found| path::is_within(place, found.package().directory()));
    // A directory beside the repository may hold crates of the build. One that contains the project does not count, because it
    // contains all inputs.
    let is_around = path::is_within(directory, place);
    let holds_inputs = !is_around && inputs.files.iter().any(|input| path::is_within(&input.path, place));
    !in_crate && !holds_inputs
}
