//! Files of the wheel besides the extension: a stub and `data`, and also Python files and the files of `include` if the package
//! is not installed as editable.
//!
//! Source: maturin's user guide, "Project Layout" and "Configuration"; its `ProjectLayout` and `write_python_part`. uv installs
//! the project itself as editable, and Python then reads its files in place.

use std::path::Path;

use globset::GlobBuilder;
use toml_edit::{Item, TableLike, Value};

use super::{Collector, Origin};
use crate::cache_keys::{System, is_glob, split_on};
use crate::crates::target_request::Layout;
use crate::fs::Resolved;
use crate::fs::toml::strings;
use crate::inputs::{Kind, Tree};
use crate::pyproject::{Backend, Pyproject};

impl Collector<'_> {
    /// Adds package data. With `editable = false`, also adds Python sources and included files. With `metadata = true`, also adds
    /// the readme and licences.
    pub(super) fn wheel(&mut self, pyproject: &Pyproject) {
        let layout = self.layout;
        let is_maturin = pyproject.backend == Some(Backend::Maturin);
        if is_maturin {
            self.stub(layout);
            self.data(pyproject, layout);
        }
        if !pyproject.is_editable() {
            self.python(pyproject, layout);
            if is_maturin {
                self.included(pyproject, layout);
            }
        }
        if pyproject.options.has_metadata() {
            self.metadata(pyproject);
        }
    }

    /// `<module>.pyi` of a pure-Rust layout becomes the package's `__init__.pyi`.
    fn stub(&mut self, layout: &Layout) {
        let name = layout.module.rsplit('.').next().unwrap_or_default();
        let stub = self.project.child(format!("{name}.pyi"));
        if layout.package.is_none() && !name.is_empty() && self.disk.is_file(&stub) {
            let reason = "type stub of a pure-Rust layout".to_owned();
            self.add(stub, Kind::PackageData, None, reason, None);
        }
    }

    /// `tool.maturin.data`, else `<module>.data`.
    fn data(&mut self, pyproject: &Pyproject, layout: &Layout) {
        let named = pyproject.get_str(&["tool", "maturin", "data"]).map(|data| self.project.join(data));
        let data = named.unwrap_or_else(|| self.project.join(format!("{}.data", layout.module)));
        if self.disk.is_dir(&data) {
            let origin = Origin { gives: Kind::PackageData, in_crate: None, by: "data", file: Path::new(""), line: 0 };
            self.directory(&data, None, &origin, "installed with the package (`data`)");
        }
    }

    /// The Python packages. Each suffix has a glob of its own, because one glob for all files would cover the extension that an
    /// editable build copies there.
    fn python(&mut self, pyproject: &Pyproject, layout: &Layout) {
        let others = pyproject.get_strings(&["tool", "maturin", "python-packages"]);
        let mut packages: Vec<Resolved> = layout.package.clone().into_iter().collect();
        packages.extend(others.into_iter().map(|package| self.disk.real_directory(&layout.root.join(package))));
        packages.dedup();
        for package in packages.into_iter().filter(|package| self.disk.is_dir(package)) {
            let is_fenced = self.project.starts_with(&package)
                || self.outputs.iter().any(|output| output.starts_with(&package))
                || self.disk.has_file(&package, "Cargo.toml");
            for file in self.files_in(&package).0 {
                let suffix = file.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
                if is_made(&file, suffix) {
                    continue;
                }
                let kind = if matches!(suffix, "py" | "pyi") { Kind::PythonSource } else { Kind::PackageData };
                let tree = (!is_fenced).then(|| Tree { directory: package.clone(), whole: false });
                self.add(file, kind, None, "part of the wheel".to_owned(), tree);
            }
        }
    }

    /// `tool.maturin.include`, for the wheel: relative to the project, or to the Python root if nothing in the project matches.
    /// maturin does not consult git here.
    fn included(&mut self, pyproject: &Pyproject, layout: &Layout) {
        let item = pyproject.get(&["tool", "maturin", "include"]);
        for pattern in item.map(for_the_wheel).unwrap_or_default() {
            let reason = format!("`include` names `{pattern}`");
            let roots = [&**self.project, &layout.root];
            let found = roots.into_iter().map(|root| (root, self.named_by(root, pattern)));
            let Some((root, files)) = found.into_iter().find(|(_, files)| !files.is_empty()) else { continue };
            let base = self.disk.real_directory(&root.join(&*split_on(System::Unix, pattern).0));
            let is_fenced = !is_glob(pattern) || !self.may_be_globbed(&base);
            for file in files {
                let tree = (!is_fenced).then(|| Tree { directory: base.clone(), whole: false });
                self.add(file, Kind::PackageData, None, reason.clone(), tree);
            }
        }
    }

    /// Whether a file is the extension module that an editable build copied into the package.
    pub(super) fn is_extension(&self, file: &Path) -> bool {
        let is_binary = file.extension().is_some_and(|suffix| BINARIES.iter().any(|binary| suffix == *binary));
        let stem = file.file_name().and_then(|file| file.to_str()?.split('.').next());
        let mut extensions = self.layout.extensions.iter();
        is_binary && extensions.any(|(directory, name)| file.parent() == Some(&**directory) && stem == Some(name))
    }

    /// The files below `root` that match a path or glob. `*` does not match a `/`.
    pub(super) fn named_by(&self, root: &Path, pattern: &str) -> Vec<Resolved> {
        let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else { return Vec::new() };
        let matcher = glob.compile_matcher();
        let (base, rest) = split_on(System::Unix, pattern);
        let is_deep = rest.contains("**");
        let depth = if is_deep { usize::MAX } else { rest.split('/').count() };
        let base = root.join(&*base);
        if self.is_beyond(&self.disk.real_directory(&base)) {
            return Vec::new();
        }
        let walk = self.disk.below(&base).max_depth(depth).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| entry.file_name() != ".git" && !self.is_output(entry.path()));
        let files =
            walk.filter_map(Result::ok).filter(|entry| !entry.path().is_dir()).map(walkdir::DirEntry::into_path);
        let named = files.filter(|file| file.strip_prefix(root).is_ok_and(|below| matcher.is_match(below)));
        named.map(|file| self.disk.resolve(&file)).collect()
    }
}

/// Suffixes of files that a build writes into a package.
pub(super) const BINARIES: &[&str] = &["so", "pyd", "dll", "dylib", "pdb"];

fn is_made(file: &Path, suffix: &str) -> bool {
    suffix == "pyc" || file.components().any(|component| component.as_os_str() == "__pycache__")
}

/// The patterns of `include` that are not only for the sdist, and do not match files that the build writes.
fn for_the_wheel(include: &Item) -> Vec<&str> {
    match include {
        Item::ArrayOfTables(tables) => tables.iter().filter_map(|table| of_table(table)).collect(),
        Item::Value(Value::Array(entries)) => entries
            .iter()
            .filter_map(|entry| match entry {
                Value::InlineTable(table) => of_table(table),
                entry => entry.as_str(),
            })
            .collect(),
        _ => include.as_str().into_iter().collect(),
    }
}

fn of_table(table: &dyn TableLike) -> Option<&str> {
    let is_meant = !table.contains_key("from") && strings(table.get("format")).contains(&"wheel");
    table.get("path")?.as_str().filter(|_| is_meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_for_a_wheel_is_included() {
        for (include, expected) in [
            ("include = ['a/*', { path = 'b', format = 'sdist' }, { path = 'c', format = 'wheel' }]", vec!["a/*", "c"]),
            ("include = [{ path = 'b', format = ['sdist', 'wheel'] }, { path = 'd', format = ['sdist'] }]", vec!["b"]),
            ("include = [{ path = 'gen/*', from = 'out-dir', to = 'p/' }]", vec![]),
            ("[[include]]\npath = 'a'\nformat = 'wheel'\n[[include]]\npath = 'b'\nformat = 'sdist'", vec!["a"]),
            ("include = 'a/*'", vec!["a/*"]),
            ("include = 3", vec![]),
        ] {
            let document = toml_edit::Document::parse(include).unwrap();
            assert_eq!(for_the_wheel(document.get("include").unwrap()), expected, "{include}");
        }
    }
}
