//! Finds inputs that are newer than the installed extension although uv has nothing to do, and the keys that are missing.

use std::time::SystemTime;

use super::change::{self, Change};
use super::distribution::Distribution;
use super::extension::Extension;
use crate::fs::{path, read};
use crate::inputs::{Input, InputId, Kind};
use crate::project::Project;
use crate::{fix, rules};

/// What is newer than the installed project, and the keys that would have made uv notice.
#[derive(Debug, Default)]
pub(super) struct Staleness {
    pub(super) changes: Vec<Change>,
    pub(super) missing_keys: Vec<String>,
}

/// `since` is when the installed wheel was built. `begun` is when that build began: uv noted the state of the keys then.
pub(super) fn judge(
    project: &Project,
    distribution: &Distribution,
    since: SystemTime,
    begun: Option<SystemTime>,
    extensions: &[Extension],
) -> Staleness {
    let coverage = project.effective();
    let is_covered = |id: &InputId| {
        let path = &project.inputs.get(*id).path;
        coverage.is_some_and(|coverage| coverage.covering_key_of_file(path).is_some())
    };
    let mut newer = newer_inputs(project, distribution, since);
    newer.retain(|id| !is_covered(id));
    let mut changes: Vec<Change> = newer
        .iter()
        .map(|id| {
            let input = project.inputs.get(*id);
            Change {
                changed: read::modified(&input.path),
                ..Change::named(change::Kind::File, &input.shown, &input.reason)
            }
        })
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.changed));
    changes.extend(extensions.iter().filter_map(|extension| old(project, extension, begun)));
    let missing_keys = if newer.is_empty() { Vec::new() } else { missing_keys(project, &newer) };
    Staleness { changes, missing_keys }
}

/// The inputs that changed after `since`, the most recent first. Covered inputs are included, since uv compares only the keys of
/// projects that it installed itself.
pub(super) fn newer(project: &Project, distribution: &Distribution, since: SystemTime) -> Vec<Change> {
    let coverage = project.effective();
    let change = |id: &InputId| {
        let input = project.inputs.get(*id);
        let key =
            coverage.and_then(|coverage| Some(coverage.keys()[coverage.covering_key_of_file(&input.path)?].text()));
        Change { changed: read::modified(&input.path), key, ..Change::named(change::Kind::File, &input.shown, "") }
    };
    let mut changes: Vec<Change> = newer_inputs(project, distribution, since).iter().map(change).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.changed));
    changes
}

fn newer_inputs(project: &Project, distribution: &Distribution, since: SystemTime) -> Vec<InputId> {
    let is_newer = |input: &Input| {
        let is_read_in_place = distribution.is_editable() && is_of_package(project, input);
        !is_read_in_place && input.is_judged() && read::modified(&input.path).is_some_and(|modified| modified > since)
    };
    project.inputs.iter().filter(|(_, input)| is_newer(input)).map(|(id, _)| id).collect()
}

/// Whether Python reads the file from the source tree if the install is editable.
fn is_of_package(project: &Project, input: &Input) -> bool {
    let package = project.inputs.layout.package.as_ref();
    let is_inside = || package.is_some_and(|package| input.path.starts_with(package));
    input.kind == Kind::PythonSource || (input.kind == Kind::PackageData && is_inside())
}

/// The change for an extension that does not come from the last build.
fn old(project: &Project, extension: &Extension, begun: Option<SystemTime>) -> Option<Change> {
    let shown = |path| path::display(&project.pyproject.dir, path);
    let reason = match &extension.hides {
        Some(hidden) => format!("Python imports it instead of {}, which is newer", shown(hidden)),
        None if extension.is_older_than(begun) => "older than the build that uv installed".to_owned(),
        None => return None,
    };
    let change = Change::named(change::Kind::Extension, &shown(&extension.path), &reason);
    Some(Change { changed: Some(extension.modified), ..change })
}

/// The keys that `check --fix` would write for these inputs.
fn missing_keys(project: &Project, newer: &[InputId]) -> Vec<String> {
    let found = rules::run(project, &|rule| rule.code.starts_with("CK1"));
    let findings: Vec<_> = found.iter().map(|(_, finding)| finding).collect();
    let plan = fix::plan(project, &findings, false);
    let concerned =
        findings.iter().zip(&plan.planned).filter(|(finding, _)| finding.inputs.iter().any(|id| newer.contains(id)));
    let mut keys: Vec<String> = Vec::new();
    for key in concerned.filter_map(|(_, planned)| planned.fix.as_ref()).flat_map(|fix| &fix.keys) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}
