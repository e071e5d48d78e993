//! The extension modules that Python would import, searched as Python does.
//!
//! Source of the facts: Python's library reference, "importlib.machinery" (`EXTENSION_SUFFIXES`, tried in order in each
//! directory); the packaging specification, "Recording installed projects" (RECORD).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::distribution::Distribution;
use super::environment::Python;
use crate::fs::{Disk, read};
use crate::inputs::Inputs;

/// The file suffix of extension modules.
const END: &str = if cfg!(windows) { ".pyd" } else { ".so" };

/// A file that Python would load for a module.
#[derive(Debug)]
pub(crate) struct Extension {
    pub(crate) path: PathBuf,
    pub(crate) modified: SystemTime,
    /// Whether the file is in the source tree, where other tools than uv write too.
    pub(crate) is_in_tree: bool,
    /// A newer file of the same module in the same directory, which Python does not import.
    pub(crate) hides: Option<PathBuf>,
}

impl Extension {
    /// Whether the file is older than a build that began at this time. This can happen only in the source tree, where another
    /// tool may have written the file: a file that uv installs is never older than its build.
    pub(super) fn is_older_than(&self, begun: Option<SystemTime>) -> bool {
        self.is_in_tree && Some(self.modified) < begun
    }
}

/// What Python would import from an installed project.
#[derive(Debug, Default)]
pub(super) struct Modules {
    pub(super) found: Vec<Extension>,
    /// A missing file without which the import fails.
    pub(super) missing: Option<PathBuf>,
}

/// The modules of an installed project: those in its RECORD and, for an editable install, those that the build copied into the
/// source tree.
pub(super) fn modules(
    disk: &Disk,
    distribution: &Distribution,
    site_packages: &Path,
    inputs: &Inputs,
    python: Option<Python>,
) -> Modules {
    let mut installed: BTreeMap<(PathBuf, &str), PathBuf> = BTreeMap::new();
    for file in distribution.record.files() {
        let path = Path::new(file);
        // auditwheel puts the libraries that a wheel needs into `<name>.libs`.
        let is_library = file.split('/').any(|part| part == ".." || part.strip_suffix(".libs").is_some());
        if file.ends_with(END)
            && !is_library
            && let (Some(parent), Some(name)) = (path.parent(), stem(path))
        {
            installed.insert((site_packages.join(parent), name), site_packages.join(path));
        }
    }
    if installed.is_empty() && distribution.is_editable() {
        let mut modules = in_tree(disk, inputs, &distribution.tags(disk), python);
        modules.missing = modules.missing.or_else(|| lost_path(distribution, site_packages));
        return modules;
    }
    let mut modules = Modules::default();
    for ((directory, name), path) in installed {
        match imported(disk, &directory, name, false, python) {
            Some(extension) => modules.found.push(extension),
            None => modules.missing = modules.missing.or(Some(path)),
        }
    }
    modules
}

/// The modules that an editable build copies into the source tree, for a wheel with these tags.
pub(super) fn in_tree(disk: &Disk, inputs: &Inputs, tags: &str, python: Option<Python>) -> Modules {
    let layout = &inputs.layout;
    let mut modules = Modules::default();
    for (directory, name) in &layout.extensions {
        modules.found.extend(imported(disk, directory, name, true, python));
    }
    // setuptools-rust can copy a module to several places. One of them is enough.
    let is_found = |name: &str| modules.found.iter().any(|found| stem(&found.path) == Some(name));
    let missing = layout.extensions.iter().find(|(_, name)| !is_found(name));
    let missing = missing.map(|(directory, name)| directory.join(format!("{name}{}", suffix(inputs, tags, python))));
    Modules { missing, ..modules }
}

/// The most likely file suffix of a module. `tags` are those of the wheel; they may be empty.
fn suffix(inputs: &Inputs, tags: &str, python: Option<Python>) -> String {
    let binds_one_python = if tags.contains("-cp") { !tags.contains("-abi3-") } else { inputs.binds_one_python };
    match python {
        Some(python) if binds_one_python && cfg!(target_os = "linux") => {
            let threads = if python.is_free_threaded { "t" } else { "" };
            let arch = std::env::consts::ARCH;
            format!(".cpython-{}{}{threads}-{arch}-linux-gnu{END}", python.major, python.minor)
        }
        _ if !binds_one_python && cfg!(unix) => format!(".abi3{END}"),
        _ => END.to_owned(),
    }
}

/// A missing `.pth` file, or similar, in site-packages through which Python finds the sources of an editable install.
fn lost_path(distribution: &Distribution, site_packages: &Path) -> Option<PathBuf> {
    let is_path = |file: &&str| {
        let is_pth = Path::new(file).extension().is_some_and(|end| end == "pth");
        !file.contains('/') && (is_pth || file.ends_with("_finder.py"))
    };
    let mut paths = distribution.record.files().filter(is_path).map(|file| site_packages.join(file));
    paths.find(|path| !path.exists())
}

/// The name of the module in a file.
fn stem(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.split('.').next()
}

fn imported(disk: &Disk, directory: &Path, name: &str, is_in_tree: bool, python: Option<Python>) -> Option<Extension> {
    let entries = disk.entries(directory).ok()?.into_iter().map(|entry| entry.path());
    let mut found: Vec<(u8, SystemTime, PathBuf)> = entries
        .filter_map(|path| {
            let suffix = path.file_name()?.to_str()?.strip_prefix(name)?;
            let rank = rank(suffix, python)?;
            let modified = read::modified(&path)?;
            Some((rank, modified, path))
        })
        .collect();
    found.sort();
    let mut found = found.into_iter();
    let (_, modified, path) = found.next()?;
    let hides = found.find(|(_, other, _)| *other > modified).map(|(_, _, path)| path);
    Some(Extension { path, modified, is_in_tree, hides })
}

/// The position of a suffix in the order in which Python tries them; `None` if this Python does not load the suffix.
fn rank(suffix: &str, python: Option<Python>) -> Option<u8> {
    let tag = match suffix.strip_suffix(END)? {
        "" => return Some(2),
        // On Windows, abi3 modules have no tag.
        ".abi3" => return cfg!(unix).then_some(1),
        tag => tag.strip_prefix('.')?,
    };
    let Some(python) = python else { return Some(0) };
    let threads = if python.is_free_threaded { "t" } else { "" };
    let version = format!("{}{}{threads}", python.major, python.minor);
    let of_unix = tag.strip_prefix("cpython-").and_then(|rest| rest.split('-').next());
    let of_windows = tag.strip_prefix("cp").and_then(|rest| rest.split('-').next());
    let of_pypy = tag.strip_prefix("pypy").is_some();
    (of_unix == Some(&version) || of_windows == Some(&version) || of_pypy).then_some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_tries_the_suffixes_in_order() {
        let check = |suffix: &str, with_lock: Option<u8>, free_threaded: Option<u8>| {
            let ranks = [false, true]
                .map(|is_free_threaded| rank(suffix, Some(Python { major: 3, minor: 13, is_free_threaded })));
            assert_eq!(ranks, [with_lock, free_threaded], "{suffix}");
        };
        let here = |rank: u8, on_this_system: bool| on_this_system.then_some(rank);
        check(".cpython-313-x86_64-linux-gnu.so", here(0, cfg!(unix)), None);
        check(".cpython-313t-x86_64-linux-gnu.so", None, here(0, cfg!(unix)));
        check(".cpython-312-x86_64-linux-gnu.so", None, None);
        check(".abi3.so", here(1, cfg!(unix)), here(1, cfg!(unix)));
        check(".so", here(2, cfg!(unix)), here(2, cfg!(unix)));
        check(".cp313-win_amd64.pyd", here(0, cfg!(windows)), None);
        check(".cp313t-win_amd64.pyd", None, here(0, cfg!(windows)));
        check(".cp312-win_amd64.pyd", None, None);
        check(".abi3.pyd", None, None);
        check(".pyd", here(2, cfg!(windows)), here(2, cfg!(windows)));
        check(&format!("_other{END}"), None, None);
        check(".py", None, None);
    }
}
