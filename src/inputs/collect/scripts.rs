//! The inputs that build scripts declare and read, and the files that they write. The files of a script are analysed together
//! with those of the crates that it calls.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Collector, Origin};
use crate::crates::build_crate::Crate;
use crate::fs::disk::Memo;
use crate::fs::path;
use crate::inputs::build_script::{self, Helper, Named, Script};
use crate::inputs::macros::What;
use crate::inputs::{GitState, Input, Kind, Undetermined, Variable, Written};

/// A file of a helper crate is followed if it is smaller, in bytes, or contains one of these words.
const SMALL: usize = 4096;
const WORDS: [&str; 6] = ["cargo:", "fs::", "File::open", "rerun_if", "WalkDir", "glob("];

/// The build scripts that a run has analysed, by their crate and files. Many projects may share a crate.
#[derive(Debug, Default)]
pub(crate) struct Scripts(Memo<Arc<Script>>);

/// The build script of a crate.
pub(super) struct Analysed {
    in_crate: usize,
    files: Vec<AnalysedFile>,
    script: Arc<Script>,
}

struct AnalysedFile {
    path: PathBuf,
    /// Whether it belongs to a helper crate.
    is_helpers: bool,
}

impl Analysed {
    fn origin(&self, named: &Named) -> Origin<'_> {
        let file = self.files.get(named.file).map_or(Path::new(""), |file| &*file.path);
        let in_crate = Some(self.in_crate);
        Origin { gives: Kind::BuildScriptInput, in_crate, by: named.by, file, line: named.line }
    }
}

impl Collector<'_> {
    /// Analyses the build scripts, and adds the inputs that cargo watches for them. Returns the variables that they set, and the
    /// analyses.
    pub(super) fn scripts(&mut self) -> (HashSet<String>, Vec<Analysed>) {
        let crates = (0..self.crates.len()).into_par_iter();
        let scripts: Vec<Analysed> = crates.filter_map(|index| self.analysed(index)).collect();
        let mut sets = HashSet::new();
        // A file that one script writes is not an input of another.
        for analysed in &scripts {
            self.written(analysed);
            let package = self.crates[analysed.in_crate].package().directory();
            for (set, name) in analysed.script.sets.iter().filter_map(|set| Some((set, set.name()?))) {
                self.definitions.variables.set(package, name.to_owned(), set.value());
                sets.insert(name.to_owned());
            }
            let computed = analysed.script.sets.iter().filter(|set| set.name().is_none());
            self.computed_names.extend(computed.map(|set| (analysed.in_crate, set.clone())));
        }
        for analysed in &scripts {
            self.watched_by(analysed);
        }
        (sets, scripts)
    }

    fn analysed(&self, index: usize) -> Option<Analysed> {
        let found = &self.crates[index];
        let mut files = self.script_files(index, Kind::BuildScript, None);
        if files.is_empty() {
            return None;
        }
        // The local crates that the script calls, and those that they call.
        let mut helpers: Vec<usize> = Vec::new();
        let mut callers = vec![(found, true)];
        while let Some((caller, is_script)) = callers.pop() {
            let dependencies = caller.package().dependencies.iter().filter(|dependency| dependency.build == is_script);
            for dependency in dependencies {
                let is_it = |other: &Crate| dependency.manifest.as_ref() == Some(&other.package().manifest);
                let Some(helper) = self.crates.iter().position(is_it) else { continue };
                let words = [dependency.name.replace('-', "_"), self.crates[helper].name().replace('-', "_")];
                let is_named = files.iter().any(|file| words.iter().any(|word| file.text.contains(word.as_str())));
                if is_named && helper != index && !helpers.contains(&helper) && !self.crates[helper].is_proc_macro() {
                    helpers.push(helper);
                    let mut sources = self.script_files(helper, Kind::Source, Some(&self.crates[helper]));
                    // Some helper crates are whole libraries. Only the files that read or print matter.
                    sources.retain(|file| file.text.len() < SMALL || WORDS.iter().any(|word| file.text.contains(word)));
                    if is_script || sources.iter().any(|file| file.text.contains("cargo:")) {
                        callers.push((&self.crates[helper], false));
                        files.extend(sources);
                    }
                }
            }
        }
        let mut key = found.package().directory().as_os_str().to_owned();
        for file in &files {
            key.push("\n");
            key.push(&file.path);
        }
        let has_feature = |name: &str, feature: &str| {
            found.package().dependencies.iter().any(|dependency| dependency.has_feature(name, feature))
        };
        let analyse = || Arc::new(build_script::analyse(self.disk, &files, found.package().directory(), &has_feature));
        let script = self.known_scripts.0.get_or(Path::new(&key), analyse);
        let analysed = |file: build_script::File| AnalysedFile { path: file.path, is_helpers: file.helper.is_some() };
        Some(Analysed { in_crate: index, files: files.into_iter().map(analysed).collect(), script })
    }

    fn script_files(&self, index: usize, kind: Kind, helper: Option<&Crate>) -> Vec<build_script::File> {
        let files = self.files.iter().filter(|input| input.kind == kind && input.in_crate == Some(index));
        let read = |input: &Input| {
            let helper = helper.map(|found| Helper {
                name: found.name().to_owned(),
                directory: found.package().directory().to_owned(),
            });
            Some(build_script::File { path: input.path.to_path_buf(), text: self.disk.text(&input.path).ok()?, helper })
        };
        files.filter_map(read).collect()
    }

    fn place(&self, analysed: &Analysed, file: usize, line: usize) -> String {
        let file = analysed.files.get(file).map_or_else(String::new, |file| path::display(self.project, &file.path));
        format!("{file}:{line}")
    }

    /// For a place in a helper crate: whose build script calls it. Empty for a place in the script itself.
    fn caller(&self, analysed: &Analysed, named: &Named) -> String {
        let is_helpers = analysed.files.get(named.file).is_some_and(|file| file.is_helpers);
        let name = self.crates[analysed.in_crate].name();
        if is_helpers { format!(", called by the build script of crate `{name}`") } else { String::new() }
    }

    fn written(&mut self, analysed: &Analysed) {
        for output in &analysed.script.writes {
            let path = self.disk.resolve(output);
            if self.is_beyond(&path) || self.is_output(&path) {
                continue;
            }
            let is_watched = |named: &Named| match &named.what {
                What::File(places) => places.iter().any(|place| self.disk.resolve(place).starts_with(&path)),
                What::Directory(directory) => path.starts_with(self.disk.real_directory(directory)),
                _ => false,
            };
            let again = !analysed.script.declares || analysed.script.watched.iter().any(is_watched);
            self.written.push(Written { path, again });
        }
    }

    fn watched_by(&mut self, analysed: &Analysed) {
        let script = &analysed.script;
        self.unread.extend(script.unread.iter().cloned());
        // Commits have a key of their own.
        for named in script.watched.iter().filter(|named| !named.is_guess && !build_script::is_in_git(&named.what)) {
            let (known, caller) = (self.undetermined.len(), self.caller(analysed, named));
            self.refer(named.what.clone(), &analysed.origin(named));
            // A path in a helper may differ for each script that calls it.
            if let Some(undetermined) = self.undetermined.get_mut(known) {
                undetermined.reason += &caller;
            }
        }
        let package = self.crates[analysed.in_crate].package().directory();
        let shares_repository =
            self.disk.repository(package) == self.repository.as_deref() && self.repository.is_some();
        if let Some(used) = script.git.as_ref().filter(|_| shares_repository) {
            let (tags, tracked) = (used.tags, used.tracked);
            let reason = format!("{} in {}", used.by, self.place(analysed, used.file, used.line));
            self.git.push(GitState { in_crate: analysed.in_crate, tags, tracked, reason });
        }
        for named in &script.unnamed {
            if let What::Unknown(text) = &named.what {
                let place = self.place(analysed, named.file, named.line) + &self.caller(analysed, named);
                let reason = format!("{}: `{text}` in {place}", named.by);
                self.undetermined.push(Undetermined { in_crate: Some(analysed.in_crate), reason, undeclared: true });
            }
        }
    }

    /// Adds the files that cargo does not, or may not, watch, and those that are only named, if they are not inputs already.
    pub(super) fn unwatched(&mut self, scripts: &[Analysed]) {
        for analysed in scripts {
            let Script { watched, unwatched, lines_are_known, .. } = &*analysed.script;
            let unwatched = unwatched.iter().map(|named| (named, if *lines_are_known { Some(false) } else { None }));
            let guessed = watched.iter().filter(|named| named.is_guess).map(|named| (named, Some(true)));
            for (named, is_watched) in unwatched.chain(guessed) {
                let origin = analysed.origin(named);
                if let What::Variable(name) = &named.what {
                    self.blind_variable(name, &origin);
                } else if !named.is_guess || self.may_be_read(&named.what) {
                    self.refer_watched(named.what.clone(), &origin, is_watched);
                }
            }
        }
    }

    fn blind_variable(&mut self, name: &str, origin: &Origin<'_>) {
        let reason = format!("{} in {}:{}", origin.by, path::display(self.project, origin.file), origin.line);
        if !self.variables.iter().chain(&self.blind_variables).any(|known| known.name == name) {
            self.blind_variables.push(Variable { name: name.to_owned(), reason });
        }
    }

    /// Adds a file or directory that cargo watches (`Some(true)`), does not watch (`Some(false)`) or may watch (`None`).
    pub(super) fn refer_watched(&mut self, what: What, origin: &Origin<'_>, is_watched: Option<bool>) {
        self.is_watched = is_watched;
        self.refer(what, origin);
        self.is_watched = Some(true);
    }

    /// Whether something that a script only names may be an input. It must be in the repository, not ignored by git, and not
    /// written by the build. A directory must not be a Python package, and must not contain crates, sources or build outputs.
    fn may_be_read(&self, what: &What) -> bool {
        let (path, is_directory) = match what {
            What::File(places) => (places.first(), false),
            What::Directory(directory) | What::Suffix(directory, _) => (Some(directory), true),
            What::Variable(_) | What::Unknown(_) => return false,
        };
        let Some(path) = path else { return false };
        let path = if is_directory { self.disk.real_directory(path) } else { self.disk.resolve(path) };
        // Rules for directories only also apply to the files in them.
        let is_ignored = self.disk.is_ignored(&path) || is_directory && self.disk.is_ignored(&path.child("any"));
        if is_ignored || build_script::is_in_git(what) || self.is_beyond(&path) || self.is_output(&path) {
            return false;
        }
        let holds = |other: &Path| path::is_within(other, &path);
        let holds_sources = || {
            let trees = self.files.iter().filter(|input| input.kind == Kind::Source);
            trees.filter_map(|input| input.tree.as_ref()).any(|tree| holds(&tree.directory))
        };
        let is_python = || self.disk.is_file(&path.join("__init__.py"));
        !is_directory
            || !(holds(self.project)
                || self.crates.iter().any(|found| holds(found.package().directory()) || holds(&found.workspace.root))
                || self.outputs.iter().any(|output| holds(output))
                || self.layout.extensions.iter().any(|(place, _)| holds(place))
                || holds_sources()
                || is_python())
    }

    pub(super) fn is_written(&self, path: &Path) -> bool {
        self.written.iter().any(|written| path.starts_with(&written.path))
    }
}
