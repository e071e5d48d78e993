//! The files that build scripts wrote into the tree during their last run, according to cargo's records: files that git ignores
//! and that were modified while the script of their crate ran. The text of the script need not name them.

use std::path::Path;
use std::time::SystemTime;

use super::Project;
use crate::cache_keys::Coverage;
use crate::fs::{Resolved, path, read};
use crate::inputs::{Input, Kind, build_records};

/// The last run of a build script. Nothing that it was compiled from has changed since.
#[derive(Debug)]
pub(crate) struct LastRun {
    /// Index into [`crate::inputs::Inputs::crates`].
    in_crate: usize,
    pub(crate) started: SystemTime,
    ended: SystemTime,
}

impl Project {
    /// Whether cargo has a record of the last run of a build script.
    pub(crate) fn has_last_runs(&self) -> bool {
        !self.last_runs().is_empty()
    }

    /// The crate whose build script wrote a file during its last run, and that run.
    pub(crate) fn written_by(&self, file: &Path) -> Option<(&str, &LastRun)> {
        let runs = self.last_runs();
        if runs.is_empty() || self.outputs.contains(file) {
            return None;
        }
        let package = |run: &LastRun| self.inputs.crates[run.in_crate].package().directory();
        let modified = read::modified(file)?;
        let wrote =
            |run: &&LastRun| (run.started..=run.ended).contains(&modified) && path::is_within(file, package(run));
        let run = runs.iter().find(wrote).filter(|_| self.disk.is_ignored(&self.disk.resolve(file)))?;
        Some((self.inputs.crates[run.in_crate].name(), run))
    }

    /// The build outputs that an entry covers: sample files for each kind of output, and the files that a build script wrote.
    pub(crate) fn covered_outputs<'a>(
        &'a self,
        coverage: &'a Coverage,
        index: usize,
    ) -> impl Iterator<Item = &'a Resolved> {
        let known = self.outputs.files.iter().map(|output| &output.path);
        let walked = self.walk().filter(|_| self.has_last_runs()).and_then(|walk| walk.keys.get(index));
        let recorded =
            walked.into_iter().flat_map(|walked| &walked.files).filter(|file| self.written_by(file).is_some());
        known.chain(recorded).filter(move |output| coverage.covering_keys(output).contains(&index))
    }

    fn last_runs(&self) -> &[LastRun] {
        self.last_runs.get_or_init(|| {
            let runs = build_records::runs(&self.disk, &self.inputs.crates).into_iter().filter(|run| run.is_current);
            let last = |run: build_records::Run| {
                let (started, ended) = run.times?;
                let is_of_script =
                    |input: &&Input| input.in_crate == Some(run.in_crate) && input.kind == Kind::BuildScript;
                let is_older = |input: &Input| read::modified(&input.path).is_some_and(|modified| modified <= started);
                let is_current = self.inputs.files.iter().filter(is_of_script).all(is_older);
                is_current.then_some(LastRun { in_crate: run.in_crate, started, ended })
            };
            runs.filter_map(last).collect()
        })
    }
}
