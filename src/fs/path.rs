//! Paths as text, without access to the disk. Most functions also avoid [`Path::components`], which takes ten times as long:
//! there are thousands of calls for each project. Paths in an unusual form are still handled by components.

#[cfg(unix)]
use std::ffi::OsStr;
use std::ffi::OsString;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf, is_separator};

/// Splits a path of the plain form `directory/name`. Windows has more forms.
#[cfg(unix)]
pub(crate) fn split(path: &Path) -> Option<(&Path, &str)> {
    let text = path.as_os_str().as_bytes();
    let at = text.iter().rposition(|byte| *byte == b'/').filter(|at| *at > 0)?;
    // Only the name is checked, because the whole path may be long.
    let name = str::from_utf8(&text[at + 1..]).ok().filter(|name| !matches!(*name, "" | "." | ".."))?;
    Some((Path::new(OsStr::from_bytes(&text[..at])), name))
}

#[cfg(not(unix))]
pub(crate) fn split(_: &Path) -> Option<(&Path, &str)> {
    None
}

/// Like [`Path::parent`], for a path of a file, which always has one.
pub(crate) fn parent(path: &Path) -> &Path {
    match split(path) {
        Some((directory, _)) => directory,
        None => path.parent().unwrap_or(Path::new(".")),
    }
}

/// Splits an absolute path before its first `..`: the directory whose parent is meant, and the rest. `None` if `..` occurs more
/// than `most` times.
pub(crate) fn climb(path: &Path, most: usize) -> Option<(&Path, &Path)> {
    let text = path.to_str().filter(|text| cfg!(unix) && text.starts_with('/'))?;
    let at = text.find("/../").or_else(|| text.strip_suffix("/..").map(str::len))?;
    let above = if at == 0 { "/" } else { &text[..at] };
    let below = text[at + "/..".len()..].trim_start_matches('/');
    let climbs = 1 + below.split('/').filter(|part| *part == "..").count();
    (climbs <= most).then_some((Path::new(above), Path::new(below)))
}

/// Like [`Path::join`], which allocates twice and parses the components of both.
pub(crate) fn join(directory: &Path, path: impl AsRef<Path>) -> PathBuf {
    let (directory, path) = (directory.as_os_str(), path.as_ref().as_os_str());
    let mut joined = OsString::with_capacity(directory.len() + path.len() + 1);
    joined.push(directory);
    if cfg!(unix) && !directory.is_empty() && !path.as_encoded_bytes().starts_with(b"/") {
        joined.push(if directory.as_encoded_bytes().ends_with(b"/") { "" } else { "/" });
        joined.push(path);
        return joined.into();
    }
    let mut joined = PathBuf::from(joined);
    joined.push(path);
    joined
}

/// Removes `.` and resolves `..` as text.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    if let Some(text) = tidy(path).filter(|text| !text.is_empty() && !text.contains("/../") && !text.ends_with("/..")) {
        return PathBuf::from(text);
    }
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
/// `None` if there is no such path (another drive), or if it is not UTF-8 and so cannot be written to TOML.
pub(crate) fn relative(from: &Path, path: &Path) -> Option<String> {
    if let Some(below) = below(from, path) {
        return Some(below.replace(MAIN_SEPARATOR, "/"));
    }
    match (tidy(from), tidy(path)) {
        (Some(from), Some(path)) => Some(relative_text(from, path)),
        _ => relative_by_components(from, path),
    }
}

/// The common case, which is called thousands of times.
fn below<'a>(from: &Path, path: &'a Path) -> Option<&'a str> {
    let below = path.to_str()?.strip_prefix(from.to_str()?)?.strip_prefix(MAIN_SEPARATOR)?;
    (!below.is_empty()).then_some(below)
}

/// An absolute path with only names between its separators, without a trailing separator.
fn tidy(path: &Path) -> Option<&str> {
    let text = path.to_str().filter(|text| cfg!(unix) && text.starts_with('/'))?;
    let text = text.strip_suffix('/').unwrap_or(text);
    let is_odd = text.contains("//") || text.contains("/./") || text.ends_with('/') || text.ends_with("/.");
    (!is_odd).then_some(text)
}

fn relative_text(from: &str, path: &str) -> String {
    let (mut above, mut climbs) = (from, 0);
    // Both start with a separator, unless one of them is the root of the disk. The root is then empty, and everything is below
    // it.
    let below = loop {
        match path.strip_prefix(above) {
            Some(below) if below.is_empty() || below.starts_with('/') => break below.trim_start_matches('/'),
            _ => (above, climbs) = (&above[..above.rfind('/').unwrap_or(0)], climbs + 1),
        }
    };
    let mut text = String::with_capacity("../".len() * climbs + below.len());
    (0..climbs).for_each(|_| text.push_str("../"));
    text.push_str(below);
    text.truncate(text.trim_end_matches('/').len());
    if text.is_empty() { ".".to_owned() } else { text }
}

fn relative_by_components(from: &Path, path: &Path) -> Option<String> {
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

/// Like [`relative`], for messages: a path without a relative form is shown whole.
pub(crate) fn display(from: &Path, path: &Path) -> String {
    relative(from, path).unwrap_or_else(|| slashed(path))
}

/// Whether `path` is `directory` or lies below it; both resolved.
pub(crate) fn is_within(path: &Path, directory: &Path) -> bool {
    let (path, directory) = (path.as_os_str().as_encoded_bytes(), directory.as_os_str().as_encoded_bytes());
    let is_separator = |byte: Option<&u8>| byte.is_some_and(|byte| is_separator(char::from(*byte)));
    path.strip_prefix(directory).is_some_and(|below| {
        below.is_empty() || is_separator(below.first()) || directory.is_empty() || is_separator(directory.last())
    })
}

/// Like [`Path::strip_prefix`], for resolved paths.
#[cfg(unix)]
pub(crate) fn strip<'a>(path: &'a Path, directory: &Path) -> Option<&'a Path> {
    let (text, above) = (path.as_os_str().as_bytes(), directory.as_os_str().as_bytes());
    let below = text.strip_prefix(above)?;
    let parted = below.strip_prefix(b"/");
    let is_below = below.is_empty() || parted.is_some() || matches!(above, [] | [.., b'/']);
    is_below.then(|| Path::new(OsStr::from_bytes(parted.unwrap_or(below))))
}

/// Like [`Path::strip_prefix`], for resolved paths. A path that does not exist yet may differ in case.
#[cfg(not(unix))]
pub(crate) fn strip<'a>(path: &'a Path, directory: &Path) -> Option<&'a Path> {
    let lower = |part: Component| part.as_os_str().to_string_lossy().to_lowercase();
    let mut rest = path.components();
    for part in directory.components() {
        rest.next().filter(|found| *found == part || lower(*found) == lower(part))?;
    }
    Some(rest.as_path())
}

/// A message on one line without control characters, which names of files may contain.
pub(crate) fn printable(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let shown = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// The form of a path in all output: with `/` on every system, and without the `\\?\` that some paths on Windows start with.
pub(crate) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { unix_text(&text) } else { text.into_owned() }
}

fn unix_text(windows: &str) -> String {
    let text = windows.replace('\\', "/");
    match text.strip_prefix("//?/") {
        Some(share) if share.starts_with("UNC/") => share.replacen("UNC", "/", 1),
        Some(path) if path.get(1..2) == Some(":") => path.to_owned(),
        _ => text,
    }
}

/// The form of a path in messages, without control characters.
pub(crate) fn shown(path: &Path) -> String {
    printable(&slashed(path))
}

#[cfg(test)]
mod tests;
