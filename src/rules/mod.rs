//! The rules: pure functions from a [`Project`] to findings. One file a rule, and one line in `catalogue`.

mod precedence;
mod rule;
pub(crate) mod selection;

use crate::inputs::{InputId, Kind};
use crate::project::Project;
use crate::project::finding::Finding;
use crate::pyproject::rule_codes::catalogue;
use precedence::When;
pub(crate) use rule::Rule;
use rule::{Check, Earlier, Meta};

macro_rules! rules {
    ($($code:literal $module:ident)*) => {
        $(mod $module;)*

        /// All rules, sorted by code.
        pub(crate) static RULES: &[Rule] = &[$(Rule {
            code: $code,
            module: stringify!($module),
            meta: &$module::META,
            source: include_str!(concat!(stringify!($module), ".rs")),
            check: |project, earlier| Check::run(&$module::check, project, earlier),
        }),*];
    };
}

catalogue!(rules);

/// All findings of the selected rules in the order of the list, except for those that a comment suppresses.
pub(crate) fn run(project: &Project, selected: &dyn Fn(&Rule) -> bool) -> Vec<(&'static Rule, Finding)> {
    let mut found = rule::findings(RULES, project, selected);
    let is_suppressed = |rule: &Rule, finding: &Finding| {
        project.suppressions.iter().any(|suppression| {
            suppression.names.iter().any(|name| name.is_of(rule.code, &rule.name()))
                && suppression.is_for(&project.pyproject, finding.span.as_ref())
        })
    };
    found.retain(|(rule, finding)| !is_suppressed(rule, finding));
    found
}

/// One finding for the uncovered inputs of `kind` in each crate, and one for those without a crate. `what` is the noun in the
/// message, such as "source" in "2 sources of crate `core` …".
fn uncovered(project: &Project, kind: Kind, what: &str) -> Vec<Finding> {
    let mut groups: Vec<(Option<usize>, Vec<InputId>)> = Vec::new();
    for id in project.uncovered(kind) {
        let in_crate = project.inputs.get(id).in_crate;
        match groups.iter_mut().find(|(group, _)| *group == in_crate) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((in_crate, vec![id])),
        }
    }
    // With many crates, one finding for all of them is easier to read than one for each.
    if groups.len() > MANY {
        let crates = groups.len();
        let ids: Vec<InputId> = groups.into_iter().flat_map(|(_, ids)| ids).collect();
        let names: Vec<&str> = ids.iter().map(|id| project.inputs.get(*id).shown.as_str()).collect();
        let message = format!("no key covers {} {what}s in {crates} crates: {}", ids.len(), enumerate(&names));
        return vec![
            Finding::new(message)
                .at(Some(project.pyproject.anchor()), "uv does not rebuild when they change")
                .covering(ids),
        ];
    }
    let finding = |(in_crate, ids): (Option<usize>, Vec<InputId>)| {
        let names: Vec<&str> = ids.iter().map(|id| project.inputs.get(*id).shown.as_str()).collect();
        let of = match in_crate.and_then(|index| project.inputs.crates.get(index)) {
            Some(found) if found.is_entry => format!(" of crate `{}`", found.name()),
            Some(found) => format!(" of crate `{}` ({})", found.name(), found.via),
            None => String::new(),
        };
        let message = match names.as_slice() {
            [one] => format!("no key covers the {what}{of}: {one}"),
            many => format!("no key covers {} {what}s{of}: {}", many.len(), enumerate(many)),
        };
        let label = if names.len() == 1 {
            "uv does not rebuild when it changes"
        } else {
            "uv does not rebuild when they change"
        };
        Finding::new(message).at(Some(project.pyproject.anchor()), label).covering(ids)
    };
    groups.into_iter().map(finding).collect()
}

/// From more than this number of crates on, the uncovered inputs of a kind share one finding.
const MANY: usize = 5;

/// The first three names of a list, and the number of the others.
fn enumerate(names: &[&str]) -> String {
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{shown} and {} more", names.len() - 3) } else { shown }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_and_the_directory_agree() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let files: BTreeSet<String> = std::fs::read_dir(directory)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
            .filter(|module| !["mod", "precedence", "rule", "selection"].contains(&module.as_str()))
            .collect();
        let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.module.to_owned()).collect();
        let only_in_one: Vec<&String> = files.symmetric_difference(&listed).collect();
        assert!(only_in_one.is_empty(), "not in both src/rules and src/pyproject/rule_codes.rs: {only_in_one:?}");
    }

    #[test]
    fn every_rule_has_a_case() {
        let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let missing: Vec<String> = RULES.iter().map(Rule::name).filter(|name| !cases.join(name).is_dir()).collect();
        assert!(missing.is_empty(), "tests/cases has no folder for {missing:?}");
    }

    #[test]
    fn codes_are_sorted_and_pages_have_all_sections() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
        for rule in RULES {
            let page = rule.page();
            for section in ["## What it finds", "## Why it is bad", "## Example", "## Use instead"] {
                assert!(page.contains(section), "{} has no section `{section}`", rule.code);
            }
        }
    }
}
