//! One project as rules see it: the file, the inputs, the outputs and the files that the keys cover. Immutable.

pub(crate) mod build_outputs;
pub(crate) mod finding;
pub(crate) mod key_targets;
mod last_run;
pub(crate) mod negation;
mod on_disk;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::cache_keys::{Coverage, Key, Rejection, RejectionKind, Walk};
use crate::crates::resolver::Resolver;
use crate::error::Error;
use crate::fs::{Disk, Resolved};
use crate::inputs::{self, InputId, Inputs, Kind, Missing, Scripts};
use crate::pyproject::suppressions::{Suppression, suppressions};
use crate::pyproject::uv_workspace::UvProject;
use crate::pyproject::{Backend, Declared, Pyproject};
use build_outputs::Outputs;
use key_targets::{Found, Sight};
use last_run::LastRun;

/// The result of reading the declared keys as uv does.
#[derive(Debug)]
pub(crate) enum Keys {
    /// `cache-keys` is not set. uv's defaults do not track Rust files.
    Absent,
    /// uv rejects them.
    Rejected(Vec<Rejection>),
    /// uv accepts them.
    Read(Coverage),
}

/// The extent of the analysis of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The keys and all inputs of the build.
    Rust,
    /// Only the keys: other files that the backend reads are not analysed.
    Keys,
}

impl Scope {
    /// "rust" or "keys".
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Keys => "keys",
        }
    }
}

/// One project, read and analysed.
#[derive(Debug)]
pub(crate) struct Project {
    disk: Disk,
    pub(crate) pyproject: Pyproject,
    pub(crate) inputs: Arc<Inputs>,
    pub(crate) outputs: Arc<Outputs>,
    pub(crate) uv: Arc<UvProject>,
    pub(crate) keys: Keys,
    /// The comments that silence findings.
    pub(crate) suppressions: Vec<Suppression>,
    /// For each input, the entry that covers it.
    covered: Vec<Option<usize>>,
    /// For each entry, whether it covers an existing file; looked up on first use.
    live: OnceLock<Vec<bool>>,
    /// For each entry, what it points to; looked up on first use.
    sights: OnceLock<Vec<Sight>>,
    /// uv's walk, made on first use.
    walk: OnceLock<Option<Walk>>,
    /// uv's defaults, which apply if `cache-keys` is not set; compiled on first use.
    defaults: OnceLock<Option<Coverage>>,
    /// The last runs of the build scripts; looked up on first use.
    last_runs: OnceLock<Vec<LastRun>>,
}

impl Project {
    /// Analyses a project. `scripts` are the analysed build scripts of this run.
    pub(crate) fn analyse(pyproject: Pyproject, resolver: &Resolver, scripts: &Scripts) -> Self {
        let disk = resolver.disk();
        let pyproject = pyproject.with_installation(disk);
        let keys = read_keys(disk, &pyproject);
        let inputs = inputs::read(&pyproject, resolver, scripts);
        let uv = UvProject::of(disk, &pyproject);
        let outputs = Outputs::of(disk, &pyproject, &inputs, &uv);
        Self::assemble(disk.clone(), pyproject, Arc::new(inputs), Arc::new(outputs), Arc::new(uv), keys)
    }

    /// The same project with another text, as after a fix. The build is not analysed again.
    pub(crate) fn with_text(&self, text: String) -> Result<Self, Error> {
        let pyproject = self.pyproject.with_text(text)?;
        let keys = read_keys(&self.disk, &pyproject);
        let (inputs, outputs, uv) = (Arc::clone(&self.inputs), Arc::clone(&self.outputs), Arc::clone(&self.uv));
        Ok(Self::assemble(self.disk.clone(), pyproject, inputs, outputs, uv, keys))
    }

    pub(crate) fn assemble(
        disk: Disk,
        pyproject: Pyproject,
        inputs: Arc<Inputs>,
        outputs: Arc<Outputs>,
        uv: Arc<UvProject>,
        keys: Keys,
    ) -> Self {
        let covered = match &keys {
            Keys::Read(coverage) => {
                inputs.files.iter().map(|input| coverage.covering_key_of_file(&input.path)).collect()
            }
            Keys::Absent | Keys::Rejected(_) => vec![None; inputs.files.len()],
        };
        Self {
            disk,
            suppressions: suppressions(pyproject.text()),
            pyproject,
            inputs,
            outputs,
            uv,
            keys,
            covered,
            live: OnceLock::new(),
            sights: OnceLock::new(),
            walk: OnceLock::new(),
            defaults: OnceLock::new(),
            last_runs: OnceLock::new(),
        }
    }

    /// The extent of the analysis.
    pub(crate) fn scope(&self) -> Scope {
        if self.pyproject.backend.is_some() { Scope::Rust } else { Scope::Keys }
    }

    /// Whether each build compiles pyo3 again, because uv builds with another Python each time (maturin's user guide, "use-base-python").
    pub(crate) fn compiles_pyo3_again(&self) -> bool {
        let base_python =
            self.pyproject.get(&["tool", "maturin", "use-base-python"]).and_then(toml_edit::Item::as_bool);
        let is_maturins = self.pyproject.backend == Some(Backend::Maturin);
        is_maturins && self.inputs.binds_one_python && base_python != Some(true)
    }

    /// The entry that covers an input.
    pub(crate) fn covered_by(&self, id: InputId) -> Option<usize> {
        self.covered[id.0]
    }

    /// The files and directories that are named, that do not exist, and that no key would cover.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &Missing> {
        let is_covered =
            |sample: Resolved| self.coverage().is_some_and(|coverage| coverage.covering_key(&sample).is_some());
        self.inputs.missing.iter().filter(move |missing| !missing.samples().any(is_covered))
    }

    /// Whether an entry covers at least one existing file.
    pub(crate) fn is_live(&self, index: usize) -> bool {
        self.live.get_or_init(|| self.live_entries()).get(index).copied().unwrap_or(false)
    }

    fn live_entries(&self) -> Vec<bool> {
        let Some(coverage) = self.coverage() else { return Vec::new() };
        let mut live = vec![false; coverage.keys().len()];
        for (covered, _) in self.covered.iter().zip(&self.inputs.files).filter(|(_, input)| input.exists) {
            if let Some(index) = covered {
                live[*index] = true;
            }
        }
        // Only entries that cover no input by themselves are looked up: literals one by one, globs in one walk for all of them.
        // Files that the build writes count as if they existed.
        let by_output = OnceLock::new();
        let covers_output = |index: usize| {
            let covering =
                || self.outputs.files.iter().flat_map(|output| coverage.covering_keys(&output.path)).collect();
            let covering: &BTreeSet<usize> = by_output.get_or_init(covering);
            covering.contains(&index)
        };
        for index in (0..live.len()).filter(|index| !live[*index]).collect::<Vec<_>>() {
            let key = &coverage.keys()[index];
            let is_output = |sight: &Sight| self.outputs.contains(&sight.place);
            let is_live = if self.sight(index).is_some_and(is_output) || covers_output(index) {
                matches!(key, Key::File(_)) && !key.text().starts_with('!')
            } else if key.is_glob() && !key.text().starts_with('!') {
                let walked = self.walk().and_then(|walk| walk.keys.get(index));
                walked.is_some_and(|walked| !walked.files.is_empty())
            } else {
                coverage.matches_any_file(index)
            };
            live[index] = is_live;
        }
        live
    }

    /// The complete walk of uv, if uv accepts the keys.
    pub(crate) fn walk(&self) -> Option<&Walk> {
        self.walk.get_or_init(|| self.coverage().map(Coverage::walk)).as_ref()
    }

    /// What entry `index` points to.
    pub(crate) fn sight(&self, index: usize) -> Option<&Sight> {
        let sight =
            |entry: &crate::cache_keys::Entry| Sight::of(&self.disk, &self.pyproject.dir, &self.inputs, &entry.key);
        self.sights.get_or_init(|| self.pyproject.entries().iter().map(sight).collect()).get(index)
    }

    /// Whether the file that a `file` key names may come to exist later, by the build or by hand: it is in `.git/`, or git
    /// ignores it.
    pub(crate) fn may_come(&self, index: usize) -> bool {
        let is_ignored =
            |samples: Vec<Resolved>| !samples.is_empty() && samples.iter().all(|sample| self.disk.is_ignored(sample));
        let is_glob = self.pyproject.entries().get(index).is_some_and(|entry| entry.key.is_glob());
        self.sight(index).is_some_and(|sight| sight.may_come)
            || is_glob && self.coverage().and_then(|coverage| coverage.samples_of(index)).is_some_and(is_ignored)
    }

    /// Whether uv tracks anything for entry `index`: a file, a variable, a commit, a directory. A missing directory is
    /// tracked too, but a file in its place is ignored.
    pub(crate) fn yields(&self, index: usize) -> bool {
        match self.pyproject.entries().get(index).map(|entry| &entry.key) {
            Some(Key::File(_)) => self.is_live(index),
            Some(Key::Env(_)) => true,
            Some(Key::Dir(_)) => self.sight(index).is_some_and(|sight| sight.found != Found::File),
            Some(Key::Git { commit, tags }) => (*commit || *tags) && self.repository().is_some(),
            None => false,
        }
    }

    /// The inputs of a kind that no key covers, without those whose missing key is not reported.
    pub(crate) fn uncovered(&self, kind: Kind) -> Vec<InputId> {
        let wanted = self.inputs.iter().filter(|(_, input)| input.kind == kind && input.is_judged());
        wanted.map(|(id, _)| id).filter(|id| self.covered_by(*id).is_none()).collect()
    }

    /// The inputs at or below a path that no key covers.
    pub(crate) fn uncovered_below(&self, path: &std::path::Path) -> Vec<InputId> {
        let below = |(id, input): &(InputId, &inputs::Input)| {
            input.path.starts_with(path) && self.covered_by(*id).is_none() && input.is_judged()
        };
        self.inputs.iter().filter(below).map(|(id, _)| id).collect()
    }

    /// Whether a key names the variable.
    pub(crate) fn is_variable_covered(&self, name: &str) -> bool {
        self.coverage().is_some_and(|coverage| coverage.keys().contains(&Key::Env(name.to_owned())))
    }

    /// The missing key for the state of git that build scripts read and cargo watches.
    pub(crate) fn uncovered_git(&self) -> Option<Key> {
        let mut read = self.inputs.git.iter().filter(|git| git.tracked).peekable();
        let (mut commit, mut tags) = (read.peek().is_some(), read.any(|git| git.tags));
        for key in self.coverage().into_iter().flat_map(Coverage::keys) {
            if let Key::Git { commit: has_commit, tags: has_tags } = key {
                commit &= !has_commit;
                tags &= !has_tags;
            }
        }
        (commit || tags).then_some(Key::Git { commit, tags })
    }

    /// The keys that uv uses: its defaults if `cache-keys` is not set, and nothing if it rejects the list.
    pub(crate) fn effective(&self) -> Option<&Coverage> {
        let defaults = || self.coverage_of(&Coverage::default_keys());
        match &self.keys {
            Keys::Absent => self.defaults.get_or_init(defaults).as_ref(),
            Keys::Rejected(_) => None,
            Keys::Read(coverage) => Some(coverage),
        }
    }

    /// The compiled keys, if uv accepts them.
    pub(crate) fn coverage(&self) -> Option<&Coverage> {
        match &self.keys {
            Keys::Read(coverage) => Some(coverage),
            Keys::Absent | Keys::Rejected(_) => None,
        }
    }
}

fn read_keys(disk: &Disk, pyproject: &Pyproject) -> Keys {
    let entries = match &pyproject.declared {
        Declared::Absent => return Keys::Absent,
        Declared::Rejected(rejections) => return Keys::Rejected(rejections.clone()),
        Declared::Keys(entries) => entries,
    };
    let keys: Vec<_> = entries.iter().map(|entry| entry.key.clone()).collect();
    match Coverage::compile(disk, &pyproject.dir, &keys) {
        Ok(coverage) => Keys::Read(coverage),
        Err(bad) => Keys::Rejected(
            bad.into_iter()
                .map(|bad| Rejection {
                    reason: bad.reason,
                    span: entries.get(bad.index).map(|entry| entry.span.clone()).unwrap_or_default(),
                    kind: RejectionKind::Glob,
                })
                .collect(),
        ),
    }
}
