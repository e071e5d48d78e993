//! What one file of the build names by macros, attributes and `#[path]`.

use std::path::Path;

use super::Kind;
use super::macros::{self, Origin, Reference};
use super::sources::modules;
use super::unread::Unread;
use crate::fs::{Disk, Resolved};

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) references: Vec<Reference>,
    /// Modules that `#[path]` brings in.
    pub(super) modules: Vec<Resolved>,
    pub(super) unread: Vec<Unread>,
}

/// Reads the file at `path`, a source or build script of the package in `package`. Fresh memory for each of thousands of files
/// would take longer than to read them: they share a buffer.
pub(super) fn read(disk: &Disk, path: &Path, kind: Kind, package: &Path, buffer: &mut Vec<u8>) -> Named {
    if disk.seen.silent.get(path).is_some() {
        return Named::default();
    }
    if let Err(error) = disk.read_into(path, buffer) {
        return Named { unread: Unread::by(path, &error).into_iter().collect(), ..Named::default() };
    }
    let text = macros::may_refer(buffer).then(|| String::from_utf8(buffer.clone()).ok()).flatten();
    let Some(text) = text else {
        disk.seen.silent.put(path, ());
        return Named::default();
    };
    let mut named = Named::default();
    match macros::references(&text, &Origin { disk, file: path, package }) {
        Ok(references) => named.references = references,
        Err(unfit) => return Named { unread: vec![Unread::new(path, &unfit)], ..named },
    }
    // The modules of a build script were followed when it was found.
    if kind == Kind::BuildScript {
        return named;
    }
    if macros::PATH_WORDS.iter().any(|word| text.contains(word)) {
        let followed = modules::elsewhere(disk, path, &text);
        named.modules = followed.files.into_iter().collect();
        named.unread = followed.unread;
    }
    let names_anything = !named.references.is_empty() || !named.modules.is_empty();
    if names_anything && modules::is_test_only(disk, path) { Named::default() } else { named }
}
