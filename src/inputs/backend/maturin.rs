//! maturin: the manifest that it builds, and the layout of the Python files.
//!
//! maturin's rules, in its order (its user guide, "Project Layout"; `ProjectResolver` in its source). The current directory of a
//! PEP 517 build is the project directory.

use std::path::PathBuf;

use crate::crates::target_request::{Entry, Layout, Wanted};
use crate::fs::Disk;
use crate::pyproject::Pyproject;

/// The manifest that maturin builds, or why it could not be found.
pub(super) fn entry(disk: &Disk, pyproject: &Pyproject) -> Result<Entry, String> {
    let manifest = maturin_manifest(disk, pyproject)?;
    let wanted = match pyproject.get_str(&["tool", "maturin", "bindings"]) {
        Some("bin") => Wanted::Binaries,
        Some(_) => Wanted::Library,
        None => Wanted::Detect,
    };
    Ok(Entry { manifest: disk.resolve(&manifest), wanted })
}

fn maturin_manifest(disk: &Disk, pyproject: &Pyproject) -> Result<PathBuf, String> {
    let named = |relative: &str, who: &str| {
        let manifest = pyproject.dir.join(relative);
        if disk.is_file(&manifest) {
            Ok(manifest)
        } else {
            Err(format!("{who} names `{relative}`, which does not exist"))
        }
    };
    let arguments = std::env::var("MATURIN_PEP517_ARGS").unwrap_or_default();
    if let Some(path) = manifest_argument(&arguments) {
        return named(path, "MATURIN_PEP517_ARGS");
    }
    if let Some(path) = pyproject.get_str(&["tool", "maturin", "manifest-path"]) {
        return named(path, "`tool.maturin.manifest-path`");
    }
    let below_rust = pyproject.dir.join("rust/Cargo.toml");
    if disk.is_file(&below_rust) && (python_source(pyproject).is_some() || has_src_package(disk, pyproject)) {
        return Ok(below_rust);
    }
    let beside = pyproject.dir.join("Cargo.toml");
    if disk.is_file(&beside) {
        return Ok(beside);
    }
    Err("no Cargo.toml for maturin: `tool.maturin.manifest-path` is not set, and no Cargo.toml is next to pyproject.toml"
        .to_owned())
}

/// The value of `-m` or `--manifest-path`.
fn manifest_argument(arguments: &str) -> Option<&str> {
    let mut words = arguments.split_whitespace();
    while let Some(word) = words.next() {
        if matches!(word, "-m" | "--manifest-path") {
            return words.next();
        }
        if let Some(path) = word.strip_prefix("--manifest-path=") {
            return Some(path);
        }
    }
    None
}

fn python_source(pyproject: &Pyproject) -> Option<&str> {
    pyproject.get_str(&["tool", "maturin", "python-source"])
}

/// Whether `src/` contains the Python package, by the name of the project or of one of `python-packages`. maturin does not look
/// for it if the project has no name.
fn has_src_package(disk: &Disk, pyproject: &Pyproject) -> bool {
    let Some(name) = pyproject.get_str(&["project", "name"]) else { return false };
    let mut packages = pyproject.get_strings(&["tool", "maturin", "python-packages"]);
    let import_name = name.replace('-', "_");
    packages.push(&import_name);
    packages.iter().any(|package| disk.is_file(&pyproject.dir.join("src").join(package).join("__init__.py")))
}

/// maturin's layout of the project. `library` is `lib.name` as written in the manifest of its crate.
pub(crate) fn maturin_layout(
    disk: &Disk,
    pyproject: &Pyproject,
    library: Option<String>,
    package_name: &str,
) -> Layout {
    let root = match python_source(pyproject) {
        Some(source) => pyproject.dir.join(source),
        None if disk.is_file(&pyproject.dir.join("rust/Cargo.toml")) && has_src_package(disk, pyproject) => {
            pyproject.dir.join("src")
        }
        None => pyproject.dir.to_path_buf(),
    };
    let module = pyproject
        .get_str(&["tool", "maturin", "module-name"])
        .map(str::to_owned)
        .or(library)
        .or_else(|| pyproject.get_str(&["project", "name"]).map(str::to_owned))
        .unwrap_or_else(|| package_name.to_owned());
    let parts: Vec<&str> = module.split('.').collect();
    let package = root.join(parts[0]);
    // A directory with a Cargo.toml and no __init__.py is a crate that happens to have the module's name.
    let is_crate = !disk.has_file(&package, "__init__.py") && disk.has_file(&package, "Cargo.toml");
    if is_crate || !disk.is_dir(&package) {
        return Layout { root, module, ..Layout::default() };
    }
    let parents = if parts.len() > 1 { &parts[..parts.len() - 1] } else { &parts[..] };
    let directory = parents.iter().fold(root.clone(), |directory, part| directory.join(part));
    let name = parts.last().copied().unwrap_or_default().to_owned();
    Layout {
        root,
        module: module.clone(),
        package: Some(disk.real_directory(&package)),
        extensions: vec![(disk.real_directory(&directory), name)],
        generated: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_found_among_maturins_arguments() {
        for (arguments, expected) in [
            ("--profile dev -m rust/Cargo.toml", Some("rust/Cargo.toml")),
            ("--manifest-path=a/Cargo.toml", Some("a/Cargo.toml")),
            ("--features x", None),
        ] {
            assert_eq!(manifest_argument(arguments), expected);
        }
    }
}
