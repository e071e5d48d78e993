//! cargo's configuration and the toolchain file, which are read from the directory of the build and its parents.
//!
//! Both depend on the current directory, not on the manifest (cargo book, "Configuration: Hierarchical structure"; rustup book,
//! "Overrides: The toolchain file"). maturin runs cargo in the project directory.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item};

use crate::fs::{Disk, Resolved};

/// A file that configures cargo or rustup.
#[derive(Debug)]
pub(crate) struct Steering {
    pub(crate) path: Resolved,
    pub(crate) reason: String,
}

/// The configuration files that cargo reads when it runs in `directory`, and those that they include.
pub(crate) fn cargo_configs(disk: &Disk, directory: &Path) -> Vec<Steering> {
    let mut found = Vec::new();
    for config in hierarchy(disk, directory) {
        add_config(disk, &config, "read by cargo in the project directory".to_owned(), &mut found);
    }
    found
}

/// The configuration files in the `.cargo` of `directory` and of each directory above it.
pub(super) fn hierarchy(disk: &Disk, directory: &Path) -> Vec<PathBuf> {
    let look = |ancestor: &Path| {
        let is_there = disk.kind_in(ancestor, ".cargo").is_some_and(|kind| kind.is_dir());
        is_there.then(|| config_in(disk, &ancestor.join(".cargo"))).flatten()
    };
    disk.seen.configs.upwards(directory, look)
}

/// The configuration file in a `.cargo` directory. If both exist, cargo reads the one without the suffix, and warns.
pub(super) fn config_in(disk: &Disk, directory: &Path) -> Option<PathBuf> {
    ["config", "config.toml"].map(|name| directory.join(name)).into_iter().find(|path| disk.is_file(path))
}

fn add_config(disk: &Disk, path: &Path, reason: String, found: &mut Vec<Steering>) {
    let path = disk.resolve(path);
    if found.iter().any(|steering| steering.path == path) {
        return;
    }
    let text = disk.text(&path).unwrap_or_default();
    found.push(Steering { path: path.clone(), reason });
    let Ok(document) = Document::parse(text) else { return };
    let directory = path.parent().unwrap_or(Path::new(""));
    for included in includes(document.get("include")) {
        let reason = format!("included by {}", path.file_name().unwrap_or_default().display());
        let included = directory.join(included);
        if disk.is_file(&included) {
            add_config(disk, &included, reason, found);
        }
    }
}

/// `include` is a path, or a list of paths and of tables with a `path` (cargo book, "Including extra configuration files").
pub(super) fn includes(item: Option<&Item>) -> Vec<String> {
    let Some(item) = item else { return Vec::new() };
    if let Some(path) = item.as_str() {
        return vec![path.to_owned()];
    }
    let path_of = |table: &dyn toml_edit::TableLike| Some(table.get("path")?.as_str()?.to_owned());
    if let Some(tables) = item.as_array_of_tables() {
        return tables.iter().filter_map(|table| path_of(table)).collect();
    }
    let values = item.as_array().into_iter().flatten();
    values
        .filter_map(|value| match value.as_inline_table() {
            Some(table) => path_of(table),
            None => value.as_str().map(str::to_owned),
        })
        .collect()
}

/// The variables that the configuration sets for cargo and the programs that it runs (cargo book, "Configuration: `[env]`").
pub(crate) fn variables(disk: &Disk, configs: &[Resolved]) -> HashSet<String> {
    let mut names = HashSet::new();
    for config in configs {
        let text = disk.text(config).unwrap_or_default();
        let Ok(document) = Document::parse(text) else { continue };
        let table = document.get("env").and_then(Item::as_table_like);
        names.extend(table.into_iter().flat_map(|table| table.iter().map(|(name, _)| name.to_owned())));
    }
    names
}

/// The toolchain file that rustup uses in `directory`: the nearest one.
pub(crate) fn toolchain(disk: &Disk, directory: &Path) -> Option<Steering> {
    // rustup prefers the name without the suffix if both exist.
    let look = |ancestor: &Path| {
        let name = ["rust-toolchain", "rust-toolchain.toml"].into_iter().find(|name| disk.has_file(ancestor, name))?;
        Some(ancestor.join(name))
    };
    let path = disk.seen.toolchains.upwards(directory, look).into_iter().next()?;
    Some(Steering { path: disk.resolve(&path), reason: "selects the toolchain that compiles the project".to_owned() })
}
