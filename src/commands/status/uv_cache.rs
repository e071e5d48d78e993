//! uv's cache: whether it holds a wheel of the project's current state, which uv would install instead of building.
//!
//! Source of the facts: `built_wheel_index.rs` and `source/mod.rs` in uv's crate `uv-distribution`, `canonical_url.rs` in
//! `uv-cache-key`. Each project has a directory below `sdists-v<n>/editable` or `/path`, named by a hash of its URL. Its
//! `revision.rev` holds the cache info of the last build, and the name of the directory with the wheels. The wheels are links
//! into the archive (`Link` in `uv-cache`).

use std::ffi::OsStr;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::environment::Python;
use super::settings::UvSettings;
use crate::cache_keys::CacheInfo;
use crate::fs::{Disk, read};

/// The last build of a project in uv's cache.
#[derive(Debug)]
pub(super) struct Revision {
    pub(super) info: CacheInfo,
    /// When uv noted the cache info, at the start of the build.
    pub(super) begun: Option<SystemTime>,
    directory: PathBuf,
    cache: PathBuf,
}

#[derive(Deserialize)]
struct Pointer {
    cache_info: CacheInfo,
    revision: PointedAt,
}

/// The fields of all uv versions. Older versions lack some of them.
#[derive(Deserialize)]
struct PointedAt {
    id: String,
    #[serde(default)]
    #[expect(dead_code, reason = "takes its place in the file")]
    hashes: IgnoredAny,
    #[serde(default)]
    #[expect(dead_code, reason = "takes its place in the file")]
    size: IgnoredAny,
}

impl Revision {
    /// The most recent build. Different versions of uv may use different directories.
    pub(super) fn last(disk: &Disk, settings: &UvSettings, url: &str, is_editable: bool) -> Option<Self> {
        let below = Path::new(if is_editable { "editable" } else { "path" }).join(digest(url)).join("revision.rev");
        let cache = settings.cache_directory()?;
        let entries = disk.entries(&cache).ok()?.into_iter();
        let is_bucket = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with("sdists-v"));
        let files = entries.filter(|entry| is_bucket(&entry.file_name())).map(|entry| entry.path().join(&below));
        let read = |file: PathBuf| {
            let pointer: Pointer = rmp_serde::from_slice(&disk.read(&file).ok()?).ok()?;
            let begun = read::modified(&file);
            let directory = file.parent()?.join(pointer.revision.id);
            Some(Self { info: pointer.cache_info, begun, directory, cache: cache.clone() })
        };
        files.filter_map(read).max_by_key(|revision| revision.begun)
    }

    /// Whether the build has a wheel that the Python of the environment can import.
    pub(super) fn has_wheel(&self, disk: &Disk, python: Option<Python>) -> bool {
        let has_wheel = |directory: &Path| self.has_wheel_in(disk, directory, python);
        has_wheel(&self.directory) || subdirectories(disk, &self.directory).any(|shard| has_wheel(&shard))
    }

    fn has_wheel_in(&self, disk: &Disk, directory: &Path, python: Option<Python>) -> bool {
        let entries = disk.entries(directory).into_iter().flatten();
        entries.map(|entry| entry.path()).any(|path| {
            // Look for the unpacked wheel, not for the packed one or a lock.
            let is_other = path.extension().is_some_and(|end| end == "lock" || end == "whl");
            let name = path.file_name().and_then(OsStr::to_str);
            !is_other && name.is_some_and(|stem| fits(stem, python)) && self.leads_to_archive(disk, &path)
        })
    }

    /// Whether the target of a link still exists. On Windows, the link is a file that contains the path in the cache.
    fn leads_to_archive(&self, disk: &Disk, link: &Path) -> bool {
        if cfg!(windows) {
            return disk.text(link).is_ok_and(|place| self.cache.join(place).is_dir());
        }
        link.exists()
    }
}

/// The subdirectories. Builds with settings of their own are one level deeper.
fn subdirectories(disk: &Disk, directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = disk.entries(directory).into_iter().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path())
}

/// Whether a wheel with this file name (packaging specification, "Platform compatibility tags") is for this Python. The platform
/// is not compared, since the wheel was built on this machine.
fn fits(stem: &str, python: Option<Python>) -> bool {
    let parts: Vec<&str> = stem.split('-').collect();
    let [.., interpreter, abi, _] = parts[..] else { return false };
    if parts.len() < 5 {
        return false;
    }
    let Some(python) = python else { return true };
    let abi_is = |wanted: &str| abi.split('.').any(|abi| abi == wanted);
    interpreter.split('.').any(|tag| {
        let digits = tag.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let Some(major) = digits.get(..1).and_then(|digit| digit.parse::<u32>().ok()) else { return true };
        let minor: u32 = digits[1..].parse().unwrap_or(0);
        let is_early_enough = major == python.major && minor <= python.minor;
        match tag.strip_suffix(digits) {
            Some("py") => is_early_enough,
            Some("cp") if abi_is("none") => is_early_enough,
            Some("cp") if abi_is("abi3") => is_early_enough && !python.is_free_threaded,
            Some("cp") => {
                let suffix = if python.is_free_threaded { "t" } else { "" };
                abi_is(&format!("cp{}{}{suffix}", python.major, python.minor))
            }
            _ => true,
        }
    })
}

/// The URL under which uv knows a project that is not installed.
pub(super) fn url_of(directory: &Path) -> Option<String> {
    Url::from_file_path(directory).ok().map(String::from)
}

fn digest(url: &str) -> String {
    let mut hasher = seahash::SeaHasher::new();
    canonical(url).hash(&mut hasher);
    // The bytes in the order in which uv writes them, the lowest first.
    format!("{:016x}", hasher.finish().swap_bytes())
}

/// The form in which uv compares URLs. Only parts that occur in URLs of directories are handled.
fn canonical(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return text.to_owned() };
    if url.path().ends_with('/')
        && let Ok(mut segments) = url.path_segments_mut()
    {
        segments.pop_if_empty();
    }
    let is_git = |path: &str| Path::new(path).extension().is_some_and(|end| end.eq_ignore_ascii_case("git"));
    if let Some((before, after)) = url.path().rsplit_once('@') {
        if is_git(before) {
            let path = format!("{}@{after}", &before[..before.len() - 4]);
            url.set_path(&path);
        }
    } else if is_git(url.path()) {
        let path = url.path()[..url.path().len() - 4].to_owned();
        url.set_path(&path);
    }
    if url.path().contains('%') {
        let decoded: Vec<String> = url.path_segments().into_iter().flatten().map(decoded).collect();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(decoded);
        }
    }
    url.into()
}

/// Decodes `%20` and the like in a segment. If the result is not UTF-8, the segment is unchanged.
fn decoded(segment: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8();
    decoded.map_or_else(|_| segment.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_is_for_some_pythons() {
        let python = |minor, is_free_threaded| Some(Python { major: 3, minor, is_free_threaded });
        for (stem, fitting) in [
            ("ext-0.1.0-py3-none-any", [true, true, true]),
            ("ext-0.1.0-cp39-abi3-manylinux_2_34_x86_64", [true, true, false]),
            ("ext-0.1.0-cp312-abi3-linux_x86_64", [false, true, false]),
            ("ext-0.1.0-cp311-cp311-linux_x86_64", [true, false, false]),
            ("ext-0.1.0-cp313-cp313t-linux_x86_64", [false, false, true]),
            ("ext-0.1.0-py2.py3-none-linux_x86_64", [true, true, true]),
            ("ext-0.1.0", [false, false, false]),
        ] {
            let pythons = [python(11, false), python(13, false), python(13, true)];
            assert_eq!(pythons.map(|python| fits(stem, python)), fitting, "{stem}");
        }
    }

    #[test]
    fn projects_are_found_by_a_hash_of_their_url() {
        // The names that uv 0.13.9 and 0.8.24 use.
        assert_eq!(digest("file:///tmp/stF/p"), "64fd72f4457360ca");
    }
}
