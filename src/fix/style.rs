//! In which style a list goes on: the one of the settings, or the exact one where the list has it already.

use std::collections::BTreeSet;

use super::compact;
use super::directories::Company;
use super::planned_key::PlannedKey;
use crate::cache_keys::Key;
use crate::inputs::InputId;
use crate::project::Project;
use crate::pyproject::options::FixStyle;

/// The style of the keys that are added to the list.
pub(super) fn style(project: &Project) -> FixStyle {
    match project.pyproject.options.fix_style {
        FixStyle::Compact if exact_list(project).is_some_and(|list| list.is_most) => FixStyle::Exact,
        style => style,
    }
}

/// A list that the exact style writes for the inputs that it covers, where the compact one writes fewer keys.
#[derive(Debug)]
pub(crate) struct ExactList {
    /// How many of its keys name files.
    pub(crate) keys: usize,
    /// How many keys the compact style writes for all inputs.
    pub(crate) compact: usize,
    /// Whether it has most of the keys that the exact style writes for all inputs: then a few inputs are new, and no more.
    pub(crate) is_most: bool,
}

/// What is known of the list, where it is one of the exact style.
pub(crate) fn exact_list(project: &Project) -> Option<ExactList> {
    let coverage = project.coverage()?;
    let entries = project.pyproject.entries();
    let files: BTreeSet<&Key> = entries.iter().map(|entry| &entry.key).filter(|key| is_of_a_file(key)).collect();
    if !may_be_shorter(&files) {
        return None;
    }
    let judged = project.inputs.iter().filter(|(_, input)| input.is_judged());
    let all: Vec<InputId> = judged.map(|(id, _)| id).collect();
    let is_covered = |id: &&InputId| coverage.covering_key_of_file(&project.inputs.get(**id).path).is_some();
    let covered: Vec<InputId> = all.iter().filter(is_covered).copied().collect();
    let keys = |inputs: &[InputId], style| compact::keys(project, inputs, &Company::default(), style);
    let exact = keys(&covered, FixStyle::Exact);
    let is_exact = exact.iter().map(|planned| &planned.key).collect::<BTreeSet<_>>() == files;
    let is_longer = |compact: &[PlannedKey]| compact.len() < files.len();
    if !is_exact || !is_longer(&keys(&covered, FixStyle::Compact)) {
        return None;
    }
    let is_most = 2 * files.len() > keys(&all, FixStyle::Exact).len();
    Some(ExactList { keys: files.len(), compact: keys(&all, FixStyle::Compact).len(), is_most })
}

fn is_of_a_file(key: &Key) -> bool {
    matches!(key, Key::File(_))
}

/// Whether two keys lie in one directory that is neither the project nor around it: else each is needed. The texts say so,
/// which spares most projects the planning.
fn may_be_shorter(keys: &BTreeSet<&Key>) -> bool {
    let mut seen = BTreeSet::new();
    keys.iter().any(|key| {
        let text = key.text();
        let below = text.trim_start_matches("../");
        below
            .split_once('/')
            .is_some_and(|(directory, _)| !seen.insert((text.len() - below.len(), directory.to_owned())))
    })
}
