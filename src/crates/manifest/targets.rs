//! The targets of a package: those that its manifest lists, and those that cargo discovers (cargo book, "Cargo Targets: Target
//! auto-discovery").

use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use super::file::ManifestFile;
use crate::crates::workspace::{Target, TargetRole};
use crate::fs::toml::{self, strings};
use crate::fs::{Disk, path};

/// A binary: its name, and its path relative to the package if it is known.
struct Bin {
    name: String,
    path: Option<PathBuf>,
}

/// The targets of the package `name`, without tests, examples and benches, in cargo's order.
pub(super) fn targets(disk: &Disk, file: &ManifestFile, name: &str, edition: &str) -> Result<Vec<Target>, String> {
    let directory = file.directory();
    disk.list(&directory.join("src"));
    let library = library(disk, file, name, edition)?;
    let bins = bins(disk, file, name, edition, library.is_some())?;
    if library.is_none() && bins.is_empty() && !has_other_targets(disk, file) {
        return Err("it has no targets: src/lib.rs and src/main.rs do not exist, and none are listed".to_owned());
    }
    let lib = file.get_table(&["lib"]);
    let is_proc_macro = lib.and_then(|table| either(table, "proc-macro", "proc_macro")?.as_bool()) == Some(true)
        || lib.is_some_and(|table| strings(either(table, "crate-type", "crate_type")).contains(&"proc-macro"));
    let target = |role, cdylib, path: &Path| {
        let source = disk.resolve(&path::normalize(&directory.join(path)));
        Target { role, cdylib, proc_macro: role == TargetRole::Library && is_proc_macro, source }
    };
    let mut targets = Vec::new();
    targets.extend(library.map(|(path, cdylib)| target(TargetRole::Library, cdylib, &path)));
    targets.extend(bins.iter().map(|path| target(TargetRole::Bin, false, path)));
    targets.extend(build_scripts(disk, file).iter().map(|path| target(TargetRole::BuildScript, false, path)));
    Ok(targets)
}

/// The path of the library, and whether it is built as a `cdylib`.
fn library(disk: &Disk, file: &ManifestFile, package: &str, edition: &str) -> Result<Option<(PathBuf, bool)>, String> {
    let found = || disk.exists(&file.directory().join("src/lib.rs")).then(|| PathBuf::from("src/lib.rs"));
    let Some(table) = file.get_table(&["lib"]) else {
        return Ok(if detects(file, "autolib") == Some(false) { None } else { found().map(|path| (path, false)) });
    };
    let types = strings(either(table, "crate-type", "crate_type"));
    let cdylib = types.contains(&"cdylib");
    if let Some(path) = table.get("path").and_then(Item::as_str) {
        return Ok(Some((PathBuf::from(path), cdylib)));
    }
    let name = table.get("name").and_then(Item::as_str).map_or_else(|| package.replace('-', "_"), str::to_owned);
    let named = PathBuf::from(format!("src/{name}.rs"));
    let by_name = || (edition == "2015" && disk.exists(&file.directory().join(&named))).then(|| named.clone());
    match found().or_else(by_name) {
        Some(path) => Ok(Some((path, cdylib))),
        None => Err(format!("src/lib.rs does not exist, and `lib.path` is not set for the library `{name}`")),
    }
}

/// The paths of the binaries: those listed, and those discovered.
fn bins(
    disk: &Disk,
    file: &ManifestFile,
    package: &str,
    edition: &str,
    has_library: bool,
) -> Result<Vec<PathBuf>, String> {
    let listed = listed(file.get(&["bin"]))?;
    let detects = detects(file, "autobins");
    if detects == Some(false) && listed.iter().flatten().all(|bin| bin.path.is_some()) {
        return Ok(listed.into_iter().flatten().filter_map(|bin| bin.path).collect());
    }
    let found = lying_about(disk, file.directory(), package);
    // In edition 2015, a `[[bin]]` turns auto-discovery off.
    let takes_found = detects.unwrap_or(listed.is_none() || edition != "2015");
    let mut bins: Vec<Bin> = listed.unwrap_or_default();
    if takes_found {
        let is_new = |found: &&Bin| !bins.iter().any(|bin| bin.name == found.name || bin.path == found.path);
        let new: Vec<Bin> = found.iter().filter(is_new).map(Bin::copy).collect();
        bins.extend(new);
    }
    bins.sort_by(|a, b| a.name.cmp(&b.name));
    bins.into_iter().map(|bin| path_of(disk, bin, &found, file.directory(), edition, has_library)).collect()
}

impl Bin {
    fn copy(&self) -> Self {
        Self { name: self.name.clone(), path: self.path.clone() }
    }
}

/// `[[bin]]`; `None` without such a list.
fn listed(item: Option<&Item>) -> Result<Option<Vec<Bin>>, String> {
    let Some(item) = item else { return Ok(None) };
    let bin = |table: &dyn TableLike| {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        Some(Bin { name: text("name")?.to_owned(), path: text("path").map(PathBuf::from) })
    };
    let bins: Option<Vec<Bin>> = toml::tables(item).map(bin).collect();
    bins.map(Some).ok_or_else(|| "a `[[bin]]` has no name".to_owned())
}

/// The binaries that cargo discovers: `src/main.rs`, `src/bin/<name>.rs` and `src/bin/<name>/main.rs`.
fn lying_about(disk: &Disk, directory: &Path, package: &str) -> Vec<Bin> {
    let mut found = Vec::new();
    if disk.exists(&directory.join("src/main.rs")) {
        found.push(Bin { name: package.to_owned(), path: Some(PathBuf::from("src/main.rs")) });
    }
    let below = Path::new("src/bin");
    let binaries = directory.join(below);
    let entries = disk.exists(&binaries).then(|| disk.entries(&binaries));
    for entry in entries.into_iter().flatten().flatten() {
        let file_name = entry.file_name();
        let Some(name) = file_name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        // Here, cargo does not treat a symlink to a directory as a directory.
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let (name, path) = if is_directory {
            (name, below.join(name).join("main.rs"))
        } else {
            let Some(stem) = name.strip_suffix(".rs") else { continue };
            (stem, below.join(name))
        };
        if !is_directory || disk.exists(&directory.join(&path)) {
            found.push(Bin { name: name.to_owned(), path: Some(path) });
        }
    }
    found
}

fn path_of(
    disk: &Disk,
    bin: Bin,
    found: &[Bin],
    directory: &Path,
    edition: &str,
    has_library: bool,
) -> Result<PathBuf, String> {
    let Bin { name, path } = bin;
    if let Some(path) = path {
        return Ok(path);
    }
    let mut matching = found.iter().filter(|found| found.name == name).filter_map(|found| found.path.clone());
    if let (Some(path), None) = (matching.next(), matching.next()) {
        return Ok(path);
    }
    let by_name = (!has_library).then(|| format!("src/{name}.rs"));
    let old = by_name.into_iter().chain(["src/main.rs".to_owned(), "src/bin/main.rs".to_owned()]);
    let mut old = old.map(PathBuf::from).filter(|path| edition == "2015" && disk.exists(&directory.join(path)));
    old.next().ok_or_else(|| format!("no source file was found for the binary `{name}`"))
}

/// `package.build`: a path, a list of paths, or a boolean.
fn build_scripts(disk: &Disk, file: &ManifestFile) -> Vec<PathBuf> {
    let item = file.package().and_then(|package| package.get("build"));
    match item.and_then(Item::as_bool) {
        Some(false) => Vec::new(),
        Some(true) => vec![PathBuf::from("build.rs")],
        None if item.is_some() => strings(item).into_iter().map(PathBuf::from).collect(),
        None => {
            disk.is_file(&file.directory().join("build.rs")).then(|| PathBuf::from("build.rs")).into_iter().collect()
        }
    }
}

/// `package.autolib`, `package.autobins`.
fn detects(file: &ManifestFile, key: &str) -> Option<bool> {
    file.package()?.get(key)?.as_bool()
}

/// Whether a package without a library and binaries may still have tests, examples or benches.
fn has_other_targets(disk: &Disk, file: &ManifestFile) -> bool {
    ["test", "example", "bench"].iter().any(|kind| file.get(&[kind]).is_some())
        || ["tests", "examples", "benches"].iter().any(|name| disk.is_dir(&file.directory().join(name)))
}

/// The value of a key, or of its older spelling that cargo accepts up to edition 2021.
fn either<'a>(table: &'a dyn TableLike, key: &str, old: &str) -> Option<&'a Item> {
    table.get(key).or_else(|| table.get(old))
}
