//! The directories of the wanted inputs as a tree, with the cost of the other files that a glob over each directory would cover.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::planned_key::spell;
use crate::cache_keys::{System, nests, split};
use crate::fs::{Resolved, path, resolve};
use crate::inputs::{InputId, Tree};
use crate::project::Project;

/// The start of a glob that names a file of each crate below the project.
pub(super) const STAR: &str = "*/";
/// The number of files of one suffix in one directory from which on a glob may cover them.
pub(super) const MANY: usize = 3;
/// The cost of a key. All costs are whole numbers, so that every machine computes the same list.
pub(super) const KEY: usize = 1000;
/// The cost of a covered file that is not an input: each change of it triggers an unnecessary build.
const FOREIGN: usize = 10;
/// The same for a file that is neither Rust nor TOML, such as a README, which changes more often.
const FOREIGN_TEXT: usize = 50;
/// The same for tests, benches and examples of the crates that are built, which mostly change together with the sources.
const COMPANION: usize = 2;
/// The cost of a covered file that a build script writes.
const WRITTEN: usize = 5 * KEY;
/// The factor by which all of these cost more if each build compiles pyo3 again (CK302).
const COSTLY: usize = 10;

/// A glob of the user that may get further suffixes.
#[derive(Debug, Clone)]
pub(super) struct Own {
    /// The index of the entry in the list.
    pub(super) index: usize,
    pub(super) base: String,
    /// The suffixes without the dot: `rs` for `*.rs`.
    pub(super) suffixes: BTreeSet<String>,
}

impl Own {
    /// A path for a new file of each suffix, in the base directory of the glob.
    pub(super) fn files_to_come<'a>(&'a self, project: &Project) -> impl Iterator<Item = Resolved> + 'a {
        let base = project.real_directory(&self.base);
        self.suffixes.iter().map(move |suffix| base.child(format!("file_to_come.{suffix}")))
    }
}

/// The globs that are already in the list, which restrict the new keys.
#[derive(Debug, Default)]
pub(super) struct Company {
    /// The bases of globs that stay. No other glob may start above or below them.
    pub(super) bases: BTreeSet<String>,
    /// Whether one of the globs names a file of each crate with a star, as `*/src/**/*.rs`. If so, new keys may do the same.
    pub(super) has_star: bool,
    /// The globs that may get further suffixes.
    pub(super) own: Vec<Own>,
    /// The globs whose suffixes a glob above them takes over.
    pub(super) absorbed: Vec<Own>,
}

impl Company {
    /// Collects the globs of the list, except for those that are removed. A glob at the project's root restricts the others only
    /// on Windows.
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

/// A directory that contains inputs, directly or below.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    /// The directory as a key spells it; `None` if no glob may start here.
    pub(super) base: Option<String>,
    pub(super) own: Option<Own>,
    /// Whether something is built below, so that only a glob of the user may start here.
    pub(super) is_built_in: bool,
    /// The suffixes that a glob here takes over from globs below it.
    pub(super) absorbed: BTreeSet<String>,
    /// The wanted inputs in this directory itself.
    pub(super) files: Vec<InputId>,
    /// The suffixes of which every file below is an input, including new files.
    pub(super) trees: BTreeSet<String>,
    /// Whether every file below is an input, including new files.
    pub(super) is_whole: bool,
    /// By path. The text is compared, which is much faster than comparing components.
    pub(super) below: BTreeMap<OsString, Directory>,
    /// The cost of the files below that are not inputs, by suffix.
    pub(super) foreign: BTreeMap<String, usize>,
    /// The part of this cost that is caused by manifests.
    pub(super) foreign_manifests: usize,
    /// Whether a package.json lies below, so that `node_modules` may appear.
    has_packages: bool,
}

/// The suffix of a path without the dot; empty if it has none.
pub(super) fn suffix(path: &Path) -> &str {
    path.extension().and_then(OsStr::to_str).unwrap_or_default()
}

impl Directory {
    /// Builds the tree for `inputs`. Its root stands for the project directory and all directories around it, in which no glob
    /// may start.
    pub(super) fn of(project: &Project, inputs: &[InputId], company: &Company) -> Self {
        let mut root = Self::default();
        let mut files: BTreeMap<&OsStr, Vec<InputId>> = BTreeMap::new();
        for id in inputs {
            files.entry(path::parent(&project.inputs.get(*id).path).as_os_str()).or_default().push(*id);
        }
        for (directory, files) in &files {
            root.at(project, Path::new(directory), company).files.extend(files);
        }
        root.weigh(project);
        for (directory, files) in &files {
            let trees = files.iter().filter_map(|id| {
                let input = project.inputs.get(*id);
                Some((input.tree.as_ref()?, suffix(&input.path)))
            });
            for (tree, suffix) in trees.collect::<HashSet<_>>() {
                root.plant(project, Path::new(directory), tree, suffix);
            }
        }
        root
    }

    /// The directory at a path. It and its parents are created if they are missing.
    fn at(&mut self, project: &Project, path: &Path, company: &Company) -> &mut Self {
        let within = |above: &&Path| !path::is_within(&project.pyproject.dir, above);
        let above: Vec<&Path> = path.ancestors().take_while(within).collect();
        above.into_iter().rev().fold(self, |around, path| {
            around.below.entry(path.into()).or_insert_with(|| Self::new(project, path, company))
        })
    }

    fn new(project: &Project, path: &Path, company: &Company) -> Self {
        let base = spell(project, path);
        let is_apart = |base: &String| !company.bases.iter().any(|other| nests(other, base) || nests(base, other));
        // On Windows, a glob below another matches nothing, so a further suffix would not help.
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

    /// Notes that every file of a tree is an input, as seen from a directory of it. The note is on the topmost directory of the
    /// tree in which a glob may start.
    fn plant(&mut self, project: &Project, directory: &Path, tree: &Tree, suffix: &str) {
        if !tree.whole && !is_plain(suffix) {
            return;
        }
        let mut at = self;
        let mut is_own = false;
        let above: Vec<&Path> = directory.ancestors().collect();
        for path in above.into_iter().rev().filter(|path| !path::is_within(&project.pyproject.dir, path)) {
            let Some(below) = at.below.get_mut(path.as_os_str()) else { return };
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

    /// Adds up the cost of files that are not inputs, and removes the bases of directories into which packages are installed.
    fn weigh(&mut self, project: &Project) {
        let inputs: HashSet<&OsStr> = project.inputs.files.iter().map(|input| input.path.as_os_str()).collect();
        let factor = if project.compiles_pyo3_again() { COSTLY } else { 1 };
        // In a directory that a build script fills, only one file of each suffix counts. Otherwise the cost would be so high that
        // the files of the tree would be listed one by one.
        let mut places: HashSet<(usize, String)> = HashSet::new();
        let mut place = |file: &Path| {
            let place = project.outputs.written.iter().position(|written| path::is_within(file, written))?;
            Some(if places.insert((place, suffix(file).to_owned())) { WRITTEN } else { 0 })
        };
        let companions = companions(project);
        let is_companion = |file: &Path| companions.iter().any(|directory| path::is_within(file, directory));
        let cost = |file: &Path| match suffix(file) {
            _ if inputs.contains(file.as_os_str()) => 0,
            _ if project.written_by(file).is_some() => WRITTEN,
            _ if is_companion(file) => COMPANION * factor,
            "rs" | "toml" => FOREIGN * factor,
            _ => FOREIGN_TEXT * factor,
        };
        for top in self.below.values_mut() {
            let directory = top.path.clone();
            // The text is compared, not the components: this runs for each directory.
            let enters =
                |inside: &Path| !project.outputs.deep.iter().any(|deep| deep.as_os_str() == inside.as_os_str());
            project.visit_below(&directory, enters, |around, name| {
                let file = path::join(around, name);
                let cost = place(&file).unwrap_or_else(|| cost(&file));
                if cost > 0 || name == "package.json" {
                    top.add(around, name, cost);
                }
            });
            top.close();
        }
    }

    /// Adds a file, by its directory and its name.
    fn add(&mut self, around: &Path, name: &OsStr, cost: usize) {
        if cost > 0 {
            *self.foreign.entry(suffix(Path::new(name)).to_owned()).or_default() += cost;
            self.foreign_manifests += if name == "Cargo.toml" { cost } else { 0 };
        }
        self.has_packages |= name == "package.json";
        let first = path::strip(around, &self.path).and_then(|below| below.components().next());
        if let Some(below) = first.and_then(|first| self.below.get_mut(path::join(&self.path, first).as_os_str())) {
            below.add(around, name, cost);
        }
    }

    /// Removes the base if packages may be installed below.
    fn close(&mut self) {
        if self.has_packages {
            self.base = None;
        }
        self.below.values_mut().for_each(Self::close);
    }
}

/// Whether a glob may start in this directory: it does not contain the project, and the build writes nothing in or below it.
fn may_start(project: &Project, directory: &Path, base: &str) -> bool {
    let outputs = &project.outputs;
    let is_around = |other: &Path| path::is_within(other, directory);
    !project.inputs.crates.iter().any(|found| is_around(&found.workspace.root))
        && !outputs.directories.iter().any(|output| is_around(output) || path::is_within(directory, output))
        && !outputs.deep.iter().any(|deep| is_around(deep))
        && base.split('/').any(|part| part != "..")
}

/// The directories of tests, benches and examples of the crates that are built.
fn companions(project: &Project) -> Vec<PathBuf> {
    let directories = project.inputs.crates.iter().map(|found| found.package().directory());
    directories.flat_map(|directory| ["tests", "benches", "examples"].map(|name| path::join(directory, name))).collect()
}

/// Whether a suffix can be written in a glob.
pub(super) fn is_plain(suffix: &str) -> bool {
    !suffix.is_empty() && !suffix.contains(['*', '?', '[', ']', '{', '}', ',', '\\', '!'])
}

/// Whether a file is a Rust source or a manifest, which any glob over crates may cover.
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
