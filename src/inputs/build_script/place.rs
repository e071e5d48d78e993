//! The place that a text of a build script names, which may be known in part.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::fs::{Disk, path};

/// An unknown part of a text.
pub(super) const HOLE: char = '\0';

/// A directory that the build creates (`OUT_DIR`, a temporary directory), or a place that depends on an environment variable or
/// the machine.
pub(super) const ELSEWHERE: char = '\u{1}';

/// `OUT_DIR`, whose files are outputs. It starts with [`ELSEWHERE`].
pub(super) const OUT_DIR: &str = "\u{1}OUT_DIR";

/// The place that a text names, read as a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// This normalised path.
    Path(PathBuf),
    /// Something in this directory.
    Within(PathBuf),
    /// A place that holds no source.
    Elsewhere,
    Unknown,
}

/// The place that `text` names for a build script of `package`.
pub(super) fn place(disk: &Disk, text: &str, package: &Path) -> Place {
    let absolute = |text: &str| path::normalize(&package.join(text));
    let text = text.trim();
    if text.starts_with(ELSEWHERE) || (cfg!(unix) && is_on_a_drive(text)) {
        return Place::Elsewhere;
    }
    let directory = |text: &str| text.rfind(SLASHES).map(|end| text[..=end].to_owned());
    match text.find([HOLE, ELSEWHERE]) {
        None if !text.contains('\n') => Place::Path(absolute(text)),
        None => Place::Unknown,
        Some(0) => below_some_ancestor(disk, text, package).unwrap_or(Place::Unknown),
        Some(hole) => match directory(&text[..hole]).map(|directory| absolute(&directory)) {
            // A directory above the package holds everything, so it says nothing.
            Some(directory) if !package.starts_with(&directory) => Place::Within(directory),
            _ => Place::Unknown,
        },
    }
}

/// `C:\tools`: a path of Windows, which on Unix is not relative to the package.
fn is_on_a_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

const SLASHES: [char; 2] = ['/', MAIN_SEPARATOR];

/// `{root}/data/table.csv`, if exactly one directory from the package up to the root of the repository contains the path after
/// the hole.
fn below_some_ancestor(disk: &Disk, text: &str, package: &Path) -> Option<Place> {
    let rest = text.trim_start_matches(HOLE).strip_prefix(SLASHES)?;
    let end = rest.find([HOLE, ELSEWHERE]);
    let below = Path::new(
        rest[..end.map_or(rest.len(), |end| rest[..end].rfind(SLASHES).unwrap_or(0))].trim_end_matches(SLASHES),
    );
    let is_telling = below.components().count() > 1 || below.extension().is_some();
    let top = package.ancestors().position(|above| disk.exists(&above.join(".git")))?;
    let mut found =
        package.ancestors().take(top + 1).map(|above| above.join(below)).filter(|path| is_telling && disk.exists(path));
    match (found.next(), found.next()) {
        (Some(path), None) if end.is_some() => Some(Place::Within(path)),
        (Some(path), None) => Some(Place::Path(path)),
        _ => None,
    }
}

/// A literal with a `/` or a suffix.
pub(super) fn looks_like_a_path(text: &str) -> bool {
    let has_suffix = || Path::new(text).extension().is_some();
    text.len() < 200 && !text.contains(['{', '*', '\n']) && (text.contains('/') || has_suffix())
}

/// Whether a place is in a `.git`.
pub(super) fn is_gits(place: &Place) -> bool {
    match place {
        Place::Path(path) | Place::Within(path) => path.components().any(|part| part.as_os_str() == ".git"),
        Place::Elsewhere | Place::Unknown => false,
    }
}

/// A path in a `.git` at an unknown place, or a file name that only git uses.
pub(super) fn is_named_by_git(text: &str) -> bool {
    let end = text.rsplit(['/', HOLE]).next().unwrap_or_default();
    let is_within = || Path::new(text).components().any(|part| part.as_os_str() == ".git");
    text.contains(HOLE) && (["HEAD", "ORIG_HEAD", "commondir", "packed-refs"].contains(&end) || is_within())
}

/// The text in messages: `data/{}.json`.
pub(super) fn shown(text: &str) -> String {
    text.replace(HOLE, "{}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_a_drive_is_not_in_the_package() {
        for text in [r"C:\tess", r"C:\tess/third_party/generated.rs", "d:/x"] {
            let expected = if cfg!(unix) { Place::Elsewhere } else { Place::Path(path::normalize(Path::new(text))) };
            assert_eq!(place(&Disk::default(), text, Path::new("/p")), expected, "{text}");
        }
        assert_eq!(place(&Disk::default(), "a/b.rs", Path::new("/p")), Place::Path(PathBuf::from("/p/a/b.rs")));
    }
}
