//! Evaluates all acts of a script together.
//!
//! cargo book, "Build Scripts: Change Detection": without a `rerun-if` line, cargo watches the whole package. With one, it only
//! watches what the lines name. Variables are only watched if a line names them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::act::{Act, At};
use super::known_calls::{self, Reads, Tells};
use super::place::{HOLE, Place, is_gits, is_named_by_git, looks_like_a_path, place, shown};
use super::script::{Named, Script, SetVariable};
use super::value::Value;
use super::variables::is_of_the_build;
use crate::fs::{Disk, path};
use crate::inputs::macros::What;

pub(super) struct Judgement<'a> {
    disk: &'a Disk,
    package: &'a Path,
    /// The directories that other paths are built from.
    joined: &'a BTreeSet<String>,
    /// Directories that the script makes.
    makes: Vec<PathBuf>,
    /// Directories in which the script writes files with unknown names.
    writes_in: Vec<PathBuf>,
    /// Whether any line is printed. cargo then only watches what the lines name.
    declares: bool,
    variables_are_known: bool,
    met: HashSet<PathBuf>,
    script: Script,
}

impl<'a> Judgement<'a> {
    pub(super) fn new(disk: &'a Disk, package: &'a Path, joined: &'a BTreeSet<String>) -> Self {
        let script = Script { lines_are_known: true, ..Script::default() };
        let (makes, writes_in, met) = (Vec::new(), Vec::new(), HashSet::new());
        Self { disk, package, joined, makes, writes_in, declares: false, variables_are_known: true, met, script }
    }

    pub(super) fn of(mut self, acts: &[At]) -> Script {
        for At { act, .. } in acts {
            if let Act::MakesDirectory { value } = act {
                let made = self.places(value).into_iter();
                self.makes
                    .extend(made.filter_map(|place| if let Place::Path(path) = place { Some(path) } else { None }));
            }
        }
        for At { act, .. } in acts {
            if let Act::Writes { value } = act {
                self.write(value);
            }
        }
        for at in acts {
            self.declare(at);
        }
        for at in acts {
            self.judge(at);
        }
        self.script.declares = self.declares;
        // Certain reads come before guesses.
        for at in acts {
            match &at.act {
                Act::Names { text } => self.guess(text, true, at),
                Act::Mentions { text } if looks_like_a_path(text) => self.guess(text, false, at),
                _ => {}
            }
        }
        self.script
    }

    fn places(&self, value: &Value) -> Vec<Place> {
        value.texts().iter().map(|text| place(self.disk, text, self.package)).collect()
    }

    fn write(&mut self, value: &Value) {
        for place in self.places(value) {
            match place {
                Place::Path(path) => self.output(path),
                // A directory that the script creates and writes to is an output.
                Place::Within(path) if self.makes.contains(&path) => self.output(path),
                Place::Within(directory) => self.writes_in.push(directory),
                _ => {}
            }
        }
    }

    fn output(&mut self, path: PathBuf) {
        if !self.package.starts_with(&path) && !self.script.writes.contains(&path) {
            self.script.writes.push(path);
        }
    }

    fn is_written(&self, path: &Path) -> bool {
        self.script.writes.iter().any(|output| path.starts_with(output))
    }

    fn holds_what_is_written(&self, directory: &Path) -> bool {
        self.script.writes.iter().chain(&self.writes_in).any(|output| output.starts_with(directory))
    }

    /// Records what the script prints for cargo.
    fn declare(&mut self, at: &At) {
        match &at.act {
            Act::Prints { key, values } => match key.as_str() {
                "rerun-if-changed" => self.watch_paths(values, at),
                "rerun-if-env-changed" => self.watch_variables(values, at),
                "rustc-env" => {
                    for line in values {
                        let (name, value) = line.split_once('=').unwrap_or((line, ""));
                        self.set(name, value);
                    }
                }
                _ => {}
            },
            Act::Reads { value, reads, tells, .. } if *tells != Tells::Nothing => {
                self.declares = true;
                if *tells == Tells::Paths {
                    let named = self.read(value, *reads, "declared by the crate that reads it", at);
                    self.script.watched.extend(named);
                }
            }
            _ => {}
        }
    }

    /// Records a variable that the script sets for the compiler.
    fn set(&mut self, name: &str, value: &str) {
        match self.script.sets.iter_mut().find(|set| set.name == name) {
            Some(set) => set.values.push(value.to_owned()),
            None => self.script.sets.push(SetVariable { name: name.to_owned(), values: vec![value.to_owned()] }),
        }
    }

    fn watch_paths(&mut self, values: &[String], at: &At) {
        self.declares = true;
        let places: Vec<Place> = values.iter().map(|value| place(self.disk, value, self.package)).collect();
        let disk = self.disk;
        let exists = |place: &Place| matches!(place, Place::Path(path) if disk.exists(path));
        let any_exists = places.iter().any(exists);
        let is_in_git = places.iter().any(is_gits);
        let any_is_gits = is_in_git || values.iter().any(|value| is_named_by_git(value));
        for (place, text) in places.into_iter().zip(values) {
            let is_absent = any_exists && matches!(place, Place::Path(_)) && !exists(&place);
            match place {
                Place::Path(path) if !is_absent && !self.is_written(&path) => {
                    let what = if disk.is_dir(&path) { What::Directory(path) } else { What::File(vec![path]) };
                    self.watch(what, "rerun-if-changed", at);
                }
                Place::Within(directory) => self.watch(What::Directory(directory), "rerun-if-changed", at),
                // Another value is a known path in `.git`, so this one is its form in a worktree.
                Place::Unknown if is_in_git => {}
                Place::Unknown if any_is_gits => {
                    self.watch(What::Directory(self.package.join(".git")), "rerun-if-changed", at);
                }
                Place::Unknown => {
                    self.script.lines_are_known = false;
                    self.watch(What::Unknown(shown(text)), "rerun-if-changed", at);
                }
                Place::Path(_) | Place::Elsewhere => {}
            }
        }
    }

    fn watch_variables(&mut self, names: &[String], at: &At) {
        self.declares = true;
        for name in names.iter().filter(|name| is_of_the_build(name)) {
            if name.contains(HOLE) {
                self.variables_are_known = false;
                self.watch(What::Unknown(shown(name)), "rerun-if-env-changed", at);
            } else {
                self.watch(What::Variable(name.clone()), "rerun-if-env-changed", at);
            }
        }
    }

    /// Records a path or variable that cargo watches, once for each place that names it.
    fn watch(&mut self, what: What, by: &'static str, at: &At) {
        let is_known = |named: &Named| {
            let is_there = (named.file, named.line, named.by) == (at.file, at.line, by);
            is_there && (named.what == what || matches!((&named.what, &what), (What::Unknown(_), What::Unknown(_))))
        };
        if !self.script.watched.iter().any(is_known) {
            self.script.watched.push(Named { what, by, file: at.file, line: at.line, is_guess: false });
        }
    }

    fn judge(&mut self, at: &At) {
        match &at.act {
            Act::Reads { tells: Tells::Paths, .. } => {}
            Act::Reads { value, source, reads, .. } => {
                for named in self.read(value, *reads, "read by the build script", at) {
                    self.sort(named);
                }
                if !self.declares && self.places(value).contains(&Place::Unknown) {
                    self.unnamed(source, "reads a computed path", at);
                }
            }
            Act::Runs { program, arguments } if !self.declares && known_calls::builds(program, arguments) => {
                self.unnamed(program, "runs a program that reads files", at);
            }
            Act::ReadsVariable { name } if self.variables_are_known && is_of_the_build(name) => {
                let what = What::Variable(name.clone());
                if !self.script.watched.iter().any(|named| named.what == what) {
                    let by = "read by the build script";
                    self.script.unwatched.push(Named { what, by, file: at.file, line: at.line, is_guess: false });
                }
            }
            _ => {}
        }
    }

    fn unnamed(&mut self, text: &str, by: &'static str, at: &At) {
        let is_known = |named: &Named| (named.file, named.line, named.by) == (at.file, at.line, by);
        if !self.script.unnamed.iter().any(is_known) {
            let what = What::Unknown(text.to_owned());
            self.script.unnamed.push(Named { what, by, file: at.file, line: at.line, is_guess: false });
        }
    }

    /// The existing files and directories that a call reads and that the script does not write itself.
    fn read(&self, value: &Value, reads: Reads, by: &'static str, at: &At) -> Vec<Named> {
        let named = |what, is_guess| Named { what, by, file: at.file, line: at.line, is_guess };
        let one = |place| match (place, reads) {
            (Place::Path(path), _) if self.is_written(&path) => None,
            (Place::Path(path), Reads::File) => self.disk.is_file(&path).then(|| named(What::File(vec![path]), false)),
            // A script lists the package itself to find something in it, not to read all of it.
            (Place::Path(path), Reads::Directory) if self.package.starts_with(&path) => None,
            (Place::Path(path), Reads::Directory) => {
                self.disk.is_dir(&path).then(|| named(What::Directory(path), false))
            }
            (Place::Path(path), Reads::Suffix(suffix)) => {
                self.disk.is_dir(&path).then(|| named(What::Suffix(path, suffix), false))
            }
            (Place::Within(directory), _) => {
                self.disk.is_dir(&directory).then(|| named(What::Directory(directory), true))
            }
            (_, Reads::Nothing | Reads::MadeDirectory) | (Place::Elsewhere | Place::Unknown, _) => None,
        };
        self.places(value).into_iter().filter_map(one).collect()
    }

    /// Records something that is read, and whether cargo watches it. Without a line, cargo watches everything in the package.
    /// Anything else must be named by a line.
    fn sort(&mut self, named: Named) {
        let Some(path) = place_of(&named.what) else { return };
        self.met.insert(path.clone());
        if !self.declares && path.starts_with(self.package) {
            self.script.watched.push(named);
        } else if !self.script.watched.iter().any(|known| !known.is_guess && is_for(known, &path)) {
            self.script.unwatched.push(named);
        }
    }

    /// A text that is used as a path, or looks like one, is assumed to be read if it exists.
    fn guess(&mut self, text: &str, makes_path: bool, at: &At) {
        let (path, is_within) = match place(self.disk, text, self.package) {
            Place::Path(path) => (path, false),
            Place::Within(directory) if makes_path => (directory, true),
            _ => return,
        };
        let is_made = self.is_written(&path) || self.makes.contains(&path);
        if self.package.starts_with(&path) || is_made || is_manifest(&path) || self.met.contains(&path) {
            return;
        }
        let is_start_of_others = !is_within && self.joined.contains(text);
        let what = if self.disk.is_file(&path) {
            What::File(vec![path])
        } else if makes_path && !is_start_of_others && !self.holds_what_is_written(&path) && self.disk.is_dir(&path) {
            What::Directory(path)
        } else {
            return;
        };
        self.sort(Named { what, by: "named", file: at.file, line: at.line, is_guess: true });
    }
}

fn place_of(what: &What) -> Option<PathBuf> {
    match what {
        What::File(places) => places.first().cloned(),
        What::Directory(directory) | What::Suffix(directory, _) => Some(directory.clone()),
        What::Variable(_) | What::Unknown(_) => None,
    }
}

/// Whether a line names `path`, or a directory above it.
fn is_for(named: &Named, path: &Path) -> bool {
    match &named.what {
        What::File(places) => places.iter().any(|place| path::normalize(place) == path),
        What::Directory(directory) | What::Suffix(directory, _) => path.starts_with(path::normalize(directory)),
        What::Variable(_) | What::Unknown(_) => false,
    }
}

/// Manifests are inputs anyway.
fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "Cargo.toml" || name == "Cargo.lock")
}
