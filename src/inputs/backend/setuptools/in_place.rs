//! Files that setuptools writes among the sources of an editable install: extension modules, egg-info, C files from Cython.

use std::path::Path;

use toml_edit::Item;

use super::python::Source;
use crate::fs::{Disk, Resolved, toml};
use crate::pyproject::Pyproject;

/// Classes that define an extension module in setup.py. Its name is the first argument.
const CLASSES: [&str; 5] = ["Extension", "CMakeExtension", "Pybind11Extension", "CppExtension", "CUDAExtension"];

/// The root directory of the packages, with a trailing `/`; empty for the project directory (setuptools' documentation, "Package
/// discovery").
pub(crate) fn source_root(disk: &Disk, pyproject: &Pyproject) -> String {
    let setuptools = |keys: &[&str]| pyproject.get(&[&["tool", "setuptools"], keys].concat());
    let places = pyproject.get_strings(&["tool", "setuptools", "packages", "find", "where"]);
    let set = setuptools(&["package-dir", ""]).and_then(Item::as_str).or(match places.as_slice() {
        [one] => Some(one),
        _ => None,
    });
    let setup = disk.text(pyproject.dir.join("setup.py")).unwrap_or_default();
    let names_src = setup.contains("package_dir") && (setup.contains("\"src\"") || setup.contains("'src'"));
    let is_discovered = || {
        let is_listed = ["packages", "py-modules"].into_iter().any(|key| setuptools(&[key]).is_some());
        !is_listed && !setup.contains("packages") && disk.is_dir(&pyproject.dir.join("src"))
    };
    match set {
        Some(root) => {
            format!("{}/", root.trim_start_matches("./").trim_end_matches('/')).trim_start_matches('/').to_owned()
        }
        None if names_src || is_discovered() => "src/".to_owned(),
        None => String::new(),
    }
}

/// The dotted names of the extension modules that are not written in Rust, if they are literal.
pub(super) fn modules(disk: &Disk, pyproject: &Pyproject) -> Vec<String> {
    let listed = pyproject.get(&["tool", "setuptools", "ext-modules"]).into_iter().flat_map(toml::tables);
    let listed = listed.filter_map(|table| table.get("name").and_then(Item::as_str));
    let mut names: Vec<String> = listed.map(str::to_owned).collect();
    let Ok(text) = disk.text(pyproject.dir.join("setup.py")) else { return names };
    let source = Source::new(&text);
    for name in CLASSES.iter().flat_map(|class| source.aliases(class)) {
        let calls = source.calls(&name);
        let literal = calls.iter().filter_map(|call| source.literal(&source.argument(call, "name", 0)?));
        names.extend(literal.map(str::to_owned));
    }
    // `cythonize("pkg/fast.pyx")`: the module has the name of its file.
    for call in source.calls("cythonize") {
        let files = source.argument(&call, "module_list", 0).and_then(|files| source.literal(&files));
        names.extend(files.and_then(|file| Some(file.strip_suffix(".pyx")?.replace('/', "."))));
    }
    names.retain(|name| !name.contains('*'));
    names
}

/// The C files that Cython writes beside its sources, if git does not track them.
pub(crate) fn generated_c(disk: &Disk, pyproject: &Pyproject) -> Vec<Resolved> {
    if !pyproject.requires("cython") {
        return Vec::new();
    }
    let setup = disk.text(pyproject.dir.join("setup.py")).unwrap_or_default();
    let mut sources = Vec::new();
    let is_hidden = |place: &Path| place.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let enters = |place: &Resolved, is_ignored: bool| !is_ignored && !is_hidden(place);
    disk.walk_ignored(&pyproject.dir, enters, |file, _, is_ignored| {
        if !is_ignored && file.extension().is_some_and(|suffix| suffix == "pyx") {
            sources.push(file);
        }
    });
    sources.sort();
    let generated = sources.into_iter().filter_map(|source| {
        let is_cpp = setup.contains("c++")
            || disk.text(&source).is_ok_and(|text| text.contains("language = c++") || text.contains("language=c++"));
        let name = Path::new(source.file_name()?).with_extension(if is_cpp { "cpp" } else { "c" });
        let made = source.around().child(name);
        (!disk.is_file(&made) || disk.is_ignored(&made)).then_some(made)
    });
    generated.collect()
}
