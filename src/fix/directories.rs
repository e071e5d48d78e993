//! The directories of the wanted inputs as a tree, with what a glob that starts in one of them would cover besides.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::planned_key::spell;
use crate::cache_keys::{System, nests, split};
use crate::fs::{Resolved, path, resolve};
use crate::inputs::{Input, InputId};
use crate::project::Project;

/// How a user names a file of each crate below the project.
pub(super) const STAR: &str = "*/";
/// What a key costs. All costs are whole numbers: the same list on every machine.
pub(super) const KEY: usize = 1000;
/// What a covered file costs that is not an input: a build once too often when it changes.
const FOREIGN: usize = 10;
/// The same for what is neither Rust nor TOML: a README changes daily.
const FOREIGN_TEXT: usize = 50;
/// The same for tests, benches and examples of the crates that are built: they change together with the rest.
const COMPANION: usize = 2;
/// What a covered file costs that a build script writes.
const WRITTEN: usize = 5 * KEY;
/// How much more all of these cost where pyo3 is compiled again at each build (CK302).
const COSTLY: usize = 10;

/// A glob of the user that keys may be added to, as one more suffix.
#[derive(Debug, Clone)]
pub(super) struct Own {
    /// The entry of the list.
    pub(super) index: usize,
    pub(super) base: String,
    /// `*.rs` is `rs`.
    pub(super) suffixes: BTreeSet<String>,
}

impl Own {
    /// A new file of each suffix in the directory of its base.
    pub(super) fn files_to_come<'a>(&'a self, project: &Project) -> impl Iterator<Item = Resolved> + 'a {
        let base = project.real_directory(&self.base);
        self.suffixes.iter().map(move |suffix| base.child(format!("file_to_come.{suffix}")))
    }
}

/// Where the keys stand that are written: what the list holds already, and in which style it is to go on.
#[derive(Debug, Default)]
pub(super) struct Company {
    /// The bases of globs that stay: no other glob may start above or below them.
    pub(super) bases: BTreeSet<String>,
    /// Whether one of them names a file of each crate by a star: `*/src/**/*.rs`. Then others may.
    pub(super) has_star: bool,
    /// Those of them that may get one more suffix.
    pub(super) own: Vec<Own>,
    /// Those whose suffixes a glob above takes.
    pub(super) absorbed: Vec<Own>,
}

impl Company {
    /// The globs of the list but those that go. One at the project's root is none of them, but where it matters: on Windows.
    pub(super) fn of(project: &Project, goes: &dyn Fn(usize) -> bool) -> Self {
        let mut company = Self::default();
        let entries = project.pyproject.entries().iter().enumerate();
        for (index, entry) in entries.filter(|(index, entry)| entry.key.is_glob() && !goes(*index)) {
            let text = entry.key.text();
            let base = split(&text).0.into_owned();
            company.has_star |= text.starts_with(STAR);
            if let Some((base, suffixes)) = canonical(&text) {
                company.own.push(Own { index, base: base.to_owned(), suffixes });
            }
            if !base.is_empty() || System::HERE == System::Windows {
                company.bases.insert(base);
            }
        }
        company
    }
}

/// A directory in which inputs lie, or around such a one.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    /// As a key spells it; `None` where no glob may start here.
    pub(super) base: Option<String>,
    pub(super) own: Option<Own>,
    /// Something is built below, where only a glob of the user may lead.
    pub(super) is_built_in: bool,
    /// The suffixes of the globs below it that a glob here takes over.
    pub(super) absorbed: BTreeSet<String>,
    /// The wanted inputs in it.
    pub(super) files: Vec<InputId>,
    /// The suffixes of which every file below is an input, today and tomorrow.
    pub(super) trees: BTreeSet<String>,
    /// Every file below is an input, today and tomorrow.
    pub(super) is_whole: bool,
    pub(super) below: BTreeMap<PathBuf, Directory>,
    /// What the files below that are not inputs cost, by suffix.
    pub(super) foreign: BTreeMap<String, usize>,
    /// Of these the manifests.
    pub(super) foreign_manifests: usize,
    /// A package.json lies below, and so will `node_modules`.
    has_packages: bool,
}

/// The suffix of a path, or nothing.
pub(super) fn suffix(path: &Path) -> &str {
    path.extension().and_then(OsStr::to_str).unwrap_or_default()
}

impl Directory {
    /// The directories of `inputs`; the root is the project and everything around it, where no glob may start.
    pub(super) fn of(project: &Project, inputs: &[InputId], company: &Company) -> Self {
        let mut root = Self::default();
        for id in inputs {
            let parent = path::parent(&project.inputs.get(*id).path);
            root.at(project, parent, company).files.push(*id);
        }
        root.weigh(project);
        for id in inputs {
            root.plant(project, project.inputs.get(*id));
        }
        root
    }

    /// The directory at a path; it and those around it are made.
    fn at(&mut self, project: &Project, path: &Path, company: &Company) -> &mut Self {
        let within = |above: &&Path| !path::is_within(&project.pyproject.dir, above);
        let above: Vec<&Path> = path.ancestors().take_while(within).collect();
        above.into_iter().rev().fold(self, |around, path| {
            around.below.entry(path.to_owned()).or_insert_with(|| Self::new(project, path, company))
        })
    }

    fn new(project: &Project, path: &Path, company: &Company) -> Self {
        let base = spell(project, path);
        let is_apart = |base: &String| !company.bases.iter().any(|other| nests(other, base) || nests(base, other));
        // On Windows a glob below another matches nothing, and no suffix makes it.
        let is_alive =
            |base: &&String| System::HERE == System::Unix || !company.bases.iter().any(|other| nests(other, base));
        let own =
            base.as_ref().filter(is_alive).and_then(|base| company.own.iter().find(|own| own.base == *base)).cloned();
        let is_below = |own: &&Own| base.as_ref().is_some_and(|base| own.base == *base || nests(base, &own.base));
        let absorbed = company.absorbed.iter().filter(is_below).flat_map(|own| own.suffixes.clone()).collect();
        let may_start = base.as_ref().is_some_and(|base| may_start(project, path, base));
        let base = base.filter(|_| may_start).filter(is_apart);
        Self { path: path.to_owned(), base, is_built_in: !may_start, own, absorbed, ..Self::default() }
    }

    /// Notes that the tree of an input starts where a glob may: at its own directory, or as high below it as can be.
    fn plant(&mut self, project: &Project, input: &Input) {
        let suffix = suffix(&input.path);
        let Some(tree) = input.tree.as_ref().filter(|tree| tree.whole || is_plain(suffix)) else { return };
        let mut at = self;
        let mut is_own = false;
        let above: Vec<&Path> = input.path.ancestors().skip(1).collect();
        for path in above.into_iter().rev().filter(|path| !path::is_within(&project.pyproject.dir, path)) {
            let Some(below) = at.below.get_mut(path) else { return };
            at = below;
            is_own |= at.own.is_some();
            if path::is_within(path, &tree.directory) && (is_own || at.base.is_some()) {
                if tree.whole {
                    at.is_whole = true;
                } else {
                    at.trees.insert(suffix.to_owned());
                }
                return;
            }
        }
    }

    /// Counts what is not an input, and takes the bases from directories in which something is built.
    fn weigh(&mut self, project: &Project) {
        let inputs: HashSet<&OsStr> = project.inputs.files.iter().map(|input| input.path.as_os_str()).collect();
        let factor = if project.compiles_pyo3_again() { COSTLY } else { 1 };
        // Of a directory that a build script fills, one file of each suffix counts: a list of the tree around it would be worse.
        let mut places: HashSet<(usize, String)> = HashSet::new();
        let mut place = |file: &Path| {
            let place = project.outputs.written.iter().position(|written| path::is_within(file, written))?;
            Some(if places.insert((place, suffix(file).to_owned())) { WRITTEN } else { 0 })
        };
        let cost = |file: &Path| match suffix(file) {
            _ if inputs.contains(file.as_os_str()) => 0,
            _ if project.written_by(file).is_some() => WRITTEN,
            _ if is_companion(project, file) => COMPANION * factor,
            "rs" | "toml" => FOREIGN * factor,
            _ => FOREIGN_TEXT * factor,
        };
        for top in self.below.values_mut() {
            let enters = |inside: &Path| !project.outputs.deep.iter().any(|deep| **deep == *inside);
            let mut files = Vec::new();
            project.visit_below(&top.path, enters, |around, name| files.push(path::join(around, name)));
            for file in files {
                top.add(&file, place(&file).unwrap_or_else(|| cost(&file)));
            }
            top.close();
        }
    }

    fn add(&mut self, file: &Path, cost: usize) {
        if cost > 0 {
            *self.foreign.entry(suffix(file).to_owned()).or_default() += cost;
            self.foreign_manifests += if file.ends_with("Cargo.toml") { cost } else { 0 };
        }
        self.has_packages |= file.ends_with("package.json");
        let first = path::strip(file, &self.path).and_then(|below| below.components().next());
        if let Some(below) = first.and_then(|first| self.below.get_mut(&path::join(&self.path, first))) {
            below.add(file, cost);
        }
    }

    /// Takes the base away where packages are installed below.
    fn close(&mut self) {
        if self.has_packages {
            self.base = None;
        }
        self.below.values_mut().for_each(Self::close);
    }
}

/// Whether a glob may have this base: it is neither the project nor around it, and nothing that the build writes lies below it.
fn may_start(project: &Project, directory: &Path, base: &str) -> bool {
    let outputs = &project.outputs;
    let is_around = |other: &Path| path::is_within(other, directory);
    !project.inputs.crates.iter().any(|found| is_around(&found.workspace.root))
        && !outputs.directories.iter().any(|output| is_around(output) || path::is_within(directory, output))
        && !outputs.deep.iter().any(|deep| is_around(deep))
        && base.split('/').any(|part| part != "..")
}

fn is_companion(project: &Project, file: &Path) -> bool {
    let names = ["tests", "benches", "examples"];
    project.inputs.crates.iter().any(|found| {
        let below = path::strip(file, found.package().directory());
        let first = below.and_then(|below| below.components().next()).map(Component::as_os_str);
        first.is_some_and(|first| names.iter().any(|name| first == *name))
    })
}

/// Whether a suffix can be written in a glob.
pub(super) fn is_plain(suffix: &str) -> bool {
    !suffix.is_empty() && !suffix.contains(['*', '?', '[', ']', '{', '}', ',', '\\', '!'])
}

/// Rust sources and manifests, which may be part of any glob over crates.
pub(super) fn is_cargos(file: &Path) -> bool {
    resolve::is_rust(file) || file.ends_with("Cargo.toml")
}

/// The base and the suffixes of a glob in the canonical form `base/**/*.ext` or `base/**/*.{a,b}`.
fn canonical(glob: &str) -> Option<(&str, BTreeSet<String>)> {
    let (base, suffixes) = glob.split_once("/**/*.")?;
    let suffixes = suffixes.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(suffixes);
    let suffixes: BTreeSet<String> = suffixes.split(',').map(str::to_owned).collect();
    let is_literal = !base.contains(['*', '?', '[', ']', '{', '}', '\\']) && !base.starts_with('!');
    (is_literal && suffixes.iter().all(|suffix| is_plain(suffix))).then_some((base, suffixes))
}
