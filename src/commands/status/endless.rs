//! Whether the last build wrote the changed files, and the next one will write them again. Then every sync rebuilds.
//!
//! Shown by where the file lies, when it was written, and whether it was there before the build began; and by what build scripts
//! are seen to write.

use std::path::Path;
use std::time::SystemTime;

use super::change::{Change, Kind};
use super::distribution::{Distribution, Stored};
use super::subject::Subject;
use super::uv_cache::Revision;
use crate::fs::{Resolved, resolve};

/// Marks the changes that come from the build, with the reason. True where one of them comes back with every build.
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

/// The last build, from uv's look at the keys to the end of the installation.
struct Build {
    begun: SystemTime,
    installed: SystemTime,
    is_editable: bool,
}

impl Build {
    /// Whether it wrote a file, and whether the next one will write it again.
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
        // What somebody edits while it builds looks the same, but is not ignored by git.
        let is_made = || resolve::is_made_by_tools(Path::new(name)) || subject.disk.is_ignored(path);
        match (while_built, while_built && (in_target || is_made())) {
            (true, true) if was_there() => Some(("the last build rewrote it", true)),
            (true, true) => Some(("the last build wrote it", false)),
            (true, false) => Some(("during the last build", false)),
            _ => None,
        }
    }
}
