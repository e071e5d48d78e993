//! One Cargo.toml, parsed once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use glob::{MatchOptions, Pattern};
use toml_edit::{Item, TableLike};

use crate::fs::toml::{self, Toml, parse, strings};
use crate::fs::{Disk, path, read, resolve};

/// A parsed manifest.
#[derive(Debug)]
pub(super) struct ManifestFile {
    pub(super) path: PathBuf,
    document: Toml,
    /// The entries of `workspace.members`; read on first use.
    pub(super) members: OnceLock<Vec<Member>>,
}

impl ManifestFile {
    /// Reads the manifest at `path`, or returns why it cannot be read.
    pub(super) fn read(disk: &Disk, path: &Path) -> Result<Self, String> {
        let text = disk.manifest(path).map_err(|error| missing(disk, path, &error))?;
        let document = parse(text.as_ref().to_owned())?;
        Ok(Self { path: path.to_owned(), document, members: OnceLock::new() })
    }

    pub(super) fn directory(&self) -> &Path {
        path::parent(&self.path)
    }

    /// The item at a dotted path of keys, through tables in any syntax.
    pub(super) fn get(&self, keys: &[&str]) -> Option<&Item> {
        toml::get(self.document.as_table(), keys)
    }

    pub(super) fn get_table(&self, keys: &[&str]) -> Option<&dyn TableLike> {
        self.get(keys)?.as_table_like()
    }

    /// The root table.
    pub(super) fn root(&self) -> &dyn TableLike {
        self.document.as_table()
    }

    pub(super) fn get_str(&self, keys: &[&str]) -> Option<&str> {
        self.get(keys)?.as_str()
    }

    pub(super) fn get_strings(&self, keys: &[&str]) -> Vec<&str> {
        strings(self.get(keys))
    }

    /// `[package]`, or `[project]`, its former name.
    pub(super) fn package(&self) -> Option<&dyn TableLike> {
        self.get_table(&["package"]).or_else(|| self.get_table(&["project"]))
    }

    pub(super) fn is_workspace_root(&self) -> bool {
        self.get_table(&["workspace"]).is_some()
    }

    /// `package.workspace`: the manifest of the workspace root that a member points to.
    pub(super) fn root_pointer(&self) -> Option<PathBuf> {
        let pointer = self.package()?.get("workspace")?.as_str()?;
        Some(path::normalize(&self.directory().join(pointer).join("Cargo.toml")))
    }

    /// Whether `workspace.exclude` excludes `manifest`: an entry must be a prefix of its path, and no entry of
    /// `workspace.members` may be one.
    pub(super) fn excludes(&self, manifest: &Path) -> bool {
        let lists = |key: &str| {
            let names = self.get_strings(&["workspace", key]);
            names.iter().any(|name| manifest.starts_with(self.directory().join(name)))
        };
        lists("exclude") && !lists("members")
    }
}

/// Why a manifest does not exist. A submodule that is not checked out leaves an empty directory behind.
fn missing(disk: &Disk, path: &Path, error: &std::io::Error) -> String {
    let directory = path.parent().unwrap_or(Path::new("."));
    let reason = read::reason(error);
    let is_submodule = error.kind() == std::io::ErrorKind::NotFound && disk.is_in_missing_submodule(directory);
    if is_submodule { format!("{reason} ({})", resolve::MISSING_SUBMODULE) } else { reason }
}

/// An entry of `workspace.members`.
#[derive(Debug)]
pub(super) enum Member {
    Directory(PathBuf),
    Glob(Pattern),
}

impl Member {
    fn of(root: &ManifestFile, entry: &str) -> Option<Self> {
        if !is_glob(entry) {
            return Some(Self::Directory(path::normalize(&root.directory().join(entry))));
        }
        let base = Pattern::escape(root.directory().to_str()?);
        let pattern = path::normalize(&Path::new(&base).join(entry));
        Some(Self::Glob(Pattern::new(pattern.to_str()?).ok()?))
    }

    fn has(&self, directory: &Path) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        match self {
            Self::Directory(member) => member == directory,
            Self::Glob(pattern) => pattern.matches_path_with(directory, options),
        }
    }
}

/// Whether `workspace.members` lists the directory of `manifest`, by name or by a glob.
pub(super) fn lists(root: &ManifestFile, manifest: &Path) -> bool {
    let entries = || root.get_strings(&["workspace", "members"]);
    let members = || entries().into_iter().filter_map(|entry| Member::of(root, entry)).collect();
    root.members.get_or_init(members).iter().any(|member| member.has(path::parent(manifest)))
}

/// The directories that `workspace.members` lists, with globs expanded.
pub(super) fn listed(disk: &Disk, root: &ManifestFile) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    for member in root.get_strings(&["workspace", "members"]) {
        let path = root.directory().join(member);
        let found = if is_glob(member) { disk.matches(&path) } else { Vec::new() };
        if found.is_empty() {
            directories.push(path);
        } else {
            directories.extend(found.into_iter().filter(|path| disk.is_dir(path)));
        }
    }
    directories
}

fn is_glob(member: &str) -> bool {
    member.contains(['*', '?', '['])
}
