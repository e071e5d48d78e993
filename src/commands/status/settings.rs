//! The settings of uv, besides the keys, that decide what a sync does: the cache directory, and what to reinstall always.
//!
//! Source of the facts: uv's documentation, "Configuration files" and "Caching". If there is a uv.toml, uv ignores the
//! `[tool.uv]` next to it. Environment variables override both; the user's file has the lowest priority.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike};

use crate::fs::Disk;
use crate::fs::toml::get;
use crate::pyproject::uv_sources::normalized;

/// The settings that apply at a workspace root.
#[derive(Debug)]
pub(super) struct UvSettings {
    /// The tables of the project come first, then those of the user.
    tables: Vec<(PathBuf, Document<Arc<str>>, bool)>,
}

impl UvSettings {
    pub(super) fn at(disk: &Disk, root: &Path) -> Self {
        let project = [(root.join("uv.toml"), false), (root.join("pyproject.toml"), true)];
        let user = user_directory().map(|directory| (directory.join("uv.toml"), false));
        let read = |(path, below_tool): (PathBuf, bool)| {
            let text = disk.text(&path).ok()?;
            Some((path, Document::parse(Arc::from(text)).ok()?, below_tool))
        };
        let project = if is_set("UV_NO_CONFIG") { None } else { project.into_iter().find_map(read) };
        let user = if is_set("UV_NO_CONFIG") { None } else { user.and_then(read) };
        Self { tables: project.into_iter().chain(user).collect() }
    }

    fn find(&self, name: &str) -> Option<(&Path, &Item)> {
        self.tables.iter().find_map(|(path, document, below_tool)| {
            let root: &dyn TableLike = document.as_table();
            let item = if *below_tool { get(root, &["tool", "uv", name]) } else { root.get(name) };
            Some((path.as_path(), item?))
        })
    }

    fn is_true(&self, name: &str) -> bool {
        self.find(name).and_then(|(_, item)| item.as_bool()) == Some(true)
    }

    /// The setting that makes uv build the package at every sync.
    pub(super) fn reinstalls(&self, name: &str) -> Option<&'static str> {
        if self.is_true("reinstall") {
            return Some("`reinstall = true`");
        }
        let (_, packages) = self.find("reinstall-package")?;
        let mut packages = packages.as_array()?.iter().filter_map(toml_edit::Value::as_str);
        packages.any(|package| normalized(package) == normalized(name)).then_some("`reinstall-package`")
    }

    /// The directory of uv's cache; `None` if uv's cache is disabled.
    pub(super) fn cache_directory(&self) -> Option<PathBuf> {
        if is_set("UV_NO_CACHE") || self.is_true("no-cache") {
            return None;
        }
        let named = || {
            let (file, item) = self.find("cache-dir")?;
            Some(file.parent()?.join(item.as_str()?))
        };
        directory("UV_CACHE_DIR").or_else(named).or_else(default_cache)
    }
}

fn default_cache() -> Option<PathBuf> {
    if cfg!(windows) {
        return Some(directory("LOCALAPPDATA")?.join("uv/cache"));
    }
    let home = || directory("HOME").map(|home| home.join(".cache"));
    let caches = directory("XDG_CACHE_HOME").filter(|path| path.is_absolute()).or_else(home)?;
    Some(caches.join("uv"))
}

fn directory(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

pub(super) fn is_set(variable: &str) -> bool {
    std::env::var(variable)
        .is_ok_and(|value| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on"))
}

fn user_directory() -> Option<PathBuf> {
    if cfg!(windows) {
        return directory("APPDATA").map(|data| data.join("uv"));
    }
    let home = || directory("HOME").map(|home| home.join(".config"));
    directory("XDG_CONFIG_HOME").or_else(home).map(|config| config.join("uv"))
}
