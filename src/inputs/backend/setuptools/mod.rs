//! setuptools-rust: the manifests that `[[tool.setuptools-rust.ext-modules]]`, `bins` and setup.py name.
//!
//! setup.py is read, never run. Only literal calls of `RustExtension` and `RustBin` are understood; anything computed is reported
//! as unknown (setuptools-rust's reference, "`RustExtension`": `path` defaults to `Cargo.toml`).

mod in_place;
mod python;
mod setup;

use toml_edit::{Item, TableLike};

use super::Manifests;

use crate::crates::target_request::{Entry, Layout, Wanted};
use crate::fs::{Disk, toml};
use crate::pyproject::Pyproject;
pub(crate) use in_place::{generated_c, source_root};
use setup::Module;

/// The manifests of all modules.
pub(super) fn manifests(disk: &Disk, pyproject: &Pyproject) -> Manifests {
    let mut entries: Vec<Entry> = Vec::new();
    let mut failures = Vec::new();
    let modules = modules(disk, pyproject);
    // The user may list the manifests that setup.py computes.
    let are_listed = !pyproject.options.manifests.is_empty();
    if modules.is_empty() && !are_listed {
        let why = if pyproject.requires("setuptools-rust") { "is required" } else { "is imported by setup.py" };
        let reason = format!(
            "setuptools-rust {why}, but neither `[[tool.setuptools-rust.ext-modules]]` nor a literal `RustExtension(…)` in \
             setup.py names a crate"
        );
        return Manifests { failures: vec![reason], are_missing: true, ..Manifests::default() };
    }
    for module in modules {
        match module.manifest {
            Ok(path) if disk.is_file(&pyproject.dir.join(&path)) => {
                let manifest = disk.resolve(&pyproject.dir.join(path));
                if !entries.iter().any(|entry| entry.manifest == manifest && entry.wanted == module.wanted) {
                    entries.push(Entry { manifest, wanted: module.wanted });
                }
            }
            Ok(path) => failures.push(format!("setuptools-rust builds `{path}`, which does not exist")),
            Err(_) if are_listed => {}
            Err(reason) => failures.push(reason),
        }
    }
    Manifests { entries, failures, are_missing: false }
}

/// Where an editable build copies the extension modules: `a.b._c` goes into `a/b/`, relative to the root of the packages.
pub(crate) fn layout(disk: &Disk, pyproject: &Pyproject) -> Layout {
    let mut layout = Layout::default();
    let mut roots = pyproject.get_strings(&["tool", "setuptools", "packages", "find", "where"]);
    roots.extend(["", "src", "python"]);
    let top = source_root(disk, pyproject);
    let top = vec![top.as_str()];
    let targets = modules(disk, pyproject).into_iter().flat_map(|module| module.targets);
    for target in targets.chain(in_place::modules(disk, pyproject)) {
        let mut parts: Vec<&str> = target.split('.').collect();
        let Some(name) = parts.pop() else { continue };
        // A module outside any package lies beside the packages.
        for root in if parts.is_empty() { &top } else { &roots } {
            let directory = parts.iter().fold(pyproject.dir.join(root), |directory, part| directory.join(part));
            let directory = disk.real_directory(&directory);
            if disk.is_dir(&directory) && !layout.extensions.iter().any(|(known, of)| *known == directory && of == name)
            {
                layout.package.get_or_insert_with(|| directory.clone());
                layout.extensions.push((directory, name.to_owned()));
            }
        }
    }
    layout
}

fn modules(disk: &Disk, pyproject: &Pyproject) -> Vec<Module> {
    let mut modules = Vec::new();
    for (list, wanted) in [("ext-modules", Wanted::Library), ("bins", Wanted::Binaries)] {
        for table in pyproject.get(&["tool", "setuptools-rust", list]).into_iter().flat_map(toml::tables) {
            let text = |key: &str| table.get(key).and_then(Item::as_str);
            let wanted = if text("binding") == Some("Exec") { Wanted::Binaries } else { wanted.clone() };
            let path = text("path").unwrap_or("Cargo.toml").to_owned();
            modules.push(Module { targets: targets(table.get("target")), manifest: Ok(path), wanted });
        }
    }
    // The modules in pyproject.toml replace those that setup.py passes (`pyprojecttoml_config` in its source).
    if modules.is_empty()
        && let Ok(text) = disk.text(pyproject.dir.join("setup.py"))
    {
        modules = setup::modules(&text);
    }
    modules
}

/// Reads the text of a setup.py.
#[cfg(any(test, fuzzing))]
pub(crate) fn read(text: &str) {
    setup::modules(text);
}

/// The name or names of a module.
fn targets(item: Option<&Item>) -> Vec<String> {
    let table = item.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter).map(|(_, item)| item);
    item.into_iter().chain(table).filter_map(Item::as_str).map(str::to_owned).collect()
}
