//! The Python files of a build backend in the repository (`backend-path`, PEP 517).

use std::path::Path;

use crate::fs::{Disk, Resolved};
use crate::pyproject::Pyproject;

/// Python files, each with the directory if all Python files below it count, and `None` if the file counts by itself.
pub(super) type Files = Vec<(Resolved, Option<Resolved>)>;

/// The files of the backend. A directory that only holds the backend counts as a whole. In the project directory, or in one that
/// is a Python package itself, only the backend's module and the modules that it imports from there count.
pub(crate) fn files(disk: &Disk, pyproject: &Pyproject) -> Files {
    let Some(backend) = pyproject.get_str(&["build-system", "build-backend"]) else { return Vec::new() };
    let module = backend.split([':', '.']).next().unwrap_or(backend).trim();
    let mut found = Files::new();
    let top = disk.repository(&pyproject.dir).unwrap_or(&pyproject.dir);
    for place in pyproject.get_strings(&["build-system", "backend-path"]) {
        let directory = disk.real_directory(&pyproject.dir.join(place));
        // PEP 517 requires it in the source tree. Directories outside are not walked.
        if !directory.starts_with(top) {
            continue;
        }
        let is_shared = pyproject.dir.starts_with(&directory) || disk.has_file(&directory, "__init__.py");
        if is_shared {
            import(disk, &directory, module, &mut found);
        } else {
            tree(disk, &directory, &mut found);
        }
    }
    found
}

fn tree(disk: &Disk, directory: &Resolved, found: &mut Files) {
    let walk = disk.below(directory).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = walk.filter(|entry| entry.file_type().is_file() && is_python(entry.path()));
    found.extend(files.map(|entry| (directory.met(entry.into_path()), Some(directory.clone()))));
}

/// Adds a module in `directory`, and the modules that it imports from there.
fn import(disk: &Disk, directory: &Resolved, module: &str, found: &mut Files) {
    let file = directory.child(format!("{module}.py"));
    let package = directory.child(module);
    if disk.has_file(&package, "__init__.py") {
        tree(disk, &package, found);
    } else if disk.is_file(&file) && !found.iter().any(|(known, _)| *known == file) {
        let text = disk.text(&file).unwrap_or_default();
        found.push((file, None));
        for module in imported(&text) {
            import(disk, directory, module, found);
        }
    }
}

/// The first parts of the names that a module imports: `a` of `import a.b as c, d` and of `from .a import e`.
fn imported(text: &str) -> Vec<&str> {
    let mut modules = Vec::new();
    for line in text.lines().map(str::trim) {
        let names = match (line.strip_prefix("import "), line.strip_prefix("from ")) {
            (Some(names), _) => names.split(',').collect(),
            (_, Some(rest)) => match rest.split_once(" import ") {
                // `from . import a, b`
                Some((from, names)) if from.trim().trim_matches('.').is_empty() => {
                    names.trim_matches(['(', ')', ' ']).split(',').collect()
                }
                Some((from, _)) => vec![from.trim().trim_start_matches('.')],
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        let first = |name: &'_ str| name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
        modules.extend(names.into_iter().map(str::trim).map(|name| &name[..first(name)]));
    }
    modules.retain(|module| !module.is_empty());
    modules
}

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_told_from_the_text() {
        for (text, expected) in [
            ("import a.b as c, d", vec!["a", "d"]),
            ("from .a.b import c\nfrom . import d, e as f\n", vec!["a", "d", "e"]),
            ("    from maturin import *  # noqa", vec!["maturin"]),
            ("fromage = 1\nimported = 2", vec![]),
        ] {
            assert_eq!(imported(text), expected, "{text}");
        }
    }
}
