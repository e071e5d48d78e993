//! What the wheel holds beside the extension: a stub, `data`, and where the package is not installed as editable its Python
//! files and what `include` names.
//!
//! Source: maturin's user guide, "Project Layout" and "Configuration"; its `ProjectLayout` and `write_python_part`. uv installs
//! the project itself as editable; then Python reads its files where they are.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use toml_edit::{Item, Value};

use super::{Collector, Origin};
use crate::cache_keys::{is_glob, split};
use crate::inputs::build::Layout;
use crate::inputs::{Kind, Tree};
use crate::paths;
use crate::pyproject::{Backend, Pyproject};

impl Collector<'_> {
    /// Adds package data, and with `editable = false` Python sources and included files; with `metadata = true` readme and
    /// licences.
    pub(super) fn wheel(&mut self, pyproject: &Pyproject, layout: &Layout) {
        let is_maturin = pyproject.backend == Some(Backend::Maturin);
        if is_maturin {
            self.stub(layout);
            self.data(pyproject, layout);
        }
        if !pyproject.options.is_editable() {
            self.python(pyproject, layout);
            if is_maturin {
                self.included(pyproject);
            }
        }
        if pyproject.options.has_metadata() {
            self.metadata(pyproject);
        }
    }

    /// `<module>.pyi` of a pure-Rust layout becomes the package's `__init__.pyi`.
    fn stub(&mut self, layout: &Layout) {
        let name = layout.module.rsplit('.').next().unwrap_or_default();
        let stub = self.project.join(format!("{name}.pyi"));
        if layout.package.is_none() && !name.is_empty() && stub.is_file() {
            let reason = "type stub of a pure-Rust layout".to_owned();
            self.add(stub, Kind::PackageData, None, reason, None);
        }
    }

    /// `tool.maturin.data`, else `<module>.data`.
    fn data(&mut self, pyproject: &Pyproject, layout: &Layout) {
        let named = pyproject.get_str(&["tool", "maturin", "data"]).map(|data| self.project.join(data));
        let data = named.unwrap_or_else(|| self.project.join(format!("{}.data", layout.module)));
        if data.is_dir() {
            let origin = Origin { gives: Kind::PackageData, in_crate: None, by: "data", file: Path::new(""), line: 0 };
            self.directory(&data, None, &origin, "installed beside the package (`data`)");
        }
    }

    /// The Python packages. A glob for each suffix, never one for all: an editable build copies the extension there.
    fn python(&mut self, pyproject: &Pyproject, layout: &Layout) {
        let others = pyproject.get_strings(&["tool", "maturin", "python-packages"]);
        let mut packages: Vec<PathBuf> = layout.package.clone().into_iter().collect();
        packages.extend(others.into_iter().map(|package| paths::real_directory(&layout.root.join(package))));
        packages.dedup();
        for package in packages.into_iter().filter(|package| package.is_dir()) {
            let is_fenced = self.project.starts_with(&package)
                || self.outputs.iter().any(|output| output.starts_with(&package))
                || package.join("Cargo.toml").is_file();
            for file in self.files_in(&package).0 {
                let suffix = file.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
                if is_made(&file, suffix) || layout.extensions.iter().any(|extension| is_extension(&file, extension)) {
                    continue;
                }
                let kind = if matches!(suffix, "py" | "pyi") { Kind::PythonSource } else { Kind::PackageData };
                // What has the suffix of an extension module would match the one that is copied there.
                let is_alone = is_fenced || suffix.is_empty() || BINARIES.contains(&suffix);
                let tree = (!is_alone).then(|| Tree { directory: package.clone(), whole: false });
                self.add(file, kind, None, "packed into the wheel".to_owned(), tree);
            }
        }
    }

    /// `tool.maturin.include`, for the wheel.
    fn included(&mut self, pyproject: &Pyproject) {
        let Some(Item::Value(Value::Array(patterns))) = pyproject.get(&["tool", "maturin", "include"]) else { return };
        let patterns: Vec<String> = patterns.iter().filter_map(for_the_wheel).map(str::to_owned).collect();
        for pattern in patterns {
            let reason = format!("`include` names `{pattern}`");
            if !is_glob(&pattern) {
                let path = paths::resolve(&self.project.join(&pattern));
                if path.is_file() {
                    self.add(path, Kind::PackageData, None, reason, None);
                }
                continue;
            }
            let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() else { continue };
            let matcher = glob.compile_matcher();
            let base = paths::real_directory(&self.project.join(split(&pattern).0));
            let is_fenced = self.project.starts_with(&base);
            for file in self.files_in(&base).0 {
                let is_named = file.strip_prefix(self.project).is_ok_and(|below| matcher.is_match(below));
                if is_named && !self.is_output(&file) {
                    let tree = (!is_fenced).then(|| Tree { directory: base.clone(), whole: false });
                    self.add(file, Kind::PackageData, None, reason.clone(), tree);
                }
            }
        }
    }
}

/// Suffixes of what a build leaves in a package.
const BINARIES: &[&str] = &["so", "pyd", "dll", "dylib", "pdb"];

fn is_made(file: &Path, suffix: &str) -> bool {
    suffix == "pyc" || file.components().any(|component| component.as_os_str() == "__pycache__")
}

fn is_extension(file: &Path, (directory, name): &(PathBuf, String)) -> bool {
    let stem = file.file_name().and_then(|file| file.to_str()?.split('.').next());
    let is_binary = file.extension().is_some_and(|suffix| BINARIES.iter().any(|binary| suffix == *binary));
    is_binary && file.parent() == Some(directory) && stem == Some(name)
}

/// The pattern of an entry of `include`, unless it is for the sdist alone or names what the build writes.
fn for_the_wheel(entry: &Value) -> Option<&str> {
    let Some(table) = entry.as_inline_table() else { return entry.as_str() };
    if table.contains_key("from") {
        return None;
    }
    let format = table.get("format")?;
    let formats = format.as_array().into_iter().flatten().filter_map(Value::as_str).chain(format.as_str());
    formats.into_iter().any(|format| format == "wheel").then(|| table.get("path")?.as_str()).flatten()
}
