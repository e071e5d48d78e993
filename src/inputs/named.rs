//! What one file of the build names by macros, attributes and `#[path]`.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
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

thread_local! {
    /// Fresh memory for each of thousands of files takes longer than to read them.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Gives the content of a file to `work`; `None` where it cannot be read.
pub(super) fn with_bytes<R>(path: &Path, work: impl FnOnce(&[u8]) -> R) -> Option<R> {
    let mut file = File::open(path).ok()?;
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        file.read_to_end(buffer).ok()?;
        Some(work(buffer))
    })
}

/// Reads the file at `path`, a source or build script of the package in `package`.
pub(super) fn read(path: &Path, kind: Kind, package: &Path) -> Named {
    let read = with_bytes(path, |bytes| scan::may_refer(bytes).then(|| String::from_utf8(bytes.to_vec()).ok()));
    let Some(Some(Some(text))) = read else { return Named::default() };
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
