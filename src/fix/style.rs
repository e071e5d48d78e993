//! The style in which a list is continued: that of the settings, or the exact style if the list already has it.

use std::collections::BTreeSet;

use super::compact;
use super::directories::{Company, MANY};
use crate::cache_keys::{Coverage, Key};
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

/// Whether entry `index` is one of the keys that the fixer would write, for all inputs or for those that the entry covers.
pub(crate) fn would_write(project: &Project, index: usize) -> bool {
    let (Some(coverage), Some(entry)) = (project.coverage(), project.pyproject.entries().get(index)) else {
        return false;
    };
    let all = project.inputs.iter().filter(|(_, input)| input.is_judged());
    let all: Vec<InputId> = all.map(|(id, _)| id).collect();
    let covers = |id: &&InputId| coverage.covering_keys(&project.inputs.get(**id).path).contains(&index);
    let own: Vec<InputId> = all.iter().filter(covers).copied().collect();
    let company = Company::of(project, &|other| other == index);
    let style = style(project);
    let writes = |inputs: &[InputId]| {
        compact::keys(project, inputs, &company, style).iter().any(|planned| planned.key == entry.key)
    };
    writes(&own) || writes(&all)
}

/// A list that is what the exact style writes for the inputs that it covers. The compact style needs at least [`MANY`] keys less.
#[derive(Debug)]
pub(crate) struct ExactList {
    /// How many of its keys depend on the style.
    pub(crate) keys: usize,
    /// How many such keys the compact style writes for all inputs.
    pub(crate) compact: usize,
    /// Whether it has more than half of the keys that the exact style writes for all inputs. If so, only a few inputs are new.
    pub(crate) is_most: bool,
}

/// Recognizes a list in the exact style; `None` for any other list.
pub(crate) fn exact_list(project: &Project) -> Option<ExactList> {
    let coverage = project.coverage()?;
    let entries = project.pyproject.entries();
    let files: BTreeSet<&Key> = entries.iter().map(|entry| &entry.key).filter(|key| may_be_written(key)).collect();
    if !may_be_shorter(&files) {
        return None;
    }
    let judged = project.inputs.iter().filter(|(_, input)| input.is_judged());
    let all: Vec<InputId> = judged.map(|(id, _)| id).collect();
    let is_covered = |id: &&InputId| coverage.covering_key_of_file(&project.inputs.get(**id).path).is_some();
    let covered: Vec<InputId> = all.iter().filter(is_covered).copied().collect();
    let keys = |inputs: &[InputId], style| -> BTreeSet<Key> {
        let planned = compact::keys(project, inputs, &Company::default(), style).into_iter();
        planned.map(|planned| planned.key).filter(may_be_written).collect()
    };
    let is_exact = keys(&covered, FixStyle::Exact).iter().eq(files.iter().copied());
    if !is_exact || keys(&covered, FixStyle::Compact).len() + MANY > files.len() {
        return None;
    }
    let is_most = 2 * files.len() > keys(&all, FixStyle::Exact).len();
    Some(ExactList { keys: files.len(), compact: keys(&all, FixStyle::Compact).len(), is_most })
}

/// Whether the key for a file depends on the style. uv's default keys do not.
pub(super) fn may_be_written(key: &Key) -> bool {
    matches!(key, Key::File(_)) && !Coverage::default_keys().contains(key)
}

/// Whether two keys lie in one directory that neither is nor contains the project. Otherwise the compact style saves nothing. The
/// texts of the keys show this, so most projects need no planning.
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
