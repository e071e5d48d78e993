//! The directories in which cargo keeps its records: in the target and the build directory, for each profile, in the old and the
//! new layout.
//!
//! Source: cargo's `layout.rs`. Old: `<profile>/deps/NAME-HASH.d`, `<profile>/build/PKG-HASH/…` for build scripts and
//! `<profile>/.fingerprint/PKG-HASH/`. New: `<profile>/build/PKG/HASH/{out,run,fingerprint}/`. `<profile>` is `debug`, `release`
//! or another, and is in `<triple>/` if the build sets a target.
//!
//! No symlink below the directories is followed, so that nothing outside them is read.

use crate::fs::Disk;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// In bytes. Records are kilobytes in size, so a larger file is not a record.
const LARGEST: u64 = 16 << 20;

/// The profile directories in a target or build directory, which must be a real path.
pub(super) fn profiles(disk: &Disk, directory: &Path) -> Vec<PathBuf> {
    let is_profile = |path: &Path| {
        let kept = ["deps", "build"].map(|name| path.join(name).symlink_metadata());
        kept.into_iter().any(|found| found.is_ok_and(|found| found.is_dir()))
    };
    let mut found = Vec::new();
    for path in directories(disk, directory) {
        if is_profile(&path) {
            found.push(path);
        } else {
            found.extend(directories(disk, &path).into_iter().filter(|path| is_profile(path)));
        }
    }
    found
}

/// A file that rustc or cargo wrote.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) path: PathBuf,
    pub(super) written: SystemTime,
    /// Too large to be a record.
    pub(super) is_huge: bool,
}

impl Record {
    /// A regular file; `None` for anything else.
    fn at(path: PathBuf) -> Option<Self> {
        let found = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
        let written = found.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Some(Self { path, written, is_huge: found.len() > LARGEST })
    }

    /// The times at which the build script that printed this record started and ended. cargo writes `invoked.timestamp` before
    /// the run, and `stderr` and `root-output` afterwards. The record itself has the time of the start.
    pub(super) fn times(&self) -> Option<(SystemTime, SystemTime)> {
        let beside = |name| Some(Self::at(self.path.with_file_name(name))?.written);
        Some((beside("invoked.timestamp")?, beside("root-output").max(beside("stderr"))?))
    }

    /// `None` if it cannot be read, or is too large.
    pub(super) fn read(&self, disk: &Disk) -> Option<Vec<u8>> {
        if self.is_huge { None } else { disk.read(&self.path).ok() }
    }
}

/// The dep-info files of all units of a profile, including build scripts and other packages.
pub(super) fn dep_infos(disk: &Disk, profile: &Path) -> Vec<Record> {
    let mut found = dep_infos_in(disk, &profile.join("deps"));
    for unit in directories(disk, &profile.join("build")) {
        // Old: the compiled build script of one package.
        found.extend(dep_infos_in(disk, &unit));
        // New: the units of one package.
        found.extend(directories(disk, &unit).into_iter().flat_map(|unit| dep_infos_in(disk, &unit.join("out"))));
    }
    found
}

fn dep_infos_in(disk: &Disk, directory: &Path) -> Vec<Record> {
    let files = entries(disk, directory).into_iter().filter(is_file).map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "d")).filter_map(Record::at).collect()
}

/// The output of the build scripts of `packages`, each with the index of the package.
pub(super) fn outputs(disk: &Disk, profile: &Path, packages: &[&str]) -> Vec<(usize, Record)> {
    let mut found = Vec::new();
    // One pass for all packages, because there may be hundreds of directories.
    for directory in directories(disk, &profile.join("build")) {
        for (index, package) in packages.iter().enumerate() {
            if belongs_to(&directory, package) {
                found.extend(Record::at(directory.join("output")).map(|record| (index, record)));
            } else if directory.file_name().is_some_and(|name| name == *package) {
                let runs = directories(disk, &directory).into_iter().flat_map(|unit| directories(disk, &unit));
                let runs = runs.filter(|run| run.ends_with("run")).map(|run| run.join("stdout"));
                found.extend(runs.filter_map(Record::at).map(|record| (index, record)));
            }
        }
    }
    found
}

/// Whether a unit of `package` is a test or documentation, by the names in its fingerprint directory. `None` if the record belongs
/// to another package.
pub(super) fn is_for_tests(disk: &Disk, record: &Path, profile: &Path, package: &str) -> Option<bool> {
    let stem = record.file_stem()?.to_str()?;
    let fingerprints = fingerprints(disk, record, profile, package);
    // Units whose file name has no hash share one directory for each package.
    let name = stem.rsplit_once('-').filter(|(_, hash)| is_hash(hash)).map_or(stem, |(name, _)| name);
    let is_unit = |file: &str| {
        // cargo's name of a target (`my-bin`) differs from the name of its crate (`my_bin`).
        let file = file.replace('-', "_");
        file.ends_with(&format!("_{}", name.replace('-', "_")))
    };
    let mut for_tests = None;
    for entry in fingerprints.iter().flat_map(|directory| entries(disk, directory)) {
        let file = entry.file_name();
        let Some(file) = file.to_str().filter(|file| is_unit(file)) else { continue };
        if !file.starts_with("dep-") && !file.starts_with("output-") {
            let is_build = !["test-", "doc-"].iter().any(|flavor| file.starts_with(flavor));
            for_tests = Some(for_tests.unwrap_or(true) && !is_build);
        }
    }
    for_tests
}

fn fingerprints(disk: &Disk, record: &Path, profile: &Path, package: &str) -> Vec<PathBuf> {
    // New: `build/PKG/HASH/out/NAME.d` beside `build/PKG/HASH/fingerprint`.
    if let Some(unit) = record.parent().filter(|out| out.ends_with("out")).and_then(Path::parent) {
        let is_own = unit.parent().and_then(Path::file_name).is_some_and(|name| name == package);
        return if is_own { vec![unit.join("fingerprint")] } else { Vec::new() };
    }
    let all = profile.join(".fingerprint");
    let stem = record.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if let Some((_, hash)) = stem.rsplit_once('-').filter(|(_, hash)| is_hash(hash)) {
        return vec![all.join(format!("{package}-{hash}"))];
    }
    // The file names of cdylibs have no hash.
    directories(disk, &all).into_iter().filter(|path| belongs_to(path, package)).collect()
}

/// `PKG-HASH`: checking the hash distinguishes `core` from `core-utils`.
fn belongs_to(directory: &Path, package: &str) -> bool {
    let name = directory.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.strip_prefix(package)?.strip_prefix('-')).is_some_and(is_hash)
}

/// Whether a text has the form of cargo's hashes: sixteen digits.
fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn directories(disk: &Disk, directory: &Path) -> Vec<PathBuf> {
    let is_directory = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries(disk, directory).into_iter().filter(is_directory).map(|entry| entry.path()).collect()
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// The entries, sorted so that results are the same everywhere. Empty if the directory does not exist or is a symlink.
fn entries(disk: &Disk, directory: &Path) -> Vec<DirEntry> {
    if directory.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
        return Vec::new();
    }
    disk.entries(directory).unwrap_or_default()
}
