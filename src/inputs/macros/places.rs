//! Where the paths in a source start.

use std::path::{Path, PathBuf};

use super::origin::Origin;
use super::reference::What;
use super::tables::Relative;
use crate::fs::Disk;

/// The files that a path may mean. A template may include any other template of its directory, so the whole directory counts.
pub(super) fn file(origin: &Origin<'_>, relative: Relative, path: &str) -> What {
    let places = places(origin, relative, path);
    let is_template = matches!(relative, Relative::Templates);
    let found = is_template.then(|| places.iter().position(|place| origin.disk.is_file(place))).flatten();
    match found.and_then(|found| templates(origin.disk, origin.package).into_iter().nth(found)) {
        Some(directory) => What::Directory(directory),
        None => What::File(places),
    }
}

pub(super) fn places(origin: &Origin<'_>, relative: Relative, path: &str) -> Vec<PathBuf> {
    let beside = origin.file.parent().unwrap_or(Path::new(""));
    let package = origin.package;
    match relative {
        Relative::File => vec![beside.join(path)],
        Relative::Package => vec![package.join(path)],
        Relative::PackageThenSource => vec![package.join(path), package.join("src").join(path)],
        Relative::Templates => {
            templates(origin.disk, package).into_iter().map(|directory| directory.join(path)).collect()
        }
    }
}

pub(super) fn template_config(disk: &Disk, package: &Path) -> Option<PathBuf> {
    ["askama.toml", "rinja.toml", "sailfish.toml"]
        .map(|name| package.join(name))
        .into_iter()
        .find(|config| disk.is_file(config))
}

/// The directories of templates: `dirs` of askama.toml or rinja.toml, `template_dirs` of sailfish.toml, else `templates` (the books of
/// askama and sailfish, "Configuration").
fn templates(disk: &Disk, package: &Path) -> Vec<PathBuf> {
    let configured = template_config(disk, package).and_then(|config| {
        let document = toml_edit::Document::parse(disk.text(config).ok()?).ok()?;
        let dirs = document.get("general").and_then(|general| general.get("dirs"));
        let dirs = dirs.or_else(|| document.get("template_dirs"))?.as_array()?;
        Some(dirs.iter().filter_map(|dir| Some(package.join(dir.as_str()?))).collect::<Vec<_>>())
    });
    configured.unwrap_or_else(|| vec![package.join("templates")])
}
