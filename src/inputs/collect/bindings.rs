//! Files besides the crate that the generators of cffi and uniffi bindings read.
//!
//! Sources: maturin's user guide, "Bindings"; the documentation of cbindgen ("cbindgen.toml") and of uniffi ("Configuration").

use super::Collector;
use crate::inputs::Kind;
use crate::pyproject::{Backend, Pyproject};

impl Collector<'_> {
    /// Adds the configuration of cbindgen and uniffi, and the interface files of uniffi.
    pub(super) fn bindings(&mut self, pyproject: &Pyproject) {
        if pyproject.backend != Some(Backend::Maturin) {
            return;
        }
        let wanted = pyproject.get_str(&["tool", "maturin", "bindings"]);
        for (index, found) in self.crates.iter().enumerate() {
            let package = found.package();
            let depends_on = |name: &str| package.dependencies.iter().any(|dependency| dependency.name == name);
            let add = |this: &mut Self, name: &str, reason: &str| {
                let path = self.disk.resolve(&package.directory().join(name));
                if self.disk.is_file(&path) {
                    this.add(path, Kind::Embedded, Some(index), reason.to_owned(), None);
                }
            };
            // maturin does not use the C interface of a binary.
            let is_library = package.targets.iter().any(|target| target.cdylib) && !depends_on("uniffi");
            let detected = wanted.is_none() && found.generates_python(None) && is_library;
            if found.is_entry && (wanted == Some("cffi") || detected) {
                add(self, "cbindgen.toml", "read by cbindgen, which maturin runs for cffi bindings");
            }
            if wanted == Some("uniffi") && found.is_entry || depends_on("uniffi") {
                add(self, "uniffi.toml", "read by uniffi-bindgen");
                self.interfaces(index);
            }
        }
    }

    /// The `.udl` files beside the sources.
    fn interfaces(&mut self, index: usize) {
        let sources = self.crates[index].package().directory().join("src");
        let entries = self.disk.entries(&sources).into_iter().flatten();
        let mut interfaces: Vec<_> = entries
            .map(|entry| self.disk.resolve(&entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "udl") && self.disk.is_file(path))
            .collect();
        interfaces.sort();
        for path in interfaces {
            self.add(path, Kind::Embedded, Some(index), "interface of uniffi bindings".to_owned(), None);
        }
    }
}
