//! Finds out whether the last build wrote the changed files and the next build will write them again. Then every sync rebuilds.
//!
//! The evidence is where the file lies, when it was written, whether it existed before the build began, and what build scripts
//! are known to write.

use std::path::Path;
use std::time::SystemTime;

use super::change::{Change, Kind};
use super::distribution::{Distribution, Stored};
use super::subject::Subject;
use super::uv_cache::Revision;
use crate::fs::{Resolved, resolve};

/// Marks the changes that were made by the build, with the reason. Returns true if one of them is made again by every build.
pub(super) fn judge(
    changes: &mut [Change],
    subject: &Subject,
    distribution: &Distribution,
    revision: Option<&Revision>,
) -> bool {
    let Stored::Info(stored) = &distribution.stored else { return false };
    let begun = revision.filter(|last| last.info == *stored).and_then(|last| last.begun).or(stored.timestamp);
    let (Some(begun), Some(installed)) = (begun, distribution.installed) else { return false };
    let build = Build { begun, installed, is_editable: distribution.is_editable() };
    let mut endless = false;
    for change in changes.iter_mut().filter(|change| change.kind == Kind::File) {
        let (Some(name), Some(written)) = (&change.name, change.changed) else { continue };
        let path = subject.disk.resolve(&subject.pyproject.dir.join(name));
        if let Some((reason, again)) = build.wrote(&path, name, written, subject) {
            reason.clone_into(&mut change.reason);
            change.by_build = again;
            endless |= again;
        }
    }
    endless
}

/// The last build, from the time when uv read the keys to the end of the installation.
struct Build {
    begun: SystemTime,
    installed: SystemTime,
    is_editable: bool,
}

impl Build {
    /// Whether the build wrote a file (with the reason), and whether the next build will write it again.
    fn wrote(&self, path: &Resolved, name: &str, at: SystemTime, subject: &Subject) -> Option<(&'static str, bool)> {
        if path.starts_with(&subject.environment) {
            return Some(("uv writes it during each install", true));
        }
        let while_built = at <= self.installed;
        let in_target = path.ancestors().skip(1).any(|directory| directory.join("CACHEDIR.TAG").is_file());
        let is_binary = path.extension().is_some_and(|end| end == "so" || end == "pyd" || end == "dylib");
        if is_binary && !in_target && (self.is_editable || while_built) {
            return Some(("each build writes it", true));
        }
        let by_script = subject.written.iter().find(|written| path.starts_with(&written.path));
        if let Some(written) = by_script.filter(|_| while_built) {
            let reason =
                if written.again { "a build script writes it during each build" } else { "a build script wrote it" };
            return Some((reason, written.again));
        }
        let was_there = || path.metadata().and_then(|found| found.created()).is_ok_and(|created| created < self.begun);
        // A file that a user edits during the build looks the same, but git does not ignore it.
        let is_made = || resolve::is_made_by_tools(Path::new(name)) || subject.disk.is_ignored(path);
        match (while_built, while_built && (in_target || is_made())) {
            (true, true) if was_there() => Some(("the last build rewrote it", true)),
            (true, true) => Some(("the last build wrote it", false)),
            (true, false) => Some(("during the last build", false)),
            _ => None,
        }
    }
}
