//! The installed project: its `.dist-info`, and what uv stored in it.
//!
//! Source of the facts: the packaging specification, "Recording installed projects"; `installed.rs` in uv's crate
//! `uv-distribution-types` (`uv_cache.json`).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::record::Record;
use crate::cache_keys::CacheInfo;
use crate::error::Error;
use crate::fs::Disk;
use crate::fs::read::{self, reason};
use crate::pyproject::uv_sources::normalized;

/// An installed distribution.
#[derive(Debug)]
pub(super) struct Distribution {
    pub(super) dist_info: PathBuf,
    pub(super) version: String,
    pub(super) stored: Stored,
    /// From `direct_url.json`; `None` if it was installed from an index.
    pub(super) source: Option<DirectUrl>,
    pub(super) record: Record,
    pub(super) way: Way,
    /// A file that cannot be read, with the reason. uv fails on it too.
    fault: Option<(&'static str, String)>,
    /// When it was installed.
    pub(super) installed: Option<SystemTime>,
    /// When its wheel was built. If the files are linked from uv's cache, this is when uv unpacked the wheel there. Otherwise it
    /// is when the files were copied.
    pub(super) built: Option<SystemTime>,
}

/// The content of `uv_cache.json`.
#[derive(Debug)]
pub(super) enum Stored {
    Info(CacheInfo),
    /// The file does not exist: uv did not install the project, or the keys tracked nothing.
    Absent {
        by_uv: bool,
    },
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

/// What installed a distribution, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `uv sync`, `uv run`, `uv pip install -e`.
    Editable,
    /// `uv sync --no-editable`, or a source that is not editable.
    Copy,
    /// `uv pip install .`
    UvPip,
    MaturinDevelop,
    /// `pip install .`
    Pip {
        editable: bool,
    },
    /// Another installer.
    Other,
}

impl DirectUrl {
    pub(super) fn is_editable(&self) -> bool {
        self.editable() == Some(true)
    }

    /// Whether the install is editable. For a copy, `uv sync` writes `false`, and `uv pip` and pip write nothing.
    pub(super) fn editable(&self) -> Option<bool> {
        self.dir_info.as_ref()?.editable
    }

    pub(super) fn is_directory(&self) -> bool {
        self.dir_info.is_some()
    }

    pub(super) fn path(&self) -> Option<PathBuf> {
        url::Url::parse(&self.url).ok()?.to_file_path().ok()
    }
}

impl Distribution {
    /// The distributions with this name. There may be several if an installation failed.
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
        let modified = |name: &str| read::modified(&dist_info.join(name));
        let mut fault = None;
        let source: Option<DirectUrl> = json(disk, &dist_info, "direct_url.json", &mut fault);
        let info: Option<CacheInfo> = json(disk, &dist_info, "uv_cache.json", &mut fault);
        let installer = disk.text(dist_info.join("INSTALLER")).unwrap_or_default();
        let record = Record::of(disk, &dist_info);
        let way = way(installer.trim(), source.as_ref(), &record, &dist_info);
        Self {
            version,
            stored: info.map_or(Stored::Absent { by_uv: installer.trim() == "uv" }, Stored::Info),
            installed: modified("uv_cache.json").or_else(|| modified("RECORD")).or_else(|| modified("METADATA")),
            built: modified("WHEEL").or_else(|| modified("METADATA")),
            source,
            record,
            way,
            fault,
            dist_info,
        }
    }

    pub(super) fn is_editable(&self) -> bool {
        self.source.as_ref().is_some_and(DirectUrl::is_editable)
    }

    /// Whether it was built on this machine: from a directory, or from an archive of one, as tox does.
    pub(super) fn is_local(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.path().is_some())
    }

    /// The cache info that uv stored; empty if it stored none.
    pub(super) fn stored_info(&self) -> Result<CacheInfo, Error> {
        if let Some((name, reason)) = &self.fault {
            return Err(Error::Read {
                path: self.dist_info.join(name),
                reason: format!("{reason}; uv fails on it too: delete the file, or the environment"),
            });
        }
        match &self.stored {
            Stored::Info(info) => Ok(info.clone()),
            Stored::Absent { .. } => Ok(CacheInfo::default()),
        }
    }

    /// The lines of its WHEEL file that name the Python versions and platforms of the wheel.
    pub(super) fn tags(&self, disk: &Disk) -> String {
        let text = disk.text(self.dist_info.join("WHEEL")).unwrap_or_default();
        text.lines().filter_map(|line| line.strip_prefix("Tag: ")).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn name(&self) -> String {
        self.dist_info.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Reads a JSON file. `None` if the file does not exist or cannot be read; the reason for the latter goes to `fault`.
fn json<T: DeserializeOwned>(
    disk: &Disk,
    dist_info: &Path,
    name: &'static str,
    fault: &mut Option<(&'static str, String)>,
) -> Option<T> {
    let read = match disk.text(dist_info.join(name)) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| error.to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => Err(reason(&error)),
    };
    read.map_err(|reason| *fault = Some((name, reason))).ok()
}

fn way(installer: &str, source: Option<&DirectUrl>, record: &Record, dist_info: &Path) -> Way {
    // maturin has uv or pip install a wheel, and then replaces the direct_url.json with its own.
    let name = format!("{}/direct_url.json", dist_info.file_name().unwrap_or_default().to_string_lossy());
    let size = dist_info.join("direct_url.json").metadata().map(|found| found.len()).ok();
    let is_rewritten = size.is_some() && record.size_of(&name).is_some_and(|recorded| Some(recorded) != size);
    let editable = source.and_then(DirectUrl::editable);
    match (installer, editable) {
        (_, Some(true)) if is_rewritten => Way::MaturinDevelop,
        ("uv", Some(true)) => Way::Editable,
        ("uv", Some(false)) => Way::Copy,
        ("uv", None) => Way::UvPip,
        ("pip", editable) => Way::Pip { editable: editable == Some(true) },
        _ => Way::Other,
    }
}
