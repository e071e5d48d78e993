//! What one file of the build names by macros, attributes and `#[path]`.

use std::path::{Path, PathBuf};

use super::Kind;
use super::modules;
use super::scan::{self, Origin, Reference};

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) references: Vec<Reference>,
    /// Modules that `#[path]` brings in.
    pub(super) modules: Vec<PathBuf>,
}

/// Reads the file at `path`, a source or build script of the package in `package`.
pub(super) fn read(path: &Path, kind: Kind, package: &Path) -> Named {
    let Ok(bytes) = std::fs::read(path) else { return Named::default() };
    if !scan::may_refer(&bytes) {
        return Named::default();
    }
    let Ok(text) = String::from_utf8(bytes) else { return Named::default() };
    let origin = Origin { file: path, package };
    let mut named = Named { references: scan::references(&text, &origin), ..Named::default() };
    // The modules of a build script were followed when it was found.
    if kind == Kind::BuildScript {
        return named;
    }
    if scan::PATH_WORDS.iter().any(|word| text.contains(word)) {
        named.modules = modules::elsewhere(path, &text).into_iter().collect();
    }
    let names_anything = !named.references.is_empty() || !named.modules.is_empty();
    if names_anything && modules::is_test_only(path) { Named::default() } else { named }
}
