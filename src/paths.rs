//! Paths as keys and reports write them: relative to a directory, with `/`; and the one form in which files are compared.

use std::cmp::Ordering;
use std::fs::FileType;
use std::path::{Component, Path, PathBuf};

use crate::looked_up::{self, known};

/// The form in which two paths to one file are equal: the real directory, and the file's own name in it.
///
/// The last component is kept as it is: uv covers a symlink to a file by the name of the link, and a file that does not
/// exist yet has no other name. A directory that does not exist is only normalised.
pub(crate) fn resolve(path: &Path) -> PathBuf {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real_directory(parent).join(name),
        _ => real_directory(path),
    }
}

/// The real path of a directory; normalised as text where it does not exist.
pub(crate) fn real_directory(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    canonical(path).unwrap_or_else(|| normalize(path))
}

/// In bytes: nothing has a longer path, and to look up each part of one that is longer would take for ever.
pub(crate) const LONGEST: usize = if cfg!(windows) { 1 << 15 } else { 1 << 12 };

/// How often a path may climb for what is above to be looked up by itself.
const CLIMBS: usize = 64;

/// The path with all symlinks in it resolved; `None` where it does not exist.
pub(crate) fn canonical(path: &Path) -> Option<PathBuf> {
    if path.as_os_str().len() > LONGEST {
        return None;
    }
    known(
        |known| &mut known.canonical,
        path,
        || {
            // `project/../../core`: above a directory that is known there is nothing to look up for each such path.
            let Some((above, below)) = climb(path) else { return look_up(path) };
            let real =
                known(|known| &mut known.climbed, above, || canonical(above).filter(|real| looked_up::is_dir(real)))?;
            canonical(&real.parent().unwrap_or(&real).join(below))
        },
    )
}

/// Directories deeper than this are looked up part by part each time.
const DEPTH: usize = 64;

/// A path without `..`, by way of the directory that it is in, which others are in too.
fn look_up(path: &Path) -> Option<PathBuf> {
    if path.is_relative() && !cfg!(windows) {
        return canonical(&std::path::absolute(path).ok()?);
    }
    let whole = || dunce::canonicalize(path).ok();
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return whole() };
    // A `/` or `.` at the end asks for a directory.
    let is_plain = path.as_os_str().as_encoded_bytes().ends_with(name.as_encoded_bytes());
    if cfg!(windows) || !is_plain || path.components().count() > DEPTH {
        return whole();
    }
    let path = canonical(parent)?.join(name);
    let found = looked_up::kind_of_itself(&path)?;
    if found.is_symlink() { whole() } else { Some(path) }
}

/// What is at a path, symlinks followed; many paths with `..` lead to the same place.
pub(crate) fn kind(path: &Path) -> Option<FileType> {
    match (path.parent(), path.file_name()) {
        // A `/` or `.` at the end asks for a directory.
        (Some(parent), Some(name)) if path.as_os_str().as_encoded_bytes().ends_with(name.as_encoded_bytes()) => {
            looked_up::kind(&canonical(parent)?.join(name))
        }
        _ => looked_up::kind(path),
    }
}

/// What comes before the first `..` of an absolute path, and what after it.
fn climb(path: &Path) -> Option<(&Path, &Path)> {
    let mut below = path.components();
    let climbs = below.find(|component| *component == Component::ParentDir).is_some();
    let below = below.as_path();
    let above = path.ancestors().nth(below.components().count() + 1)?;
    let is_parent = |component: &Component| *component == Component::ParentDir;
    let few = below.components().filter(is_parent).count() < CLIMBS;
    (climbs && few && path.is_absolute()).then_some((above, below))
}

/// A path from the root of the disk, as text.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Removes `.` and resolves `..` as text.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            Component::ParentDir if normal.has_root() => {}
            other => normal.push(other),
        }
    }
    normal
}

/// `path` as seen from the directory `from`, both absolute and resolved, with `/` on every platform.
///
/// `None` where there is no such path (another drive) or it is not UTF-8 and so cannot be written into TOML.
pub(crate) fn relative(from: &Path, path: &Path) -> Option<String> {
    if let Some(below) = below(from, path) {
        return Some(below.replace(std::path::MAIN_SEPARATOR, "/"));
    }
    let mut left = from.components().peekable();
    let mut right = path.components().peekable();
    if left.peek() != right.peek() {
        return None;
    }
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        if a != b {
            break;
        }
        left.next();
        right.next();
    }
    let mut parts: Vec<&str> = left.map(|_| "..").collect();
    for component in right {
        parts.push(component.as_os_str().to_str()?);
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// Whether `path` is `directory` or lies below it; both resolved, and compared as text, which is faster by far than by
/// their components.
pub(crate) fn is_within(path: &Path, directory: &Path) -> bool {
    let (path, directory) = (path.as_os_str().as_encoded_bytes(), directory.as_os_str().as_encoded_bytes());
    let is_separator = |byte: Option<&u8>| byte.is_some_and(|byte| std::path::is_separator(char::from(*byte)));
    path.strip_prefix(directory).is_some_and(|below| {
        below.is_empty() || is_separator(below.first()) || directory.is_empty() || is_separator(directory.last())
    })
}

/// The common case of [`relative`], told from the text: there are thousands of them.
fn below<'a>(from: &Path, path: &'a Path) -> Option<&'a str> {
    let below = path.to_str()?.strip_prefix(from.to_str()?)?.strip_prefix(std::path::MAIN_SEPARATOR)?;
    (!below.is_empty()).then_some(below)
}

/// The order of two resolved paths, that of their components, from their text.
pub(crate) fn compare(a: &Path, b: &Path) -> Ordering {
    // What separates names sorts before all that names are made of.
    let byte = |byte: &u8| if std::path::is_separator(char::from(*byte)) { 0 } else { *byte };
    let (a, b) = (a.as_os_str().as_encoded_bytes(), b.as_os_str().as_encoded_bytes());
    a.iter().map(byte).cmp(b.iter().map(byte))
}

/// As [`relative`], for messages: what has no relative form is shown whole.
pub(crate) fn display(from: &Path, path: &Path) -> String {
    relative(from, path).unwrap_or_else(|| path.to_string_lossy().replace('\\', "/"))
}

/// A message in one line that steers no terminal, whatever the names of files in it.
pub(crate) fn printable(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let shown = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// A path for people, with the same care.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// A message with the paths below the repository as seen from the project directory.
pub(crate) fn shorten(mut text: String, directory: &Path) -> String {
    let top = repository(directory).unwrap_or(directory);
    for (climbs, ancestor) in directory.ancestors().take_while(|ancestor| ancestor.starts_with(top)).enumerate() {
        text = text.replace(&format!("{}{}", ancestor.display(), std::path::MAIN_SEPARATOR), &"../".repeat(climbs));
    }
    text
}

/// Directories that tools make, by name: neither projects nor sources are looked for there.
pub(crate) const MADE_BY_TOOLS: &[&str] = &["target", "node_modules", "__pycache__", "site-packages", "venv"];

/// Whether a path leads through a directory that a tool made, or through a hidden one (`.tox`, `.mypy_cache`, `.venv`).
pub(crate) fn is_made_by_tools(path: &Path) -> bool {
    let directories = path.parent().into_iter().flat_map(Path::components);
    directories.filter_map(|component| component.as_os_str().to_str()).any(|name| {
        let is_hidden = name.starts_with('.') && name != "..";
        is_hidden || MADE_BY_TOOLS.contains(&name) || matches!(name, "env" | "dist" | "build")
    })
}

/// Whether a path, or a glob, ends in `.rs`.
pub(crate) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The root of the repository around `directory`: the nearest ancestor with a `.git`, a directory or (in worktrees and
/// submodules) a file.
pub(crate) fn repository(directory: &Path) -> Option<&Path> {
    let look_up = || directory.ancestors().position(|ancestor| looked_up::exists(&ancestor.join(".git")));
    directory.ancestors().nth(known(|known| &mut known.repositories, directory, look_up)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_climb_and_use_slashes() {
        let from = Path::new("/a/b");
        for (path, expected) in [("/a/b/c/d.rs", "c/d.rs"), ("/a/c", "../c"), ("/a/b", "."), ("/x", "../../x")] {
            assert_eq!(relative(from, Path::new(path)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn paths_compare_by_components() {
        let paths =
            ["/a", "/a/b", "/a-b", "/a-b/c", "/a.rs", "/a/b.rs", "/a/b/c.rs", "/b", "/é", "/a b"].map(Path::new);
        for a in paths {
            for b in paths {
                assert_eq!(compare(a, b), a.cmp(b), "{} {}", a.display(), b.display());
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_lies_within_is_told_by_components() {
        let paths = ["/", "/a", "/a/b", "/ab", "/a/bc", "/a/b/c", "/b", "/a b/c", ""].map(Path::new);
        for a in paths {
            for b in paths {
                assert_eq!(is_within(a, b), a.starts_with(b), "{} {}", a.display(), b.display());
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn parents_are_those_of_what_symlinks_lead_to() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b/c")).unwrap();
        std::fs::write(root.join("file"), "").unwrap();
        std::os::unix::fs::symlink("a/b", root.join("link")).unwrap();
        std::os::unix::fs::symlink("loop", root.join("loop")).unwrap();
        for path in [
            "a/..",
            "a/../file",
            "a/b/../b/c",
            "link/..",
            "link/../b/c",
            "link/c/../../..",
            "file/..",
            "gone/..",
            "a/./b",
            "a/b/.",
            "a/b/",
            "file/",
            "file/.",
            "link",
            "link/c",
            "loop",
            "loop/x",
            "a/../../x",
            "",
        ] {
            let path = root.join(path);
            let expected = path.canonicalize().ok();
            assert_eq!(canonical(&path), expected, "{}", path.display());
            assert_eq!(looked_up::remembering(|| (canonical(&path), canonical(&path))), (expected.clone(), expected));
        }
        for climbs in [CLIMBS - 1, CLIMBS, CLIMBS + 1, 500] {
            let path = root.join("a/../".repeat(climbs)).join("file");
            assert_eq!(canonical(&path), Some(root.join("file")), "{climbs}");
        }
        assert_eq!(canonical(&root.join("a/../".repeat(LONGEST))), None);
        assert_eq!(canonical(Path::new("/../..")), Some(PathBuf::from("/")));
    }

    #[test]
    fn normalising_keeps_leading_parents() {
        assert_eq!(normalize(Path::new("a/./b/../c")), Path::new("a/c"));
        assert_eq!(normalize(Path::new("../a/../b")), Path::new("../b"));
        assert_eq!(normalize(Path::new("/../a")), Path::new("/a"));
    }
}
