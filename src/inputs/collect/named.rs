//! Files and variables that sources name: read in parallel, recorded in order.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Collector, Origin, embedded_in};
use crate::crates::build_crate::Crate;
use crate::fs::disk::Glance;
use crate::fs::{Resolved, path, resolve};
use crate::inputs::macros::{Reference, What};
use crate::inputs::unread::Unread;
use crate::inputs::{Kind, Missing, Tree, Undetermined, Variable, references};
use crate::pyproject::Pyproject;

/// The number of files for a thread at a time: handing over a single file takes longer than reading it.
const BATCH: usize = 16;

/// Macros and lines that name variables, not paths.
const NAME_VARIABLES: [&str; 3] = ["env!", "option_env!", "rerun-if-env-changed"];

impl Collector<'_> {
    /// Adds what sources and build scripts name by macros and attributes.
    pub(super) fn named(&mut self) {
        let crates = self.crates;
        let package = |in_crate: Option<usize>| crates.get(in_crate?).map(|found| found.package().directory());
        let mut files: Vec<(Resolved, Kind, Option<usize>)> = self
            .files
            .iter()
            .filter(|input| matches!(input.kind, Kind::Source | Kind::BuildScript))
            .map(|input| (input.path.clone(), input.kind, input.in_crate))
            .collect();
        let mut definitions = std::mem::take(&mut self.definitions);
        // `include!` brings in source that names more; its files are read in the next round.
        while !files.is_empty() {
            let glance = |buffer: &mut Vec<u8>, (path, _, in_crate): &(Resolved, Kind, Option<usize>)| {
                let package = package(*in_crate)?;
                Some((package, references::glance(self.disk, path, package, buffer)))
            };
            let glances: Vec<_> =
                files.par_iter().with_min_len(BATCH).with_max_len(BATCH).map_init(Vec::new, glance).collect();
            let mut seen = Vec::new();
            for ((path, kind, in_crate), glance) in std::mem::take(&mut files).into_iter().zip(glances) {
                match glance {
                    Some((package, Ok(glance))) => {
                        definitions.add(&path, package, &glance);
                        seen.push((path, kind, in_crate, package, glance));
                    }
                    Some((_, Err(unread))) => self.unread.extend(unread),
                    None => {}
                }
            }
            definitions.settle(self.disk);
            seen.retain(|(.., glance)| glance.names || glance.modules || definitions.calls_one(glance));
            let read = |(path, kind, _, package, glance): &(Resolved, Kind, _, &Path, Arc<Glance>)| {
                references::read(self.disk, path, *kind, package, &definitions, glance)
            };
            let read: Vec<_> = seen.par_iter().map(read).collect();
            let mut included = Vec::new();
            for ((path, kind, in_crate, ..), named) in seen.into_iter().zip(read) {
                self.unread.extend(named.unread);
                for module in named.modules {
                    if !self.known.contains_key(module.as_os_str()) && !self.is_output(&module) {
                        let name = in_crate.and_then(|index| crates.get(index)).map_or("", Crate::name);
                        let reason = format!("module of crate `{name}`, by `#[path]`");
                        self.add(module.clone(), kind, in_crate, reason, None);
                        included.push((module, kind, in_crate));
                    }
                }
                for reference in named.found.references {
                    let Reference { what, by, line } = reference;
                    let origin = Origin { gives: embedded_in(kind), in_crate, by: &by, file: &path, line };
                    let found = self.refer(what, &origin);
                    included.extend(found.filter(|_| by == "include!").map(|file| (file, kind, in_crate)));
                }
                self.literals.extend(named.found.literals.into_iter().map(|named| (path.clone(), in_crate, named)));
            }
            files = included;
        }
    }

    /// Adds the files that literals in the arguments of unknown macros name, if they are not inputs already.
    pub(super) fn literals(&mut self) {
        for (file, in_crate, Reference { what, by, line, .. }) in std::mem::take(&mut self.literals) {
            let is_within = matches!(&what, What::File(places) if !places.iter().any(|place| self.is_beyond(&self.disk.resolve(place))));
            if is_within {
                self.refer(what, &Origin { gives: Kind::Embedded, in_crate, by: &by, file: &file, line });
            }
        }
    }

    /// Records what is named at `origin`. Returns the file if it is a new one to read.
    pub(super) fn refer(&mut self, what: What, origin: &Origin<'_>) -> Option<Resolved> {
        let place = format!("{}:{}", path::display(self.project, origin.file), origin.line);
        let reason = format!("{} in {place}", origin.by);
        match what {
            What::Variable(name) if self.may_be_set(&name, origin) => {}
            What::Variable(name) => self.variables.push(Variable { name, reason }),
            What::Unknown(text) => self.unknown(format!("{}({text}) in {place}", origin.by), origin),
            What::File(places) => return self.file(&places, origin, reason),
            What::Directory(directory) if origin.gives == Kind::Embedded => self.embedded(&directory, origin, &reason),
            What::Directory(directory) => self.directory(&directory, None, origin, &reason),
            What::Suffix(directory, suffix) => self.directory(&directory, Some(suffix), origin, &reason),
        }
        None
    }

    /// Records an argument that could not be determined: a path, or the name of a variable.
    fn unknown(&mut self, reason: String, origin: &Origin<'_>) {
        if NAME_VARIABLES.contains(&origin.by) {
            self.unresolved.push(reason);
        } else {
            self.undetermined.push(Undetermined { in_crate: origin.in_crate, reason, undeclared: false });
        }
    }

    /// Adds an embedded directory. Of a directory of sources, it adds only the other files. The directory of a crate is not added.
    fn embedded(&mut self, directory: &Path, origin: &Origin<'_>, reason: &str) {
        let real = self.disk.real_directory(directory);
        if self.crates.iter().any(|found| path::is_within(found.package().directory(), &real)) {
            self.unresolved.push(format!("{reason}: names the whole package"));
            return;
        }
        let is_tree = |tree: &Tree| path::is_within(&tree.directory, &real);
        let sources = self.files.iter().filter(|input| input.kind == Kind::Source);
        if !sources.filter_map(|input| input.tree.as_ref()).any(is_tree) {
            return self.directory(directory, None, origin, reason);
        }
        for file in self.files_in(&real).0.into_iter().filter(|file| !resolve::is_rust(file)) {
            self.add(file, origin.gives, origin.in_crate, reason.to_owned(), None);
        }
    }

    /// Adds the first of `places` that is a file, unless the build writes it. Returns it if it is new.
    fn file(&mut self, places: &[PathBuf], origin: &Origin<'_>, reason: String) -> Option<Resolved> {
        let found = places.iter().find(|place| self.disk.is_file(place));
        let Some(path) = found.map(|place| self.disk.resolve(place)) else {
            let places = places.iter().map(|place| self.disk.resolve(place)).collect();
            self.missing.push(Missing { places, inside: None, reason });
            return None;
        };
        if self.known.contains_key(path.as_os_str()) || self.is_output(&path) || self.is_written(&path) {
            return None;
        }
        self.add(path.clone(), origin.gives, origin.in_crate, reason, None);
        Some(path)
    }

    /// Leaves out what a build creates, what no key may cover and what the settings exclude, and reports what a submodule contains
    /// that is not checked out.
    pub(super) fn settle_missing(&mut self, pyproject: &Pyproject) {
        let mut seen = HashSet::new();
        for missing in std::mem::take(&mut self.missing) {
            let is_excluded = |place: &Resolved| pyproject.is_excluded(&path::display(self.project, place));
            let may_come = |place: &Resolved| self.is_output(place) || self.is_written(place) || is_excluded(place);
            if missing.places.iter().any(may_come) || !seen.insert(missing.reason.clone()) {
                continue;
            }
            if missing.places.iter().all(|place| self.is_beyond(place)) {
                self.unresolved.push(missing.describe());
            } else if let Some(place) = missing.places.iter().find(|place| self.disk.is_in_missing_submodule(place)) {
                self.unread.push(Unread::new(place, &resolve::MISSING_SUBMODULE));
            } else {
                self.missing.push(missing);
            }
        }
    }

    /// Whether the crate's build script may set the variable, because it sets variables with computed names. The `env!` only
    /// compiles if something sets the variable.
    fn may_be_set(&self, name: &str, origin: &Origin<'_>) -> bool {
        let mut names = self.computed_names.iter().filter(|(in_crate, _)| Some(*in_crate) == origin.in_crate);
        origin.by == "env!" && names.any(|(_, set)| set.may_be(name))
    }

    pub(super) fn is_output(&self, path: &Path) -> bool {
        self.outputs.iter().any(|output| path.starts_with(output))
    }
}
