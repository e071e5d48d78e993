//! Readme and licence files: they go into the package's metadata and do not affect the code.
//!
//! Sources: the specification of pyproject.toml (`readme`, `license-files`); maturin's user guide, "Metadata", and
//! `Metadata24::from_cargo_toml` in its source; setuptools' documentation (`license-files`, the same globs).

use std::path::{Path, PathBuf};

use toml_edit::Item;

use super::Collector;
use crate::crates::build_crate::Crate;
use crate::fs::Disk;
use crate::fs::toml::{self, get};
use crate::inputs::Kind;
use crate::pyproject::{Backend, Pyproject};

impl Collector<'_> {
    /// Adds the files that go into the package's metadata.
    pub(super) fn metadata(&mut self, pyproject: &Pyproject) {
        let mut files: Vec<(PathBuf, &str)> = Vec::new();
        let file = |item: &'_ Item| -> Option<String> { Some(item.as_table_like()?.get("file")?.as_str()?.to_owned()) };
        let readme = pyproject.get(&["project", "readme"]);
        let named = readme.and_then(|readme| readme.as_str().map(str::to_owned).or_else(|| file(readme)));
        files.extend(named.map(|name| (self.project.join(name), "readme")));
        // A plain string is a licence expression, not a path.
        let licence = pyproject.get(&["project", "license"]).and_then(file);
        files.extend(licence.map(|name| (self.project.join(name), LICENCE)));
        let licences = match pyproject.get(&["project", "license-files"]) {
            Some(_) => pyproject.get_strings(&["project", "license-files"]),
            None => vec!["LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"],
        };
        let licences = licences.into_iter().flat_map(|pattern| self.named_by(self.project, pattern));
        files.extend(licences.map(|file| (file.to_path_buf(), LICENCE)));
        if pyproject.backend == Some(Backend::Maturin) {
            let bills = pyproject.get_strings(&["tool", "maturin", "sbom", "include"]);
            files.extend(bills.into_iter().map(|bill| (self.project.join(bill), "bill of materials")));
            let of_manifest =
                self.crates.iter().find(|found| found.is_entry).map(|entry| of_manifest(self.disk, pyproject, entry));
            files.extend(of_manifest.unwrap_or_default());
        }
        for (path, what) in files {
            if self.disk.is_file(&path) {
                self.add(self.disk.resolve(&path), Kind::Metadata, None, format!("{what} of the package"), None);
            }
        }
    }
}

const LICENCE: &str = "licence file";

/// What maturin takes from the manifest if there is no `[project]`, or if `dynamic` lists the field.
fn of_manifest(disk: &Disk, pyproject: &Pyproject, entry: &Crate) -> Vec<(PathBuf, &'static str)> {
    let dynamic = pyproject.get_strings(&["project", "dynamic"]);
    let is_open = |field: &str| pyproject.get(&["project"]).is_none() || dynamic.contains(&field);
    let directory = entry.package().directory();
    let read = |path: &Path| toml::parse(disk.text(path).unwrap_or_default()).ok();
    let Some(manifest) = read(&entry.package().manifest) else { return Vec::new() };
    let root = &entry.workspace.root;
    let path = |field: &str| -> Option<PathBuf> {
        let item = get(manifest.as_table(), &["package", field])?;
        let is_inherited = item.as_table_like().is_some_and(|table| table.contains_key("workspace"));
        if !is_inherited {
            return Some(directory.join(item.as_str()?));
        }
        let workspace = read(&root.join("Cargo.toml"))?;
        Some(root.join(get(workspace.as_table(), &["workspace", "package", field])?.as_str()?))
    };
    let mut found = Vec::new();
    if is_open("readme") {
        let is_off = get(manifest.as_table(), &["package", "readme"]).and_then(Item::as_bool) == Some(false);
        let guessed =
            || READMES.map(|name| directory.join(name)).into_iter().find(|path| disk.is_file(path) && !is_off);
        found.extend(path("readme").or_else(guessed).map(|path| (path, "readme")));
    }
    if is_open("license") {
        found.extend(path("license-file").map(|path| (path, LICENCE)));
    }
    found
}

/// The readmes that maturin looks for if the manifest names none.
const READMES: [&str; 4] = ["README.md", "README.txt", "README.rst", "README"];
