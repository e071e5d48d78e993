//! Local directories that override crates from a registry or from git: `[patch]` and `[replace]` of the workspace root, `[patch]`
//! and `paths` of cargo's configuration (cargo book, "Overriding Dependencies").
//!
//! `cargo metadata --no-deps` does not list them, so both ways of reading crates use this.

use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use super::build_crate::Crate;
use super::cargo_config::{self, Configuration};
use super::lockfile::Lockfile;
use crate::fs::{Disk, Resolved, path, resolve, toml};

/// An override as declared.
struct Declared {
    /// The package that is overridden.
    package: String,
    manifest: PathBuf,
    via: String,
    /// Whether Cargo.lock lists the local crate instead of the overridden one.
    locks_local: bool,
}

/// The manifests of local crates that override others in the build of `entry`, for which cargo runs in `directory`, each with how:
/// "replaces `foo` through `[patch]` in ../Cargo.toml". `crates` are the crates of its closure found so far.
pub(super) fn overrides(disk: &Disk, entry: &Crate, crates: &[Crate], directory: &Path) -> Vec<(Resolved, String)> {
    let root = &entry.workspace.root;
    let mut declared = declared_in_manifest(disk, root, directory);
    // A configuration that cannot be read is reported by cargo or by the reader of manifests.
    let configuration = cargo_config::load(disk, directory).unwrap_or_default();
    declared.extend(declared_in_configuration(&configuration, directory));
    declared.extend(path_overrides(disk, &configuration, crates, directory));
    if declared.is_empty() {
        return Vec::new();
    }
    let lockfile = Lockfile::read(disk, &root.join("Cargo.lock"), entry.name());
    let has_part = |declared: &Declared| match &lockfile {
        Some(lockfile) if declared.locks_local => lockfile.has_local(&declared.package),
        Some(lockfile) => lockfile.has(&declared.package),
        // Without Cargo.lock, a patch counts as used. A `paths` directory may hold crates that are not used.
        None => declared.locks_local || asked_for(crates, &declared.package),
    };
    let used = declared.into_iter().filter(has_part);
    used.map(|declared| (disk.resolve(&declared.manifest), declared.via)).collect()
}

/// Whether a crate of the closure depends on a package of that name that is not local.
fn asked_for(crates: &[Crate], name: &str) -> bool {
    let mut dependencies = crates.iter().flat_map(|found| &found.package().dependencies);
    dependencies.any(|dependency| dependency.name == name && dependency.manifest.is_none())
}

fn declared_in_manifest(disk: &Disk, root: &Path, directory: &Path) -> Vec<Declared> {
    let manifest = root.join("Cargo.toml");
    let Ok(text) = disk.manifest(&manifest) else { return Vec::new() };
    // Most manifests have neither, and parsing takes longer than this search.
    if !text.contains("patch") && !text.contains("replace") {
        return Vec::new();
    }
    let Ok(document) = toml::parse(text.as_ref().to_owned()) else { return Vec::new() };
    let shown = path::display(directory, &manifest);
    let mut declared = patches(document.get("patch"), root, &shown);
    for (spec, item) in document.get("replace").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
        // `foo:1.0.0`, or a URL that ends in `#foo:1.0.0`.
        let package = spec.rsplit('#').next().unwrap_or(spec).split([':', '@']).next().unwrap_or(spec);
        let path = item.as_table_like().and_then(|table| table.get("path")?.as_str());
        declared.extend(path.map(|path| Declared {
            package: package.to_owned(),
            manifest: root.join(path).join("Cargo.toml"),
            via: format!("replaces `{package}` through `[replace]` in {shown}"),
            locks_local: false,
        }));
    }
    declared
}

/// The entries with a path: `[patch.crates-io] foo = { path = "…" }`.
fn patches(item: Option<&Item>, base: &Path, shown: &str) -> Vec<Declared> {
    let sources = item.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    let mut declared = Vec::new();
    for (_, source) in sources {
        for (alias, entry) in source.as_table_like().into_iter().flat_map(TableLike::iter) {
            let text = |key: &str| entry.as_table_like().and_then(|table| table.get(key)?.as_str());
            let Some(path) = text("path") else { continue };
            let package = text("package").unwrap_or(alias);
            declared.push(Declared {
                package: package.to_owned(),
                manifest: base.join(path).join("Cargo.toml"),
                via: format!("replaces `{package}` through `[patch]` in {shown}"),
                locks_local: true,
            });
        }
    }
    declared
}

fn declared_in_configuration(configuration: &Configuration, directory: &Path) -> Vec<Declared> {
    let sources = configuration.sources.iter();
    sources
        .flat_map(|source| patches(source.get(&["patch"]), source.base(), &path::display(directory, &source.path)))
        .collect()
}

/// `paths = ["../fork"]`: every package in the directory overrides the package of the same name. Only packages that the closure
/// needs count, because a directory may hold many.
fn path_overrides(disk: &Disk, configuration: &Configuration, crates: &[Crate], directory: &Path) -> Vec<Declared> {
    let mut declared = Vec::new();
    for source in &configuration.sources {
        let shown = path::display(directory, &source.path);
        for path in toml::strings(source.get(&["paths"])) {
            let place = disk.real_directory(&source.base().join(path));
            let walk = disk.below(&place).sort_by_file_name().into_iter();
            let walk = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden_or_made(entry));
            for manifest in walk.filter_map(Result::ok).filter(|entry| entry.file_name() == "Cargo.toml") {
                let Some(package) = package_name(disk, manifest.path()) else { continue };
                let is_local = crates.iter().any(|found| *found.package().manifest == *manifest.path());
                if is_local {
                    continue;
                }
                declared.push(Declared {
                    via: format!("replaces `{package}` through `paths` in {shown}"),
                    package,
                    manifest: manifest.into_path(),
                    locks_local: false,
                });
            }
        }
    }
    declared
}

fn is_hidden_or_made(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.file_type().is_dir() && (name.starts_with('.') || resolve::MADE_BY_TOOLS.contains(&&*name))
}

fn package_name(disk: &Disk, manifest: &Path) -> Option<String> {
    let document = toml::parse(disk.text(manifest).ok()?).ok()?;
    Some(document.get("package")?.get("name")?.as_str()?.to_owned())
}
