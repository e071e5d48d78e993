//! Sample files for judging a key: existing files, files that the build reads or writes, and invented files that the key could
//! match later.

use super::Project;
use crate::cache_keys::{Coverage, Key, System, is_glob, samples, split_on};
use crate::fs::Resolved;

/// The effect of a `!` key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// None: the list covers the same files without it.
    None,
    /// It only excludes files that do not exist and that the build is not known to read or write.
    OnMadeUpFiles,
    /// It excludes files, or stops the walk in a directory of build output. Also if its text cannot be judged.
    Real,
}

/// Compares the list with and without the `!` glob at entry `index`.
pub(crate) fn of_negation(project: &Project, index: usize) -> Effect {
    let Some(with) = project.coverage() else { return Effect::Real };
    let (Some(without), Some(key)) = (with.without(index), with.keys().get(index)) else { return Effect::Real };
    let is_taken = |path: &Resolved| without.covering_key(path).is_some() && with.covering_key(path).is_none();
    let read = project.inputs.files.iter().map(|input| &input.path);
    let written = project.outputs.files.iter().map(|output| &output.path);
    let is_pruned = |directory: &Resolved| {
        let inside = directory.child("any");
        !without.walks_into(&inside).is_empty() && with.walks_into(&inside).is_empty()
    };
    if read.chain(written).any(is_taken) || project.outputs.deep.iter().any(is_pruned) {
        return Effect::Real;
    }
    let negated = samples(key.text().trim_start_matches('!'));
    let made_up = made_up(with, &negated.paths).iter().any(|path| is_taken(&project.file(path)));
    // The walk comes last, because it may take long.
    let today = || without.walk().keys.into_iter().flat_map(|key| key.files).any(|file| is_taken(&file));
    match (made_up, negated.tell_all) {
        (false, false) => Effect::Real,
        _ if today() => Effect::Real,
        (true, _) => Effect::OnMadeUpFiles,
        (false, true) => Effect::None,
    }
}

/// Sample files for the negated paths, in the project and below the base of each other glob. If a path ends in an invented name,
/// there are also samples with the file names of the other globs.
fn made_up(coverage: &Coverage, negated: &[String]) -> Vec<String> {
    let others = coverage.keys().iter().filter_map(|key| match key {
        Key::File(text) if is_glob(text) && !text.starts_with('!') => Some(text),
        _ => None,
    });
    let mut bases = vec![String::new()];
    let mut names = Vec::new();
    for text in others {
        let (base, pattern) = split_on(System::Unix, text);
        bases.push(base.into_owned());
        for path in samples(&pattern).paths {
            names.extend(path.rsplit('/').next().map(str::to_owned));
        }
    }
    names.sort();
    names.dedup();
    let mut paths = Vec::new();
    for path in negated {
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let ends = std::iter::once(path.clone()).chain(names.iter().map(|name| format!("{parent}/{name}")));
        for end in ends {
            paths.extend(bases.iter().map(|base| format!("{base}/{end}").trim_start_matches('/').replace("//", "/")));
        }
    }
    paths
}
