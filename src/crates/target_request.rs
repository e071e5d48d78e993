//! What a build backend builds with cargo, and where it puts the result.

use std::path::PathBuf;

use crate::fs::Resolved;

/// Which targets of a crate the backend asks cargo for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// maturin decides, by detecting the bindings.
    Detect,
    /// The library alone.
    Library,
    /// The binaries, and the library of the same package with them.
    Binaries,
}

/// A manifest that the backend builds.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) manifest: Resolved,
    pub(crate) wanted: Wanted,
}

/// The place of the Python files in the project.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// The directory in which Python packages are looked for.
    pub(crate) root: PathBuf,
    /// The name under which Python imports the extension, with dots.
    pub(crate) module: String,
    /// The Python package's directory; `None` for a pure-Rust layout.
    pub(crate) package: Option<Resolved>,
    /// The directories into which an editable build copies the extension module, and the module's name.
    pub(crate) extensions: Vec<(Resolved, String)>,
    /// The directories that cffi and uniffi bindings generate as a whole, Python files included.
    pub(crate) generated: Vec<Resolved>,
}
