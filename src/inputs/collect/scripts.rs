//! What build scripts declare and read: each crate's files are judged together.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Collector, Origin};
use crate::crates::build_crate::Crate;
use crate::fs::path;
use crate::inputs::build_script::{self, Named, Script};
use crate::inputs::macros::What;
use crate::inputs::{GitState, Kind, Unnamed, Variable};

/// What build scripts read and cargo does not watch; taken over last, since rustc may watch it.
pub(super) struct Blind {
    in_crate: usize,
    files: Vec<PathBuf>,
    named: Vec<Named>,
}

impl Collector<'_> {
    /// Adds what build scripts declare and read. Returns the variables that they set, and what cargo does not watch.
    pub(super) fn scripts(&mut self) -> (HashSet<String>, Vec<Blind>) {
        let (mut sets, mut blind) = (HashSet::new(), Vec::new());
        for (index, found) in self.crates.iter().enumerate() {
            let scripts =
                self.files.iter().filter(|input| input.kind == Kind::BuildScript && input.in_crate == Some(index));
            let read =
                |path: &Path| Some(build_script::File { path: path.to_owned(), text: self.disk.text(path).ok()? });
            let files: Vec<build_script::File> = scripts.filter_map(|input| read(&input.path)).collect();
            if files.is_empty() {
                continue;
            }
            let script = build_script::analyse(&files, found.package().directory(), &|name, feature| {
                found.package().dependencies.iter().any(|dependency| dependency.has_feature(name, feature))
            });
            let files: Vec<PathBuf> = files.into_iter().map(|file| file.path).collect();
            sets.extend(script.sets.iter().cloned());
            let named = self.script(index, found, &files, script);
            blind.push(Blind { in_crate: index, files, named });
        }
        (sets, blind)
    }

    fn script(&mut self, index: usize, found: &Crate, files: &[PathBuf], script: Script) -> Vec<Named> {
        self.unread.extend(script.unread);
        for named in script.watched {
            // A commit is watched by a key of its own.
            if !build_script::is_in_git(&named.what) {
                self.refer(named.what, &origin(files, index, named.by, named.file, named.line));
            }
        }
        let place = |file: usize, line: usize| {
            format!("{}:{line}", files.get(file).map_or_else(String::new, |file| path::display(self.project, file)))
        };
        let package = found.package().directory();
        let shares_repository =
            self.disk.repository(package) == self.repository.as_deref() && self.repository.is_some();
        if let Some(used) = script.git.filter(|_| shares_repository) {
            let (commit, tags, tracked) = (used.commit, used.tags, used.tracked);
            let reason = format!("{} in {}", used.by, place(used.file, used.line));
            self.git.push(GitState { in_crate: index, commit, tags, tracked, reason });
        }
        let unnamed = script.unnamed.iter().filter_map(|named| match &named.what {
            What::Unknown(text) => Some(Unnamed {
                in_crate: index,
                reason: format!("{}: `{text}` in {}", named.by, place(named.file, named.line)),
            }),
            _ => None,
        });
        self.unnamed.extend(unnamed);
        script.blind
    }

    /// Adds what cargo does not watch, where nothing else makes it an input.
    pub(super) fn blind(&mut self, blind: Vec<Blind>) {
        for Blind { in_crate, files, named } in blind {
            for named in named {
                let origin = origin(&files, in_crate, named.by, named.file, named.line);
                if let What::Variable(name) = named.what {
                    let reason = format!("{} in {}:{}", named.by, path::display(self.project, origin.file), named.line);
                    let is_known = self.variables.iter().chain(&self.blind_variables).any(|known| known.name == name);
                    if !is_known {
                        self.blind_variables.push(Variable { name, reason });
                    }
                    continue;
                }
                self.unwatched(named.what, &origin);
            }
        }
    }

    /// Adds a file or directory that cargo does not watch.
    pub(super) fn unwatched(&mut self, what: What, origin: &Origin<'_>) {
        self.is_unwatched = true;
        self.refer(what, origin);
        self.is_unwatched = false;
    }
}

fn origin<'f>(files: &'f [PathBuf], in_crate: usize, by: &'static str, file: usize, line: usize) -> Origin<'f> {
    let file = files.get(file).map_or(Path::new(""), PathBuf::as_path);
    Origin { gives: Kind::BuildScriptInput, in_crate: Some(in_crate), by, file, line }
}
