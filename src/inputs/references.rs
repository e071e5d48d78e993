//! What one file of the build names by macros, attributes and `#[path]`.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use super::Kind;
use super::macros::{self, Origin, Reference};
use super::sources::modules;
use super::unread::Unread;
use crate::fs::{cache, read};

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) references: Vec<Reference>,
    /// Modules that `#[path]` brings in.
    pub(super) modules: Vec<PathBuf>,
    pub(super) unread: Vec<Unread>,
}

thread_local! {
    /// Fresh memory for each of thousands of files takes longer than to read them.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Gives the content of a file to `work`.
pub(super) fn with_bytes<R>(path: &Path, work: impl FnOnce(&[u8]) -> R) -> io::Result<R> {
    BUFFER.with_borrow_mut(|buffer| {
        read::read_into(path, buffer)?;
        Ok(work(buffer))
    })
}

/// Reads the file at `path`, a source or build script of the package in `package`.
pub(super) fn read(path: &Path, kind: Kind, package: &Path) -> Named {
    if cache::get(|known| &mut known.silent, path).is_some() {
        return Named::default();
    }
    let read = with_bytes(path, |bytes| macros::may_refer(bytes).then(|| String::from_utf8(bytes.to_vec()).ok()));
    let text = match read {
        Ok(Some(Some(text))) => text,
        Ok(_) => {
            cache::remember(|known| &mut known.silent, path, true);
            return Named::default();
        }
        Err(error) => return Named { unread: Unread::by(path, &error).into_iter().collect(), ..Named::default() },
    };
    let mut named = Named::default();
    match macros::references(&text, &Origin { file: path, package }) {
        Ok(references) => named.references = references,
        Err(unfit) => return Named { unread: vec![Unread::new(path, &unfit)], ..named },
    }
    // The modules of a build script were followed when it was found.
    if kind == Kind::BuildScript {
        return named;
    }
    if macros::PATH_WORDS.iter().any(|word| text.contains(word)) {
        let followed = modules::elsewhere(path, &text);
        named.modules = followed.files.into_iter().collect();
        named.unread = followed.unread;
    }
    let names_anything = !named.references.is_empty() || !named.modules.is_empty();
    if names_anything && modules::is_test_only(path) { Named::default() } else { named }
}
