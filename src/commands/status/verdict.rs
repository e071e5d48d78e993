//! Predicts what the next sync does, by the same decisions as uv's, with the reasons.
//!
//! Source of the facts: `satisfies.rs` and `plan.rs` in uv's crate `uv-installer`. An installed distribution stays if it was
//! installed from this directory, has the version of the project, and its stored cache info equals today's. Otherwise uv installs
//! the wheel of its last build if that was built from today's files. If not, uv builds.

use pep440_rs::Version;

use super::change::{Change, Kind};
use super::distribution::{DirectUrl, Distribution, Stored, Way};
use super::endless;
use super::environment::is_same;
use super::settings::UvSettings;
use super::subject::Subject;
use super::uv_cache::Revision;
use super::wanted::Wanted;
use crate::cache_keys::{CacheInfo, Noted};
use crate::fs::path::slashed;
use crate::pyproject::Pyproject;

/// The answer in one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fresh,
    RebuildDue,
    ReinstallDue,
    Stale,
    Endless,
    Broken,
    #[default]
    NotInstalled,
}

/// What the next sync does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Next {
    #[default]
    Nothing,
    Build,
    /// Install a wheel from uv's cache, without a build.
    Reinstall,
}

/// What uv will do.
#[derive(Debug)]
pub(super) struct Prediction {
    pub(super) next: Next,
    /// The reasons; empty if uv does nothing.
    pub(super) changes: Vec<Change>,
    /// Whether every later sync does the same.
    pub(super) endless: bool,
    /// Whether the installed distribution is a copy that `uv sync --no-editable` would leave as it is.
    pub(super) is_other_copy: bool,
}

impl Prediction {
    fn of(next: Next, changes: Vec<Change>, endless: bool) -> Self {
        Self { next, changes, endless, is_other_copy: false }
    }
}

/// The prediction for an installed distribution.
pub(super) fn predict(
    subject: &Subject,
    distributions: &[Distribution],
    noted: &Noted,
    revision: Option<&Revision>,
    wanted: &Wanted,
) -> Prediction {
    let Subject { pyproject, settings, python, .. } = subject;
    let has_wheel = || revision.is_some_and(|last| last.info == noted.info && last.has_wheel(subject.disk, *python));
    let due = || if has_wheel() { Next::Reinstall } else { Next::Build };
    if let Some(setting) = reinstalls(pyproject, settings) {
        let reason = format!("{setting} is set in uv's settings");
        return Prediction::of(Next::Build, vec![Change::of(Kind::Setting, reason)], true);
    }
    let [distribution] = distributions else {
        let names: Vec<String> = distributions.iter().map(Distribution::name).collect();
        let reason = format!("it is installed {} times: {}", distributions.len(), names.join(", "));
        return Prediction::of(due(), vec![Change::of(Kind::Distribution, reason)], false);
    };
    if let Some(change) = other_source(subject, distribution) {
        return Prediction::of(due(), vec![change], false);
    }
    if let Some(reason) = wanted.other_way(distribution) {
        let prediction = Prediction::of(due(), vec![Change::of(Kind::Distribution, reason)], false);
        let is_at_rest = matches!(&distribution.stored, Stored::Info(stored) if *stored == noted.info);
        return Prediction { is_other_copy: is_at_rest && distribution.way == Way::Copy, ..prediction };
    }
    let changes = match &distribution.stored {
        Stored::Info(stored) => super::differences::between(stored, noted, subject.coverage, &pyproject.dir),
        Stored::Absent { by_uv: true } if noted.info.is_empty() => {
            let reason = "the keys track nothing that uv could store and compare";
            let changes = vec![Change::of(Kind::Keys, reason.to_owned())];
            return Prediction::of(due(), changes, true);
        }
        Stored::Absent { by_uv } => {
            let name = distribution.name();
            let why = if *by_uv { "the keys tracked nothing" } else { "uv did not install it" };
            vec![Change::of(Kind::Distribution, format!("{name} has no uv_cache.json: {why}"))]
        }
    };
    if !changes.is_empty() {
        let mut changes = changes;
        let endless = endless::judge(&mut changes, subject, distribution, revision);
        return Prediction::of(due(), changes, endless);
    }
    match other_version(subject, distribution) {
        // The wheel in uv's cache has the old version again. If uv takes it, every sync reinstalls it.
        Some(change) => {
            let next = due();
            Prediction::of(next, vec![change], next == Next::Reinstall)
        }
        None => Prediction::of(Next::Nothing, Vec::new(), false),
    }
}

/// What a sync does if nothing is installed.
pub(super) fn install(subject: &Subject, info: &CacheInfo, revision: Option<&Revision>) -> Next {
    match revision {
        Some(last) if last.info == *info && last.has_wheel(subject.disk, subject.python) => Next::Reinstall,
        _ => Next::Build,
    }
}

fn reinstalls(pyproject: &Pyproject, settings: &UvSettings) -> Option<&'static str> {
    settings.reinstalls(pyproject.get_str(&["project", "name"])?)
}

/// The change if the distribution was not installed from this directory.
fn other_source(subject: &Subject, distribution: &Distribution) -> Option<Change> {
    let name = distribution.name();
    let reason = match &distribution.source {
        None => format!("{name} was installed from a package index, not from this project"),
        Some(source) if !source.is_directory() => {
            format!("{name} was installed from {}, not from this project", source.url)
        }
        Some(source) => match source.path() {
            Some(path) if is_same(subject.disk, &path, &subject.pyproject.dir) => return None,
            _ => format!("{name} was installed from another directory, {}", shown(source)),
        },
    };
    Some(Change::of(Kind::Distribution, reason))
}

fn shown(source: &DirectUrl) -> String {
    source.path().map_or_else(|| source.url.clone(), |path| slashed(&path))
}

/// The change if the version in pyproject.toml is not the installed one. uv compares them since 0.9.24.
fn other_version(subject: &Subject, distribution: &Distribution) -> Option<Change> {
    if subject.uv.as_ref().is_some_and(|uv| *uv < Version::new([0, 9, 24])) {
        return None;
    }
    let wanted: Version = subject.pyproject.get_str(&["project", "version"])?.parse().ok()?;
    let installed: Version = distribution.version.parse().ok()?;
    (wanted != installed).then(|| {
        let reason = format!("the version is now {wanted}, but {installed} is installed");
        Change { old: Some(installed.to_string()), new: Some(wanted.to_string()), ..Change::of(Kind::Version, reason) }
    })
}
