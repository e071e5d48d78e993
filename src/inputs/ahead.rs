//! Reads sources while cargo is still thinking: which of them name anything at all.
//!
//! Where the sources are is a guess until cargo answers, so nothing depends on it: what was read is not read again, what was
//! not is read later.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use walkdir::{DirEntry, WalkDir};

use super::{named, scan};
use crate::disk;
use crate::paths;

/// A reading that goes on until it is asked for.
pub(super) struct Ahead {
    enough: Enough,
    thread: JoinHandle<HashSet<OsString>>,
}

/// Ends the reading when it is dropped, also where nobody asks for what was read.
struct Enough(Arc<AtomicBool>);

impl Drop for Enough {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Ahead {
    /// Starts to read the sources below `root`.
    pub(super) fn start(root: PathBuf) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&enough);
        Self { enough: Enough(enough), thread: std::thread::spawn(move || read(&root, &stop)) }
    }

    /// The files, resolved, that were read and name nothing.
    pub(super) fn finish(self) -> HashSet<OsString> {
        drop(self.enough);
        self.thread.join().unwrap_or_default()
    }
}

fn read(root: &Path, stop: &AtomicBool) -> HashSet<OsString> {
    let walk = WalkDir::new(root).into_iter().filter_entry(enters).filter_map(Result::ok);
    let sources = walk.filter(|entry| entry.file_type().is_file() && paths::is_rust(entry.path()));
    sources
        .take_while(|_| !stop.load(Ordering::Relaxed))
        .filter(|entry| named::with_bytes(entry.path(), |text| !scan::may_refer(text)).unwrap_or_default())
        .map(|entry| entry.into_path().into())
        .collect()
}

/// Sources lie in no hidden directory, and in none that a tool makes.
fn enters(entry: &DirEntry) -> bool {
    let is_made = |name: &str| name.starts_with('.') || paths::MADE_BY_TOOLS.contains(&name);
    entry.depth() == 0 || !entry.file_type().is_dir() || !entry.file_name().to_str().is_some_and(is_made)
}

/// Whether the Cargo.toml in a directory reads like the root of a workspace.
pub(super) fn looks_like_root(directory: &Path) -> bool {
    disk::text(directory.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace"))
}
