//! The dependencies of a package, including those that it inherits from its workspace root (cargo book, "Specifying
//! Dependencies").

use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use super::file::ManifestFile;
use crate::crates::workspace::Dependency;
use crate::fs::toml::strings;
use crate::fs::{Disk, path};

#[derive(Debug, Default)]
pub(super) struct Dependencies {
    /// In cargo's order, without dev-dependencies.
    pub(super) list: Vec<Dependency>,
    /// The manifests of all path dependencies, as written, including dev-dependencies: path dependencies can become workspace
    /// members.
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Normal,
    Build,
    Dev,
}

/// The sections, and the older spelling that cargo accepts up to edition 2021.
const SECTIONS: [(Section, &str, Option<&str>); 3] = [
    (Section::Normal, "dependencies", None),
    (Section::Build, "build-dependencies", Some("build_dependencies")),
    (Section::Dev, "dev-dependencies", Some("dev_dependencies")),
];

/// The dependencies of the package in `file`, whose workspace root is `root`.
pub(super) fn dependencies(
    disk: &Disk,
    file: &ManifestFile,
    root: Option<&ManifestFile>,
) -> Result<Dependencies, String> {
    let mut found = Dependencies::default();
    let targets = file.get_table(&["target"]);
    let mut platforms: Vec<(&str, &Item)> = targets.into_iter().flat_map(TableLike::iter).collect();
    platforms.sort_by_key(|(platform, _)| *platform);
    let platforms = platforms.into_iter().filter_map(|(_, item)| item.as_table_like());
    for table in std::iter::once(file.root()).chain(platforms) {
        for (section, key, old) in SECTIONS {
            let item = table.get(key).or_else(|| table.get(old?));
            let entries = item.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
            let mut entries: Vec<(&str, &Item)> = entries.collect();
            entries.sort_by_key(|(name, _)| *name);
            for (name, item) in entries {
                found.add(disk, section, name, item, file, root)?;
            }
        }
    }
    Ok(found)
}

impl Dependencies {
    fn add(
        &mut self,
        disk: &Disk,
        section: Section,
        alias: &str,
        item: &Item,
        file: &ManifestFile,
        root: Option<&ManifestFile>,
    ) -> Result<(), String> {
        let mut table = item.as_table_like();
        let mut base = file.directory();
        let inherits = table.and_then(|table| table.get("workspace")?.as_bool()) == Some(true);
        if inherits {
            let root = root.ok_or_else(|| {
                format!("dependency `{alias}` is inherited from a workspace, but there is no workspace root above it")
            })?;
            let inherited = root.get(&["workspace", "dependencies", alias]).ok_or_else(|| {
                format!("dependency `{alias}` is inherited from the workspace, but `workspace.dependencies` lacks it")
            })?;
            table = inherited.as_table_like();
            base = root.directory();
        }
        let text = |key: &str| table.and_then(|table| table.get(key)?.as_str());
        // The features of a member are added to those of the workspace.
        let own = item.as_table_like().filter(|_| inherits);
        let features = table.into_iter().chain(own).flat_map(|table| strings(table.get("features")));
        let features = features.map(str::to_owned).collect();
        if text("base").is_some() {
            return Err(format!("the path of dependency `{alias}` has a `base`, which only cargo can resolve"));
        }
        let manifest = text("path").map(|path| manifest_in(&base.join(path)));
        self.paths.extend(manifest.clone());
        if section != Section::Dev {
            self.list.push(Dependency {
                name: text("package").unwrap_or(alias).to_owned(),
                build: section == Section::Build,
                features,
                manifest: manifest.as_deref().map(|manifest| disk.resolve(manifest)),
            });
        }
        Ok(())
    }
}

fn manifest_in(directory: &Path) -> PathBuf {
    path::normalize(directory).join("Cargo.toml")
}
