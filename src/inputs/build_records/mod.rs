//! The records of the last build: the files that rustc read for each unit of the crates of the build, and the lines that each
//! build script printed.
//!
//! The records only contain the configurations that were built. Units of tests and documentation are left out, and so are files
//! below the target directory, which the build wrote.

mod build_output;
mod dep_info;
mod own;
mod places;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

pub(crate) use build_output::BuildOutput;
pub(crate) use own::{Made, OwnTexts};

use crate::crates::build_crate::Crate;
use crate::crates::workspace::{TargetRole, Workspace};
use crate::fs::{Disk, Resolved, read};
use places::Record;

/// All records.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) units: Vec<Unit>,
    /// The last run of each build script.
    pub(crate) runs: Vec<Run>,
    /// The records that could not be read.
    pub(crate) unread: Vec<PathBuf>,
}

/// One compilation of a target of a crate.
#[derive(Debug)]
pub(crate) struct Unit {
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: usize,
    pub(crate) role: TargetRole,
    /// The directory of the profile.
    pub(crate) profile: PathBuf,
    /// Existing files and directories, without those that cargo, rustup and the build wrote.
    pub(crate) files: Vec<Resolved>,
    pub(crate) variables: Vec<String>,
    /// The files that its sources embed as documentation.
    pub(crate) documentation: Vec<Resolved>,
    /// Whether none of these files changed after it.
    pub(crate) is_current: bool,
    root: Resolved,
    written: SystemTime,
}

/// The last run of the build script of a crate.
#[derive(Debug)]
pub(crate) struct Run {
    /// Index into [`super::Inputs::crates`].
    pub(crate) in_crate: usize,
    pub(crate) profile: PathBuf,
    pub(crate) output: BuildOutput,
    /// When it began and when it ended.
    pub(crate) times: Option<(SystemTime, SystemTime)>,
    /// Whether the build script did not change after the run.
    pub(crate) is_current: bool,
}

/// A target directory, and the workspace that is built there.
struct Place<'a> {
    profile: PathBuf,
    workspace: &'a Workspace,
}

/// Reads all records of `crates`.
pub(crate) fn read(disk: &Disk, crates: &[Crate]) -> Recorded {
    let mut recorded = Recorded { runs: runs(disk, crates), ..Recorded::default() };
    let made = Made::around(disk, crates);
    let mut units = Vec::new();
    for place in places(disk, crates) {
        for record in places::dep_infos(disk, &place.profile) {
            let Some(text) = record.read(disk) else {
                recorded.unread.push(record.path);
                continue;
            };
            let found = dep_info::parse(&String::from_utf8_lossy(&text));
            units.extend(unit(disk, &place, &record, found, crates, &made));
        }
    }
    recorded.units = latest(units);
    recorded
}

/// Parses the same bytes as both kinds of record.
#[cfg(any(test, fuzzing))]
pub(super) fn parse_all(bytes: &[u8]) {
    dep_info::parse(&String::from_utf8_lossy(bytes));
    build_output::parse(bytes);
}

/// The last run of each build script of `crates`.
pub(crate) fn runs(disk: &Disk, crates: &[Crate]) -> Vec<Run> {
    let script = |found: &Crate| {
        let mut targets = found.package().targets.iter();
        targets.find(|target| target.role == TargetRole::BuildScript).map(|target| target.source.clone())
    };
    let scripts: Vec<_> = crates.iter().enumerate().filter_map(|(at, found)| Some((at, script(found)?))).collect();
    if scripts.is_empty() {
        return Vec::new();
    }
    let packages: Vec<&str> = scripts.iter().map(|(at, _)| crates[*at].name()).collect();
    let mut last: Vec<Option<(Record, PathBuf)>> = vec![None; scripts.len()];
    for place in places(disk, crates) {
        for (index, record) in places::outputs(disk, &place.profile, &packages) {
            let is_later = last[index].as_ref().is_none_or(|(known, _)| known.written <= record.written);
            if is_later {
                last[index] = Some((record, place.profile.clone()));
            }
        }
    }
    let run = |((in_crate, script), last): ((usize, Resolved), Option<(Record, PathBuf)>)| {
        let (record, profile) = last?;
        let is_current = read::modified(&script).is_some_and(|modified| modified <= record.written);
        let output = build_output::parse(&record.read(disk)?);
        Some(Run { in_crate, profile, output, times: record.times(), is_current })
    };
    scripts.into_iter().zip(last).filter_map(run).collect()
}

/// The places of all crates. A path dependency in another workspace is built in the same directory as the entry.
fn places<'c>(disk: &Disk, crates: &'c [Crate]) -> Vec<Place<'c>> {
    let mut places: Vec<Place<'c>> = Vec::new();
    for found in crates.iter().filter(|found| found.is_entry) {
        let workspace = &found.workspace;
        let directories = [Some(&workspace.target_directory), workspace.build_directory.as_ref()];
        for directory in directories.into_iter().flatten() {
            for profile in places::profiles(disk, &disk.real_directory(directory)) {
                // Several workspaces may share one directory.
                if !places.iter().any(|known| known.profile == profile && known.workspace.root == workspace.root) {
                    places.push(Place { profile, workspace });
                }
            }
        }
    }
    places
}

/// The unit of a dep-info file, if it belongs to a target that the backend builds.
fn unit(
    disk: &Disk,
    place: &Place<'_>,
    record: &Record,
    found: dep_info::DepInfo,
    crates: &[Crate],
    made: &Made,
) -> Option<Unit> {
    let root = disk.resolve(&place.workspace.root.join(found.files.first()?));
    let (in_crate, target) = crates.iter().enumerate().find_map(|(at, found)| {
        let target = found.targets().0.into_iter().find(|target| target.source == root)?;
        Some((at, target))
    })?;
    let package = crates[in_crate].package();
    if places::is_for_tests(disk, &record.path, &place.profile, &package.name)? {
        return None;
    }
    // cargo runs rustc in the workspace root for packages below it, else in the package (its `path_args`).
    let directory = if root.starts_with(&place.workspace.root) { &place.workspace.root } else { package.directory() };
    let mut is_current = true;
    let mut files = Vec::new();
    for file in found.files {
        let path = disk.resolve(&directory.join(file));
        if made.contains(&path) {
            continue;
        }
        let modified = read::modified(&path);
        is_current &= modified.is_some_and(|modified| modified <= record.written);
        if modified.is_some() {
            files.push(path);
        }
    }
    let (role, profile) = (target.role, place.profile.clone());
    let (variables, written) = (found.variables, record.written);
    let documentation = own::documentation(disk, &files, package.directory());
    Some(Unit { in_crate, role, profile, files, variables, documentation, is_current, root, written })
}

/// All current units of each target, or else its last one: cargo keeps units of earlier sources and configurations.
fn latest(units: Vec<Unit>) -> Vec<Unit> {
    let mut by_target: BTreeMap<(usize, Resolved), Vec<Unit>> = BTreeMap::new();
    for unit in units {
        by_target.entry((unit.in_crate, unit.root.clone())).or_default().push(unit);
    }
    let mut kept = Vec::new();
    for (_, mut units) in by_target {
        units.sort_by_key(|unit| std::cmp::Reverse(unit.written));
        let holds = if units.iter().any(|unit| unit.is_current) {
            units.retain(|unit| unit.is_current);
            units.len()
        } else {
            1
        };
        kept.extend(units.into_iter().take(holds));
    }
    kept
}
