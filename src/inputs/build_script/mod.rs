//! What a build script tells cargo, what it can be seen to read, and what cargo then does not watch.
//!
//! cargo book, "Build Scripts: Change Detection": without a `rerun-if` line cargo watches the whole package; with one, only
//! what the lines name. Either way a variable counts only where a line names it. All files of a script are judged together.

mod context;
mod format;
mod git;
mod methods;
mod readers;
#[cfg(test)]
mod tests;
mod value;
mod walk;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;

pub(super) use git::GitUse;

use super::macros::What;
use super::sources::tokens;
use super::unread::Unread;
use crate::fs::path;
use context::Value;
use format::known;
use readers::{BUILDERS, Reads, Tells};
use walk::{Act, At};

/// A file of a build script.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Something that a build script names, and where: the file (index) and the line, from 1.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) what: What,
    pub(super) by: &'static str,
    pub(super) file: usize,
    pub(super) line: usize,
}

/// What is known of a build script.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// What cargo watches for it.
    pub(super) watched: Vec<Named>,
    /// What it reads and cargo does not watch.
    pub(super) blind: Vec<Named>,
    /// What it reads, and neither a line names nor the source tells. None where it prints lines.
    pub(super) unnamed: Vec<Named>,
    /// The variables that it sets for the compiler (`cargo::rustc-env=`).
    pub(super) sets: Vec<String>,
    pub(super) git: Option<GitUse>,
    /// The files that could not be followed.
    pub(super) unread: Vec<Unread>,
}

/// Analyses the build script of the package in `package`. `features` answers whether a build dependency has a feature.
pub(super) fn analyse(files: &[File], package: &Path, features: &dyn Fn(&str, &str) -> bool) -> Script {
    let (common, streams, unread) = learn(files, package);
    let mut draft = Draft { package, acts: Vec::new(), script: Script { unread, ..Script::default() } };
    for (file, stream) in streams.into_iter().enumerate() {
        draft.acts.extend(common.acts(stream).into_iter().map(|act| (file, act)));
    }
    draft.judge();
    draft.script.git = git::find(&draft.acts, &common.words, features, &draft.script);
    draft.script
}

/// The files that the code in `files` opens when it runs for `package`, each with the file (index) and line that opens it.
pub(super) fn opened(files: &[File], package: &Path) -> Vec<(PathBuf, usize, usize)> {
    let (common, streams, _) = learn(files, package);
    let mut opened = Vec::new();
    for (file, stream) in streams.into_iter().enumerate() {
        for At { act, line } in common.acts(stream) {
            if let Act::Reads { value, reads: Reads::File, .. } = act {
                let paths = known(&value).0.into_iter().map(|text| package.join(text)).filter(|path| path.is_file());
                opened.extend(paths.map(|path| (path, file, line)));
            }
        }
    }
    opened
}

/// The tokens of all files, and what they say together.
fn learn<'a>(files: &[File], package: &'a Path) -> (walk::Script<'a>, Vec<TokenStream>, Vec<Unread>) {
    let mut unread = Vec::new();
    let tokens = |file: &File| tokens::parse(&file.text).map_err(|unfit| unread.push(Unread::new(&file.path, &unfit)));
    let streams: Vec<TokenStream> = files.iter().map(tokens).map(Result::unwrap_or_default).collect();
    let mut common = walk::Script { package, globals: context::Scope::new(), words: HashSet::new() };
    streams.iter().cloned().for_each(|stream| common.learn(stream));
    (common, streams, unread)
}

struct Draft<'a> {
    package: &'a Path,
    acts: Vec<(usize, At)>,
    script: Script,
}

impl Draft<'_> {
    fn judge(&mut self) {
        let acts = std::mem::take(&mut self.acts);
        let (mut declares, mut all_known) = (false, true);
        for (file, At { act, line }) in &acts {
            let place = (*file, *line);
            match act {
                Act::Prints { key, value, source } => match key.as_str() {
                    "rerun-if-changed" => {
                        declares = true;
                        all_known &= self.watch_paths(value, source, place);
                    }
                    "rerun-if-env-changed" => {
                        declares = true;
                        all_known &= self.watch_variables(value, source, place);
                    }
                    "rustc-env" => self.script.sets.extend(known(value).0.into_iter().map(str::to_owned)),
                    _ => {}
                },
                Act::Reads { value, reads, tells, .. } if *tells != Tells::Nothing => {
                    declares = true;
                    if *tells == Tells::Paths {
                        self.read(value, *reads, "declared by the crate that reads it", place, true);
                    }
                }
                _ => {}
            }
        }
        for (file, At { act, line }) in &acts {
            self.judge_reading(act, (*file, *line), declares, all_known);
        }
        self.acts = acts;
    }

    fn judge_reading(&mut self, act: &Act, place: (usize, usize), declares: bool, all_known: bool) {
        let unnamed = |text: String, by| Named { what: What::Unknown(text), by, file: place.0, line: place.1 };
        match act {
            Act::Reads { tells: Tells::Paths, .. } => {}
            Act::Reads { value, source, reads, .. } => {
                if !declares || all_known {
                    self.read(value, *reads, "read by the build script", place, !declares);
                }
                if !declares && known(value).1 {
                    self.script.unnamed.push(unnamed(source.clone(), "a computed path is read"));
                }
            }
            Act::Runs { program } if !declares && BUILDERS.contains(&program.as_str()) => {
                self.script.unnamed.push(unnamed(program.clone(), "a program is run that reads files"));
            }
            Act::Mentions { text } if !declares && looks_like_a_file(text, self.package) => {
                self.name(What::File(vec![self.package.join(text)]), "read by the build script", place);
            }
            Act::ReadsVariable { name } if all_known && !is_cargos_own(name) && !is_of_the_machine(name) => {
                let is_watched = |named: &Named| named.what == What::Variable(name.clone());
                if !self.script.watched.iter().any(is_watched) {
                    let what = What::Variable(name.clone());
                    let by = "read by the build script";
                    self.script.blind.push(Named { what, by, file: place.0, line: place.1 });
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, what: What, by: &'static str, (file, line): (usize, usize)) {
        self.script.watched.push(Named { what, by, file, line });
    }

    /// The paths of a `rerun-if-changed` line; false where one of them is computed.
    fn watch_paths(&mut self, value: &Value, source: &str, place: (usize, usize)) -> bool {
        let (texts, has_others) = known(value);
        for text in texts {
            let path = self.package.join(text.trim());
            let what = if path.is_dir() { What::Directory(path) } else { What::File(vec![path]) };
            self.name(what, "rerun-if-changed", place);
        }
        if has_others {
            self.name(What::Unknown(source.to_owned()), "rerun-if-changed", place);
        }
        !has_others
    }

    fn watch_variables(&mut self, value: &Value, source: &str, place: (usize, usize)) -> bool {
        let (names, has_others) = known(value);
        for name in names.into_iter().filter(|name| !is_cargos_own(name)) {
            self.name(What::Variable(name.to_owned()), "rerun-if-env-changed", place);
        }
        if has_others {
            self.name(What::Unknown(source.to_owned()), "rerun-if-env-changed", place);
        }
        !has_others
    }

    /// What a call reads. Where cargo watches the package, that is all below it; a line must name the rest.
    fn read(&mut self, value: &Value, reads: Reads, by: &'static str, place: (usize, usize), is_watched: bool) {
        for text in known(value).0 {
            let path = path::normalize(&self.package.join(text));
            let is_around = self.package.starts_with(&path);
            let what = match reads {
                Reads::File if path.is_file() => What::File(vec![path.clone()]),
                // The listing of the package itself: to find something in it, not to read it all.
                Reads::Directory if is_around => continue,
                Reads::Directory if path.is_dir() => What::Directory(path.clone()),
                Reads::Suffix(suffix) if path.is_dir() => What::Suffix(path.clone(), suffix),
                _ => continue,
            };
            let declared = self.script.watched.iter().any(|named| is_for(named, &path));
            let is_watched = is_watched && (path.starts_with(self.package) || by != "read by the build script");
            let named = Named { what, by, file: place.0, line: place.1 };
            match (is_watched, declared) {
                (true, _) => self.script.watched.push(named),
                (false, true) => {}
                (false, false) => self.script.blind.push(named),
            }
        }
    }
}

/// Whether a path in `.git` is named.
pub(super) fn is_in_git(what: &What) -> bool {
    match what {
        What::File(places) => places.iter().any(|place| git::is_in_git(place)),
        What::Directory(directory) => git::is_in_git(directory),
        _ => false,
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

/// A literal that names a regular file of the package. Rust and manifests are inputs anyhow.
fn looks_like_a_file(text: &str, package: &Path) -> bool {
    let is_path =
        text.contains('.') && !text.starts_with('.') && !text.contains(['{', '*', '\n', ' ']) && text.len() < 200;
    let path = package.join(text);
    is_path
        && path.starts_with(package)
        && path.is_file()
        && !text.ends_with("Cargo.toml")
        && !text.ends_with("Cargo.lock")
}

/// Variables that cargo sets for a build script, or that change cargo's own fingerprint (cargo book, "Environment variables
/// Cargo sets for build scripts").
pub(super) fn is_cargos_own(name: &str) -> bool {
    const OWN: &[&str] = &[
        "OUT_DIR",
        "TARGET",
        "HOST",
        "NUM_JOBS",
        "OPT_LEVEL",
        "DEBUG",
        "PROFILE",
        "RUSTC",
        "RUSTDOC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_LINKER",
        "RUSTFLAGS",
        "CARGO",
    ];
    OWN.contains(&name) || name.starts_with("CARGO_") || name.starts_with("DEP_")
}

/// Variables that tell where something runs, not what is built.
pub(super) fn is_of_the_machine(name: &str) -> bool {
    const MACHINE: &[&str] = &[
        "CI",
        "CONDA_PREFIX",
        "DOCS_RS",
        "HOME",
        "NO_COLOR",
        "PATH",
        "PWD",
        "RUST_BACKTRACE",
        "RUST_LOG",
        "SHELL",
        "TEMP",
        "TERM",
        "TMP",
        "TMPDIR",
        "USER",
        "USERPROFILE",
        "VERBOSE",
        "VIRTUAL_ENV",
    ];
    MACHINE.contains(&name) || name.starts_with("GITHUB_") || name.starts_with("LD_")
}
