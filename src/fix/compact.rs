//! Few keys: one for each source tree or file, and one for many crates where that reaches little else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::Path;

use foldhash::fast::RandomState;

use super::planned_key::{PlannedKey, spell};
use crate::cache_keys::{Key, nests};
use crate::fs::{Resolved, path};
use crate::inputs::{Input, InputId, Kind};
use crate::project::Project;

/// From how many crates on a common directory is named instead of each.
const MANY: usize = 3;

/// What one key would cover: a literal path, or all files below a directory that the last part of the glob names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    directory: Resolved,
    /// `*.rs`, `Cargo.toml`; `None` for a literal, whose path `directory` then is.
    pattern: Option<String>,
}

/// The keys that cover `inputs`, in the order in which they are written, beside globs with the bases `beside`. Inputs that
/// cannot be spelled get none.
pub(super) fn keys(project: &Project, inputs: &[InputId], beside: &[String]) -> Vec<PlannedKey> {
    let mut spots: BTreeMap<(Kind, Spot), BTreeSet<InputId>> = BTreeMap::new();
    // The files of a tree follow each other: one look into the map for all of them.
    for ids in inputs.chunk_by(|a, b| shares_spot(project.inputs.get(*a), project.inputs.get(*b))) {
        let input = project.inputs.get(ids[0]);
        spots.entry((input.kind, spot(input))).or_default().extend(ids);
    }
    gather(project, Kind::Source, "*.rs", &mut spots);
    gather(project, Kind::Manifest, "Cargo.toml", &mut spots);
    absorb(&mut spots);
    part(project, &mut spots, beside);
    let mut keys: Vec<PlannedKey> = spots
        .into_iter()
        .filter_map(|((kind, spot), inputs)| {
            let directory = spell(project, &spot.directory)?;
            let path = match spot.pattern {
                Some(pattern) => format!("{directory}/**/{pattern}"),
                None => directory,
            };
            Some(PlannedKey { key: Key::File(path), kind, inputs })
        })
        .collect();
    keys.sort_by_cached_key(|key| order(project, key));
    keys
}

/// Whether entry `index` is one of the keys that would be written, for all inputs or for those that it covers.
pub(crate) fn would_write(project: &Project, index: usize) -> bool {
    let (Some(coverage), Some(entry)) = (project.coverage(), project.pyproject.entries().get(index)) else {
        return false;
    };
    let all = project.inputs.iter().filter(|(_, input)| input.is_judged());
    let all: Vec<InputId> = all.map(|(id, _)| id).collect();
    let covers = |id: &&InputId| coverage.covering_keys(&project.inputs.get(**id).path).contains(&index);
    let own: Vec<InputId> = all.iter().filter(covers).copied().collect();
    let writes = |inputs: &[InputId]| keys(project, inputs, &[]).iter().any(|planned| planned.key == entry.key);
    writes(&all) || writes(&own)
}

/// Whether a key can be written for an input.
pub(super) fn can_spell(project: &Project, id: InputId) -> bool {
    spell(project, &spot(project.inputs.get(id)).directory).is_some()
}

/// By kind; within a kind what lies in the project before what lies elsewhere, files of the project directory itself first,
/// the crate that is built before the others.
fn order(project: &Project, key: &PlannedKey) -> (Kind, bool, bool, bool, String) {
    let text = key.key.text();
    let is_own = |id: &InputId| project.inputs.crate_of(project.inputs.get(*id)).is_some_and(|found| found.is_entry);
    (key.kind, text.starts_with("../"), text.contains('/'), !key.inputs.iter().any(is_own), text)
}

fn spot(input: &Input) -> Spot {
    let pattern = match (&input.tree, suffix(input)) {
        (Some(tree), _) if tree.whole => Some("*".to_owned()),
        (Some(_), Some(extension)) => Some(format!("*.{extension}")),
        _ => None,
    };
    match (&input.tree, pattern) {
        (Some(tree), Some(pattern)) => Spot { directory: tree.directory.clone(), pattern: Some(pattern) },
        _ => Spot { directory: input.path.clone(), pattern: None },
    }
}

fn suffix(input: &Input) -> Option<&str> {
    input.path.extension().and_then(OsStr::to_str)
}

/// Whether two inputs are told to have the same spot and kind without a look at the whole of either.
fn shares_spot(a: &Input, b: &Input) -> bool {
    let trees = a.tree.as_ref().zip(b.tree.as_ref());
    a.kind == b.kind && trees.is_some_and(|(a, b)| a == b) && suffix(a).is_some() && suffix(a) == suffix(b)
}

/// Puts one key over a common directory in the place of those for [`MANY`] crates or more, the widest directory first.
fn gather(project: &Project, kind: Kind, pattern: &str, spots: &mut BTreeMap<(Kind, Spot), BTreeSet<InputId>>) {
    let gatherable = spots.iter().filter(|((of, spot), _)| *of == kind && is_gatherable(spot, kind));
    let mut below: HashMap<Resolved, BTreeSet<usize>, RandomState> = HashMap::default();
    for ((_, spot), inputs) in gatherable {
        let Some(in_crate) = inputs.iter().find_map(|id| project.inputs.get(*id).in_crate) else { continue };
        // What is around the project is none: it would be a key for everything.
        let above = spot.directory.upwards().skip(1);
        for ancestor in above.take_while(|ancestor| !path::is_within(&project.pyproject.dir, ancestor)) {
            below.entry(ancestor).or_default().insert(in_crate);
        }
    }
    let common = below.into_iter().filter(|(_, crates)| crates.len() >= MANY);
    let mut common: Vec<Resolved> = common.map(|(directory, _)| directory).collect();
    // A path sorts before what lies below it.
    common.sort();
    for directory in common {
        if !is_allowed(project, &directory) {
            continue;
        }
        // Manifests go with the sources: where a glob over the sources of crates is right, one over both is.
        let over_sources = (Kind::Source, Spot { directory: directory.clone(), pattern: Some("*.rs".to_owned()) });
        if !spots.contains_key(&over_sources) && !is_mostly_input(project, &directory, pattern) {
            continue;
        }
        let covered: Vec<(Kind, Spot)> = spots
            .keys()
            .filter(|(of, spot)| {
                *of == kind && is_gatherable(spot, kind) && path::is_within(&spot.directory, &directory)
            })
            .cloned()
            .collect();
        let inputs: BTreeSet<InputId> = covered.iter().filter_map(|key| spots.remove(key)).flatten().collect();
        if !inputs.is_empty() {
            spots.insert((kind, Spot { directory, pattern: Some(pattern.to_owned()) }), inputs);
        }
    }
}

/// Takes away what another glob covers anyhow: build scripts and trees below one over sources, a schema below one over its
/// directory.
fn absorb(spots: &mut BTreeMap<(Kind, Spot), BTreeSet<InputId>>) {
    let is_wide = |spot: &Spot| spot.pattern.as_ref().is_some_and(|pattern| pattern.starts_with('*'));
    let wide: Vec<(Kind, Spot)> = spots.keys().filter(|(_, spot)| is_wide(spot)).cloned().collect();
    for glob in wide {
        let Some(mut all) = spots.remove(&glob) else { continue };
        let pattern = glob.1.pattern.as_deref().unwrap_or_default();
        let matches = |spot: &Spot| {
            if let Some(other) = &spot.pattern {
                pattern == "*" || other == pattern
            } else {
                let suffix = spot.directory.extension().and_then(OsStr::to_str);
                pattern == "*" || suffix.is_some_and(|suffix| pattern.strip_prefix("*.") == Some(suffix))
            }
        };
        let is_covered = |spot: &Spot| path::is_within(&spot.directory, &glob.1.directory) && matches(spot);
        let covered: Vec<(Kind, Spot)> = spots.keys().filter(|(_, spot)| is_covered(spot)).cloned().collect();
        all.extend(covered.iter().filter_map(|key| spots.remove(key)).flatten());
        spots.insert(glob, all);
    }
}

/// Names the files of a glob one by one where its base and that of another would lie one below the other: on Windows the
/// inner one would match nothing. A source tree keeps its glob, for it will have new files.
fn part(project: &Project, spots: &mut BTreeMap<(Kind, Spot), BTreeSet<InputId>>, beside: &[String]) {
    let globs = spots.keys().filter(|(_, spot)| spot.pattern.is_some());
    let globs: Vec<(String, (Kind, Spot))> =
        globs.filter_map(|glob| Some((spell(project, &glob.1.directory)?, glob.clone()))).collect();
    let is_source = |kind: Kind| kind == Kind::Source;
    for (base, glob) in &globs {
        let yields = |(other, (kind, _)): &(String, (Kind, Spot))| match (is_source(glob.0), is_source(*kind)) {
            (true, false) => false,
            (false, true) => nests(base, other) || nests(other, base),
            _ => nests(other, base),
        };
        let yields_to_others = beside.iter().any(|other| nests(other, base) || nests(base, other));
        if (yields_to_others || globs.iter().any(yields))
            && let Some(inputs) = spots.remove(glob)
        {
            for id in inputs {
                let file = Spot { directory: project.inputs.get(id).path.clone(), pattern: None };
                spots.entry((glob.0, file)).or_default().insert(id);
            }
        }
    }
}

/// Source trees, and literal manifests.
fn is_gatherable(spot: &Spot, kind: Kind) -> bool {
    spot.pattern.is_some() == (kind == Kind::Source) && (kind == Kind::Source || spot.directory.ends_with("Cargo.toml"))
}

/// Whether a glob may have this base: it can be spelled, is neither the project nor around it, and nothing that the
/// build writes lies below it.
fn is_allowed(project: &Project, directory: &Path) -> bool {
    let outputs = &project.outputs;
    !path::is_within(&project.pyproject.dir, directory)
        && !project.inputs.crates.iter().any(|found| path::is_within(&found.workspace.root, directory))
        && !outputs
            .directories
            .iter()
            .any(|output| path::is_within(output, directory) || path::is_within(directory, output))
        && spell(project, directory).is_some_and(|text| text.split('/').any(|part| part != ".."))
}

/// Whether at most 30 % of what the glob would match is no input. Tests, benches and examples of crates of the build do
/// not count: they come along with any glob over crates, and change together with the rest.
fn is_mostly_input(project: &Project, directory: &Path, pattern: &str) -> bool {
    let suffix = pattern.strip_prefix('*');
    let inputs: HashSet<&OsStr> = project.inputs.files.iter().map(|input| input.path.as_os_str()).collect();
    let companions: HashSet<OsString> = project
        .inputs
        .crates
        .iter()
        .flat_map(|found| ["tests", "benches", "examples"].map(|name| found.package().directory().join(name).into()))
        .collect();
    let is_companion = |path: &Path| companions.contains(path.as_os_str());
    if directory.ancestors().any(is_companion) {
        return true;
    }
    let (mut matched, mut foreign) = (0_usize, 0_usize);
    project.visit_below(
        directory,
        |inside| !is_companion(inside),
        |around, name| {
            let shown = name.to_string_lossy();
            if suffix.map_or(shown == pattern, |suffix| shown.ends_with(suffix)) {
                matched += 1;
                foreign += usize::from(!inputs.contains(path::join(around, name).as_os_str()));
            }
        },
    );
    foreign * 10 <= matched * 3
}
