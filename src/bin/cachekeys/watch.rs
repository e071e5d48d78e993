//! `check --watch`: checks again whenever something changes that may change the findings, until it is interrupted.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cachekeys::Error;
use cachekeys::report::Report;
use clap::error::ErrorKind;
use jiff::Zoned;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::args::{Check, Cli};
use crate::{check, refuse, unless_closed};

/// How long to wait for more changes: an editor or git writes many files at once.
const QUIET: Duration = Duration::from_millis(80);

/// Checks, shows the report and waits for a change, in a loop that only an error ends.
pub(crate) fn watch(cli: &Cli, arguments: &Check, out: &mut impl Write) -> Result<u8, Error> {
    if arguments.output_format.is_document() {
        refuse(ErrorKind::ArgumentConflict, "--watch only supports the formats full and concise");
    }
    let mut settings = check::settings(cli, arguments);
    settings.watch = true;
    let (sender, changes) = channel();
    let failed = |error: notify::Error| Error::Output(std::io::Error::other(error));
    let mut watcher = notify::recommended_watcher(sender).map_err(failed)?;
    let mut followed = BTreeSet::new();
    let mut shown = None;
    loop {
        let report = cachekeys::check_all(&arguments.paths, &settings)?;
        let text = text(cli, arguments, &report)?;
        if shown.as_ref() != Some(&text) {
            let time = Zoned::now().strftime("%H:%M:%S");
            let now = String::from_utf8_lossy(&text);
            unless_closed(writeln!(out, "[{time}] {}", now.trim_end()).and_then(|()| out.flush()))?;
            shown = Some(text);
        }
        // A file may have changed before it was watched: check once more.
        if !follow(&mut watcher, &mut followed, directories(&arguments.paths, &report)) {
            wait(&changes)?;
        }
    }
}

/// One line with the result. If there are findings, the report follows it.
fn text(cli: &Cli, arguments: &Check, report: &Report) -> Result<Vec<u8>, Error> {
    let summary = report.summary();
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let mut text = Vec::new();
    if summary.errors + summary.warnings > 0 || summary.fixed > 0 {
        let (errors, warnings) = (count(summary.errors, "error"), count(summary.warnings, "warning"));
        writeln!(text, "{errors}, {warnings}, {} fixed", summary.fixed)?;
        check::write(cli, arguments, report, &mut text)?;
    } else if report.errors.is_empty() {
        writeln!(text, "clean: {}", count(summary.projects, "project"))?;
    }
    for error in &report.errors {
        writeln!(text, "error: {error}")?;
    }
    Ok(text)
}

/// The directories to watch, including those of files that could not be read.
fn directories(paths: &[PathBuf], report: &Report) -> BTreeSet<PathBuf> {
    let around = |path: &Path| if path.is_dir() { path.to_owned() } else { path.parent().unwrap_or(path).to_owned() };
    let named = paths.iter().map(|path| around(path));
    let broken = report.errors.iter().filter_map(Error::path).map(around);
    let watched = report.projects.iter().flat_map(|project| project.watched.iter().cloned());
    let all = named.chain(broken).chain(watched);
    all.map(|path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }).collect()
}

/// Watches the directories. Returns true if some of them are new. Directories that were watched before stay watched, since the
/// report on an invalid file names no inputs.
pub(crate) fn follow(
    watcher: &mut RecommendedWatcher,
    followed: &mut BTreeSet<PathBuf>,
    directories: BTreeSet<PathBuf>,
) -> bool {
    // A directory that was removed and created again must be watched again.
    followed.retain(|directory| directory.is_dir());
    let before = followed.len();
    for directory in directories {
        // If a directory no longer exists, its parent directory is watched and reports when it is created again.
        if !followed.contains(&directory) && watcher.watch(&directory, RecursiveMode::NonRecursive).is_ok() {
            followed.insert(directory);
        }
    }
    followed.len() > before
}

/// Waits for a change, and then until no more changes follow.
fn wait(changes: &Receiver<notify::Result<Event>>) -> Result<(), Error> {
    // Reading a file is not a change. Otherwise each check would trigger the next one.
    let is_change = |event: &notify::Result<Event>| event.as_ref().is_ok_and(|event| !event.kind.is_access());
    loop {
        let event = changes.recv().map_err(|error| Error::Output(std::io::Error::other(error)))?;
        if is_change(&event) {
            break;
        }
    }
    while changes.recv_timeout(QUIET).is_ok() {}
    Ok(())
}
