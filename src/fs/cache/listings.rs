//! Lists of directories: made once, by whoever comes first.

use std::ffi::OsStr;
use std::fs::FileType;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::directory::{Listed, Names};
use super::{Known, LOOKED_UP, LookedUp, remember};
use crate::fs::path::{join, split};

/// Lists of resolved directories, of one thread for others.
pub(crate) type Lists = Arc<Known<Arc<Names>>>;

/// What is known of what is in a directory.
enum Listing {
    Of(Arc<Names>),
    /// It was read, and is no list to tell by.
    Useless,
    Unread,
}

/// The names in a directory, where it was listed, or that around it has none of its name.
pub(super) fn known_names(directory: &Path) -> Option<Arc<Names>> {
    match listing(directory) {
        Listing::Of(names) => Some(names),
        Listing::Useless => None,
        Listing::Unread => is_known_missing(directory).then(Arc::default),
    }
}

/// The list of a directory, by this thread or by a search.
fn listing(directory: &Path) -> Listing {
    LOOKED_UP.with_borrow(|looked_up| {
        let Some(LookedUp { names, lists, .. }) = looked_up.as_ref() else { return Listing::Unread };
        let of = |names: &Arc<Names>| Listing::Of(Arc::clone(names));
        match names.get(directory.as_os_str()) {
            Some(Some(names)) => of(names),
            Some(None) => Listing::Useless,
            None => lists.get(directory.as_os_str()).map_or(Listing::Unread, of),
        }
    })
}

/// Whether the list of the directory around a directory is there, and does not have it.
fn is_known_missing(directory: &Path) -> bool {
    split(directory).is_some_and(
        |(above, name)| matches!(listing(above), Listing::Of(names) if names.tell(name) == Listed::Nothing),
    )
}

/// Lists a directory about which there will be many questions, unless that was done.
pub(crate) fn list(directory: &Path) {
    if LOOKED_UP.with_borrow(Option::is_some) && matches!(listing(directory), Listing::Unread) {
        let names = Names::telling(directory)
            .unwrap_or_else(|error| is_absence(&error).then(Names::default).filter(Names::is_telling));
        remember(|known| &mut known.names, directory, names.map(Arc::new));
    }
}

/// What is in a directory. The list is kept.
fn entries(directory: &Path) -> io::Result<Arc<Names>> {
    if let Listing::Of(names) = listing(directory) {
        return Ok(names);
    }
    let names = Arc::new(Names::read(directory, usize::MAX)?);
    remember(|known| &mut known.names, directory, Some(Arc::clone(&names)).filter(|names| names.is_telling()));
    Ok(names)
}

/// Shows `visit` all that is below a directory and none itself: the directory around it, its name, what it is. `enters` is
/// asked about each directory inside. Symlinks are not followed. Returns what could not be read.
pub(crate) fn walk(
    root: &Path,
    enters: impl Fn(&Path) -> bool,
    mut visit: impl FnMut(&Path, &OsStr, FileType),
) -> Vec<(PathBuf, io::Error)> {
    let (mut pending, mut failed) = (vec![root.to_owned()], Vec::new());
    while let Some(directory) = pending.pop() {
        let names = match entries(&directory) {
            Ok(names) => names,
            Err(error) => {
                failed.push((directory, error));
                continue;
            }
        };
        for (name, kind) in names.iter() {
            if !kind.is_dir() {
                visit(&directory, name, kind);
                continue;
            }
            let inside = join(&directory, name);
            if enters(&inside) {
                pending.push(inside);
            }
        }
    }
    failed
}

/// Whether an error says that there is no such directory.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
