//! What was looked up on the disk, so that nothing is looked up twice in a run.
//!
//! The same few directories are asked about dozens of times for each project: is there a build.rs, a rust-toolchain, a
//! uv.toml? Mostly there is not, and a list of the directory answers all such questions at once. Directories above, which may
//! hold anything, are asked one by one.

mod directory;
mod listings;
mod search;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;
use ignore::gitignore::Gitignore;

use super::path::{join, split};
use directory::{Listed, Names};
use listings::{Lists, known_names};
pub(crate) use listings::{list, walk};
pub(crate) use search::{InDirectory, Search, lists};

/// What is known of paths, by their text: to hash a path by its components takes longer.
pub(crate) type Known<T> = HashMap<OsString, T, RandomState>;

/// Paths, or names, by their text.
pub(crate) type Texts = HashSet<OsString, RandomState>;

/// What a thread has looked up. Answers cost a system call for each component of a path.
#[derive(Default)]
pub(crate) struct LookedUp {
    pub(crate) canonical: Known<Option<PathBuf>>,
    /// Directories above which something was looked for.
    pub(crate) climbed: Known<Option<PathBuf>>,
    /// How far above a directory its repository is.
    pub(crate) repositories: Known<Option<usize>>,
    /// Sources that name nothing.
    pub(crate) silent: Known<bool>,
    pub(crate) trees: Known<Rc<Tree>>,
    /// Whether git ignores a file, and by what rules in each directory.
    pub(crate) ignored: Known<bool>,
    pub(crate) rules: Known<Option<Rc<Gitignore>>>,
    /// What steers cargo, rustup and uv from a directory and those above it, see [`upwards`].
    pub(crate) configs: Known<Rc<[PathBuf]>>,
    pub(crate) toolchains: Known<Rc<[PathBuf]>>,
    pub(crate) roots: Known<Rc<[PathBuf]>>,
    /// Texts of manifests.
    pub(crate) manifests: Known<Rc<str>>,
    kinds: Known<Option<FileType>>,
    /// `None` where there are too many, or they may not be read, or are spelled in ways that only the file system knows.
    names: Known<Option<Arc<Names>>>,
    /// Those that a search has made.
    lists: Lists,
}

/// What of Rust is below a directory, without what belongs to packages in it.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<PathBuf>,
    /// Symlinks to directories.
    pub(crate) links: Vec<PathBuf>,
}

thread_local! {
    static LOOKED_UP: RefCell<Option<LookedUp>> = const { RefCell::new(None) };
}

/// Does `work`, in which every path is looked up once: one state of the disk counts for all that it does in this thread.
pub(crate) fn remembering<T>(work: impl FnOnce() -> T) -> T {
    remembering_with(&Lists::default(), work)
}

/// The same with what another thread has listed.
pub(crate) fn remembering_with<T>(lists: &Lists, work: impl FnOnce() -> T) -> T {
    if LOOKED_UP.with_borrow(Option::is_some) {
        return work();
    }
    LOOKED_UP.set(Some(LookedUp { lists: Arc::clone(lists), ..LookedUp::default() }));
    let _forget = Forget;
    work()
}

/// Forgets at the end of a scope, also where something panics.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        LOOKED_UP.take();
    }
}

/// What is known of a path, or is looked up now.
pub(crate) fn known<T: Clone>(
    part: impl Fn(&mut LookedUp) -> &mut Known<T>,
    path: &Path,
    look_up: impl FnOnce() -> T,
) -> T {
    // To look one up may need another.
    get(&part, path).unwrap_or_else(|| {
        let found = look_up();
        remember(part, path, found.clone());
        found
    })
}

/// What is known of a path.
pub(crate) fn get<T: Clone>(part: impl Fn(&mut LookedUp) -> &mut Known<T>, path: &Path) -> Option<T> {
    LOOKED_UP.with_borrow_mut(|looked_up| part(looked_up.as_mut()?).get(path.as_os_str()).cloned())
}

/// Keeps what was found out about a path.
pub(crate) fn remember<T>(part: impl Fn(&mut LookedUp) -> &mut Known<T>, path: &Path, found: T) {
    LOOKED_UP.with_borrow_mut(|looked_up| {
        if let Some(looked_up) = looked_up {
            part(looked_up).insert(path.into(), found);
        }
    });
}

/// As [`Path::is_file`].
pub(crate) fn is_file(path: &Path) -> bool {
    kind(path).is_some_and(|kind| kind.is_file())
}

/// As [`Path::is_dir`].
pub(crate) fn is_dir(path: &Path) -> bool {
    kind(path).is_some_and(|kind| kind.is_dir())
}

/// As [`Path::exists`].
pub(crate) fn exists(path: &Path) -> bool {
    kind(path).is_some()
}

/// What is at a path, symlinks followed.
pub(crate) fn kind(path: &Path) -> Option<FileType> {
    match listed(path) {
        Listed::Nothing => None,
        Listed::As(kind) => Some(kind),
        Listed::Unknown => {
            known(|known| &mut known.kinds, path, || path.metadata().ok().map(|found| found.file_type()))
        }
    }
}

/// What is at a name in a directory, symlinks followed. Where the list of the directory tells, there is no path to be made.
pub(crate) fn kind_in(directory: &Path, name: &str) -> Option<FileType> {
    match listed_in(directory, name) {
        Listed::Nothing => None,
        Listed::As(kind) => Some(kind),
        Listed::Unknown => kind(&join(directory, name)),
    }
}

/// Whether a directory has a file of that name.
pub(crate) fn has_file(directory: &Path, name: &str) -> bool {
    kind_in(directory, name).is_some_and(|kind| kind.is_file())
}

/// What is at a path, a symlink being one.
pub(crate) fn kind_of_itself(path: &Path) -> Option<FileType> {
    match listed(path) {
        Listed::Nothing => None,
        Listed::As(kind) => Some(kind),
        Listed::Unknown => {
            let kind = path.symlink_metadata().ok()?.file_type();
            if !kind.is_symlink() {
                remember(|known| &mut known.kinds, path, Some(kind));
            }
            Some(kind)
        }
    }
}

/// Whether there may be something at a path.
pub(crate) fn may_exist(path: &Path) -> bool {
    listed(path) != Listed::Nothing
}

fn listed(path: &Path) -> Listed {
    split(path).map_or(Listed::Unknown, |(directory, name)| listed_in(directory, name))
}

fn listed_in(directory: &Path, name: &str) -> Listed {
    debug_assert!(!name.contains('/'), "{name} is no single name");
    known_names(directory).map_or(Listed::Unknown, |names| names.tell(name))
}

/// What `look` finds in a directory and in those above it, nearest first. What is above many projects is looked for once.
pub(crate) fn upwards(
    part: impl Fn(&mut LookedUp) -> &mut Known<Rc<[PathBuf]>>,
    directory: &Path,
    look: impl Fn(&Path) -> Option<PathBuf>,
) -> Vec<PathBuf> {
    let above = directory.parent().map(|parent| known(part, parent, || parent.ancestors().filter_map(&look).collect()));
    look(directory).into_iter().chain(above.iter().flat_map(|above| above.iter().cloned())).collect()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::directory::FEW;
    use super::*;

    #[test]
    fn answers_are_those_of_the_system() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        std::fs::create_dir_all(root.join("a/B")).unwrap();
        std::fs::create_dir(root.join("full")).unwrap();
        for name in ["a/f", "a/UPPER", "a/B/é", "a/B/f"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        for index in 0..=FEW {
            std::fs::write(root.join(format!("full/{index}")), "").unwrap();
        }
        for (to, from) in [("f", "a/link"), ("B", "a/dir"), ("gone", "a/broken"), ("loop", "a/loop")] {
            std::os::unix::fs::symlink(to, root.join(from)).unwrap();
        }
        let names = "f F UPPER upper link dir broken loop gone B b B/f B/é B/gone f/ f/. f/x dir/f .. ../full \
                     ../full/7 ../full/x gone/x gone/../f nul\0 ü";
        let paths: Vec<PathBuf> = names.split_whitespace().map(|name| root.join("a").join(name)).collect();
        remembering(|| {
            // The first questions are asked of the system, the others of the lists.
            for (at, path) in paths.iter().chain(&paths).chain(&paths).enumerate() {
                if at == paths.len() {
                    for directory in ["a", "a/B", "full", "a/gone", "a/f"] {
                        list(&root.join(directory));
                    }
                }
                let expected = (path.is_file(), path.is_dir(), path.exists());
                assert_eq!((is_file(path), is_dir(path), exists(path)), expected, "{}", path.display());
                let itself = path.symlink_metadata().ok().map(|found| found.file_type());
                assert_eq!(kind_of_itself(path), itself, "{}", path.display());
            }
        });
        assert!(is_file(&root.join("a/f")) && !exists(&root.join("a/gone")));
    }

    #[test]
    fn nothing_is_remembered_beyond_the_work() {
        let root = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| root.path().join(name));
        let ask = || (0..3).map(|_| (exists(&one), exists(&two))).collect::<Vec<_>>();
        let ask = || {
            list(root.path());
            ask()
        };
        assert_eq!(remembering(ask), [(false, false); 3]);
        std::fs::write(&two, "").unwrap();
        assert_eq!(remembering(ask), [(false, true); 3]);
        assert_eq!(ask(), [(false, true); 3]);
    }
}
