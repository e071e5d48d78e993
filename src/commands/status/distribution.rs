//! The project as it is installed: its `.dist-info`, and what uv stored there.
//!
//! Source of the facts: the packaging specification, "Recording installed projects"; `installed.rs` in uv's crate
//! `uv-distribution-types` (`uv_cache.json`).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;

use crate::cache_keys::CacheInfo;
use crate::error::Error;
use crate::fs::Disk;
use crate::fs::read::reason;

/// An installed distribution.
#[derive(Debug)]
pub(super) struct Distribution {
    pub(super) dist_info: PathBuf,
    pub(super) version: String,
    pub(super) stored: Stored,
    /// From `direct_url.json`; `None` where it comes from an index.
    pub(super) source: Option<DirectUrl>,
    /// When it was installed.
    pub(super) installed: Option<SystemTime>,
    /// When its wheel was built: unpacked into uv's cache, from where files are linked. Where they are copied, when that was.
    pub(super) built: Option<SystemTime>,
}

/// What is in `uv_cache.json`.
#[derive(Debug)]
pub(super) enum Stored {
    Info(CacheInfo),
    /// Installed by something else, or by uv from keys that yielded nothing.
    Absent {
        by_uv: bool,
    },
    /// uv stops there too.
    Unreadable(String),
}

/// Where a distribution was installed from (packaging specification, "Direct URL").
#[derive(Debug, Deserialize)]
pub(super) struct DirectUrl {
    pub(super) url: String,
    #[serde(default)]
    dir_info: Option<DirInfo>,
}

#[derive(Debug, Deserialize)]
struct DirInfo {
    #[serde(default)]
    editable: Option<bool>,
}

impl DirectUrl {
    pub(super) fn is_editable(&self) -> bool {
        self.dir_info.as_ref().and_then(|info| info.editable) == Some(true)
    }

    pub(super) fn is_directory(&self) -> bool {
        self.dir_info.is_some()
    }

    pub(super) fn path(&self) -> Option<PathBuf> {
        url::Url::parse(&self.url).ok()?.to_file_path().ok()
    }
}

impl Distribution {
    /// The distributions of the name; more than one where an installation went wrong.
    pub(super) fn all_of(disk: &Disk, site_packages: &Path, name: &str) -> Vec<Self> {
        let wanted = normalized(name);
        let entries = disk.entries(site_packages).into_iter().flatten();
        let mut found: Vec<Self> = entries
            .filter_map(|entry| {
                let file_name = entry.file_name();
                let (name, version) = file_name.to_str()?.strip_suffix(".dist-info")?.split_once('-')?;
                (normalized(name) == wanted).then(|| Self::read(disk, entry.path(), version.to_owned()))
            })
            .collect();
        found.sort_by(|a, b| a.dist_info.cmp(&b.dist_info));
        found
    }

    fn read(disk: &Disk, dist_info: PathBuf, version: String) -> Self {
        let modified = |name: &str| dist_info.join(name).metadata().and_then(|found| found.modified()).ok();
        let source = disk.text(dist_info.join("direct_url.json")).ok();
        Self {
            version,
            stored: stored(disk, &dist_info),
            source: source.and_then(|text| serde_json::from_str(&text).ok()),
            installed: modified("uv_cache.json").or_else(|| modified("RECORD")).or_else(|| modified("METADATA")),
            built: modified("WHEEL").or_else(|| modified("METADATA")),
            dist_info,
        }
    }

    pub(super) fn is_editable(&self) -> bool {
        self.source.as_ref().is_some_and(DirectUrl::is_editable)
    }

    /// What uv stored; nothing, where it stored nothing.
    pub(super) fn stored_info(&self) -> Result<CacheInfo, Error> {
        match &self.stored {
            Stored::Info(info) => Ok(info.clone()),
            Stored::Absent { .. } => Ok(CacheInfo::default()),
            Stored::Unreadable(reason) => Err(Error::Read {
                path: self.dist_info.join("uv_cache.json"),
                reason: format!("{reason}; uv stops at it too: delete the file, or the environment"),
            }),
        }
    }

    /// The files that were installed, relative to site-packages.
    pub(super) fn files(&self, disk: &Disk) -> Vec<String> {
        let record = disk.text(self.dist_info.join("RECORD")).unwrap_or_default();
        record.lines().filter_map(recorded).collect()
    }
}

/// The path in a line of a RECORD, which is a CSV file.
fn recorded(line: &str) -> Option<String> {
    match line.strip_prefix('"') {
        Some(quoted) => Some(quoted.split_once("\",")?.0.replace("\"\"", "\"")),
        None => Some(line.split_once(',')?.0.to_owned()),
    }
}

fn stored(disk: &Disk, dist_info: &Path) -> Stored {
    let read = |name: &str| disk.text(dist_info.join(name));
    match read("uv_cache.json") {
        Ok(text) => match serde_json::from_str(&text) {
            Ok(info) => Stored::Info(info),
            Err(error) => Stored::Unreadable(error.to_string()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Stored::Absent { by_uv: read("INSTALLER").is_ok_and(|installer| installer.trim() == "uv") }
        }
        Err(error) => Stored::Unreadable(reason(&error)),
    }
}

/// The name by which packages are compared (packaging specification, "Names and normalization").
pub(super) fn normalized(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_csv() {
        assert_eq!(recorded("ext/_n.so,sha256=x,1").as_deref(), Some("ext/_n.so"));
        assert_eq!(recorded("\"a,\"\"b\"\".py\",,").as_deref(), Some("a,\"b\".py"));
        assert_eq!(recorded(""), None);
    }
}
