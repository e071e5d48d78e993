//! cargo's configuration: where it builds, and which crates local directories override.
//!
//! Source: the cargo book, "Configuration". Files closer to the project directory take precedence; the one in cargo's home comes
//! last.

use std::path::{Path, PathBuf};

use toml_edit::Item;

use super::config_files;
use crate::fs::toml::{self, Toml};
use crate::fs::{Disk, Resolved, path, read};

/// The configuration that cargo uses in one directory.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// Highest precedence first.
    pub(super) sources: Vec<Source>,
}

/// One configuration file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    document: Toml,
}

impl Source {
    /// The directory that relative paths in the file start from: the one that holds its `.cargo`.
    pub(super) fn base(&self) -> &Path {
        self.path.ancestors().nth(2).unwrap_or(Path::new("."))
    }

    pub(super) fn get(&self, keys: &[&str]) -> Option<&Item> {
        toml::get(self.document.as_table(), keys)
    }
}

/// Reads the configuration of `directory`. Fails if a file is not TOML, because cargo refuses it too.
pub(super) fn load(disk: &Disk, directory: &Path) -> Result<Configuration, String> {
    let mut configuration = Configuration::default();
    let mut files = config_files::hierarchy(disk, directory);
    let at_home = cargo_home().and_then(|home| config_files::config_in(disk, &home));
    files.extend(at_home.filter(|path| !files.contains(path)).as_slice().iter().cloned());
    for file in files {
        configuration.read(disk, &file, directory, 0)?;
    }
    Ok(configuration)
}

/// How deep files may include each other; cargo refuses cycles.
const DEPTH: usize = 16;

impl Configuration {
    fn read(&mut self, disk: &Disk, path: &Path, directory: &Path, depth: usize) -> Result<(), String> {
        let shown = path::display(directory, path);
        let text = disk
            .text(path)
            .map_err(|error| format!("cargo's configuration {shown} cannot be read: {}", read::reason(&error)))?;
        let document = crate::fs::toml::parse(text)
            .map_err(|reason| format!("cargo's configuration {shown} cannot be read: {reason}"))?;
        let below = path.parent().unwrap_or(Path::new(""));
        // Among included files, the last takes precedence. The file itself takes precedence over all of them.
        let included = config_files::includes(document.get("include"));
        self.sources.push(Source { path: path.to_owned(), document });
        for included in included.iter().rev().map(|included| below.join(included)) {
            if disk.is_file(&included) && depth < DEPTH {
                self.read(disk, &included, directory, depth + 1)?;
            }
        }
        Ok(())
    }

    /// `CARGO_TARGET_DIR`, else `build.target-dir`, else `target` in the workspace root.
    pub(super) fn target_directory(&self, disk: &Disk, root: &Path, directory: &Path) -> Resolved {
        let set = variable("CARGO_TARGET_DIR").or_else(|| variable("CARGO_BUILD_TARGET_DIR"));
        let set = set.map(|path| directory.join(path)).or_else(|| self.path(&["build", "target-dir"], root));
        disk.resolve(&set.map_or_else(|| root.join("target"), |set| path::normalize(&set)))
    }

    /// `build.build-dir`, if it is set.
    pub(super) fn build_directory(&self, disk: &Disk, root: &Path, directory: &Path) -> Option<Resolved> {
        let set = variable("CARGO_BUILD_BUILD_DIR").map(|path| directory.join(expand(&path, root)));
        let set = set.or_else(|| self.path(&["build", "build-dir"], root))?;
        Some(disk.resolve(&path::normalize(&set)))
    }

    fn path(&self, keys: &[&str], root: &Path) -> Option<PathBuf> {
        let found = self.sources.iter().find_map(|source| Some((source, source.get(keys)?.as_str()?)));
        found.map(|(source, path)| source.base().join(expand(path, root)))
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Replaces `{workspace-root}` and `{cargo-cache-home}`. The path is cut off before `{workspace-path-hash}`, because the
/// directory there holds the builds of many workspaces.
fn expand(path: &str, root: &Path) -> String {
    let path = path.split("{workspace-path-hash}").next().unwrap_or_default();
    let path = path.replace("{workspace-root}", &root.to_string_lossy());
    let home = cargo_home().unwrap_or_default();
    path.replace("{cargo-cache-home}", &home.to_string_lossy()).trim_end_matches('/').to_owned()
}

/// `CARGO_HOME`, else `.cargo` in the user's home.
pub(super) fn cargo_home() -> Option<PathBuf> {
    super::cargo_metadata::home("CARGO_HOME", ".cargo")
}
