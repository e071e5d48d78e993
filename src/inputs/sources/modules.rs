//! The module tree of a Rust file: `mod name;` followed to the files that rustc would read.
//!
//! Source: the Rust reference, "Modules: Module Source Filenames" and "The path attribute". All configurations count, because
//! another machine may compile what `#[cfg]` excludes here. Only `#[cfg(test)]` is left out, because it is never in a wheel.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::declarations::{Declaration, declarations};
use crate::fs::{Disk, Resolved};
use crate::inputs::unread::Unread;

/// A file to read, and the directory of its modules.
struct Source {
    file: PathBuf,
    modules: PathBuf,
}

/// The files of a module tree, and those among them that may declare more modules.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    pub(crate) files: BTreeSet<Resolved>,
    pub(crate) unread: Vec<Unread>,
}

/// The crate root at `root` and all files of its module tree that exist.
pub(super) fn follow(disk: &Disk, root: &Path) -> Followed {
    let mut followed = Followed::default();
    followed.follow(disk, vec![owning(root.to_owned())]);
    followed
}

impl Followed {
    fn follow(&mut self, disk: &Disk, mut queue: Vec<Source>) {
        while let Some(source) = queue.pop() {
            let file = disk.resolve(&source.file);
            if self.files.contains(&file) {
                continue;
            }
            // A file that cannot be read or is not Rust is still an input.
            match disk.text(&file).map(|text| declarations(&text)) {
                Ok(Ok(declarations)) => {
                    let built = declarations.iter().filter(|declaration| !declaration.test);
                    queue.extend(built.filter_map(|declaration| locate(disk, &source, declaration)));
                }
                Ok(Err(unfit)) => self.unread.push(Unread::new(&file, &unfit)),
                Err(error) => self.unread.extend(Unread::by(&file, &error)),
            }
            self.files.insert(file);
        }
    }
}

/// The files that `#[path]` includes from `file`, with their module trees.
pub(crate) fn elsewhere(disk: &Disk, file: &Path, text: &str) -> Followed {
    let is_owning = file.file_stem().is_some_and(|stem| stem == "mod" || stem == "lib" || stem == "main");
    let source = match (is_owning, file.parent(), file.file_stem()) {
        (false, Some(parent), Some(stem)) => Source { modules: parent.join(stem), file: file.to_owned() },
        _ => owning(file.to_owned()),
    };
    let declarations = declarations(text).unwrap_or_default();
    let named = declarations.iter().filter(|declaration| declaration.path.is_some() && !declaration.test);
    let mut followed = Followed::default();
    followed.follow(disk, named.filter_map(|declaration| locate(disk, &source, declaration)).collect());
    followed
}

/// A crate root, a `mod.rs` or a file named by `#[path]`: its modules are beside it.
fn owning(file: PathBuf) -> Source {
    let modules = file.parent().unwrap_or(Path::new("")).to_owned();
    Source { file, modules }
}

fn locate(disk: &Disk, source: &Source, declaration: &Declaration) -> Option<Source> {
    let nested = declaration.inline.iter().fold(source.modules.clone(), |directory, module| directory.join(module));
    if let Some(path) = &declaration.path {
        // Outside inline modules, the path is relative to the directory of the file, even for a `foo.rs` with modules in `foo/`.
        let beside = source.file.parent().unwrap_or(Path::new(""));
        let base = if declaration.inline.is_empty() { beside } else { &nested };
        return Some(owning(base.join(path))).filter(|source| disk.is_file(&source.file));
    }
    let name = &declaration.name;
    let flat = nested.join(format!("{name}.rs"));
    if disk.is_file(&flat) {
        return Some(Source { modules: nested.join(name), file: flat });
    }
    Some(owning(nested.join(name).join("mod.rs"))).filter(|source| disk.is_file(&source.file))
}

/// Whether a module is only for tests, because it or one above it is declared with `#[cfg(test)]`. If the parent of a file is not
/// in the usual place, the file counts as built.
pub(crate) fn is_test_only(disk: &Disk, file: &Path) -> bool {
    let (Some(directory), Some(stem)) = (file.parent(), file.file_stem().and_then(|stem| stem.to_str())) else {
        return false;
    };
    if is_root(file) {
        return false;
    }
    // `a/mod.rs` is declared where `a.rs` would be.
    let (directory, name) = match (stem, directory.parent(), directory.file_name().and_then(|name| name.to_str())) {
        ("mod", Some(above), Some(name)) => (above, name),
        _ => (directory, stem),
    };
    let mut parents: Vec<PathBuf> =
        ["mod.rs", "lib.rs", "main.rs"].iter().map(|parent| directory.join(parent)).collect();
    parents.extend(directory.file_name().map(|name| directory.with_file_name(name).with_extension("rs")));
    for parent in parents.iter().filter(|parent| parent.as_path() != file) {
        let Ok(text) = disk.text(parent) else { continue };
        let declarations = declarations(&text).unwrap_or_default();
        if let Some(declared) = declarations.iter().find(|found| found.name == name && found.inline.is_empty()) {
            return declared.test || is_test_only(disk, parent);
        }
    }
    false
}

fn is_root(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem == "lib" || stem == "main")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{Disk, path};

    #[test]
    fn files_are_found_as_rustc_finds_them() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(
            "lib.rs",
            "mod a; mod b; mod gone; mod inline { mod c; #[path = \"e.rs\"] mod d; } #[path = \"x/y.rs\"] mod z;",
        );
        write("a.rs", "mod deep; mod a;");
        write("a/deep.rs", "");
        write("a/a.rs", "#[path = \"beside.rs\"] mod beside;");
        write("a/beside.rs", "");
        write("b/mod.rs", "mod deep;");
        write("b/deep.rs", "");
        write("inline/c.rs", "");
        write("inline/e.rs", "");
        write("x/y.rs", "mod w;");
        write("x/w.rs", "");
        write("unused.rs", "");
        let root = Disk::default().real_directory(dir.path());
        let found = follow(&Disk::default(), &root.join("lib.rs"));
        let mut found: Vec<_> = found.files.iter().filter_map(|path| path::relative(&root, path)).collect();
        found.sort();
        let expected = [
            "a.rs", "a/a.rs", "a/beside.rs", "a/deep.rs", "b/deep.rs", "b/mod.rs", "inline/c.rs", "inline/e.rs",
            "lib.rs", "x/w.rs", "x/y.rs",
        ];
        assert_eq!(found, expected);
    }
}
