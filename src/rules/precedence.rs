//! Which rules run on a project, and which rule yields to which: one cause, one finding.
//!
//! The state of the keys decides first ([`When`], in the `META` of each rule): without keys CK101 lists all inputs, a list that
//! uv rejects is CK001 alone, and one that covers nothing CK207. A rule that could still repeat another one yields to it, as
//! [`YIELDS`] says: its `check` takes [`Earlier`], what those rules found.

use std::cell::OnceCell;

use super::{RULES, Rule};
use crate::project::finding::{Finding, Remedy};
use crate::project::{Keys, Project};

/// In which state of the keys a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    /// uv accepts the list, or there is none; also where nothing is built.
    NotRejected,
    /// There is no list.
    NoKeys,
    /// uv rejects the list.
    Rejected,
    /// The list covers nothing at all.
    NothingCovered,
    /// The list covers something.
    SomethingCovered,
}

/// A rule that yields to others.
struct Yields {
    code: &'static str,
    /// The rules that it yields to, or the start of their codes. They are asked also where they are not selected.
    to: &'static [&'static str],
}

static YIELDS: &[Yields] = &[
    // The dead key `Cargo.lock` of a workspace member is replaced by the lockfile of the workspace.
    Yields { code: "CK003", to: &["CK105"] },
    // A misspelt list is renamed, and then there are keys.
    Yields { code: "CK101", to: &["CK002"] },
    // An entry that is replaced is not redundant, and makes no other one redundant.
    Yields { code: "CK203", to: &["CK007", "CK201", "CK202"] },
    // An entry that is replaced covers other files afterwards.
    Yields { code: "CK204", to: &["CK007", "CK201", "CK202"] },
    // A suppression is unused if no rule finds anything where it stands.
    Yields { code: "CK304", to: &["CK"] },
];

impl Rule {
    fn yields_to(&self, other: &Rule) -> bool {
        let starts = YIELDS.iter().filter(|yields| yields.code == self.code).flat_map(|yields| yields.to);
        other.code != self.code && starts.into_iter().any(|start| other.code.starts_with(start))
    }
}

/// What the rules find in a project. Each runs at most once.
struct Findings<'a> {
    project: &'a Project,
    /// In the order of the rules, and so is `found`.
    runs: Vec<bool>,
    found: Vec<OnceCell<Vec<Finding>>>,
}

impl Findings<'_> {
    fn of(&self, index: usize) -> &[Finding] {
        let rule = &RULES[index];
        self.found[index].get_or_init(|| (rule.check)(self.project, &Earlier { findings: self, rule }))
    }
}

/// What the rules found that a rule yields to.
pub(crate) struct Earlier<'a> {
    findings: &'a Findings<'a>,
    rule: &'static Rule,
}

impl<'a> Earlier<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static Rule, &'a Finding)> {
        let findings = self.findings;
        let is_earlier = |(index, rule): &(usize, &Rule)| self.rule.yields_to(rule) && findings.runs[*index];
        let earlier = RULES.iter().enumerate().filter(is_earlier);
        earlier.flat_map(move |(index, rule)| findings.of(index).iter().map(move |finding| (rule, finding)))
    }

    /// The entries that the fixes of those rules replace.
    pub(super) fn replaced(&self) -> Vec<usize> {
        let replaced = |(_, finding): (&Rule, &Finding)| match finding.remedy {
            Remedy::Replace(index, _) => Some(index),
            _ => None,
        };
        self.iter().filter_map(replaced).collect()
    }
}

/// All findings of the selected rules, in the order of the list; also those that a comment suppresses.
pub(super) fn findings(project: &Project, selected: &dyn Fn(&Rule) -> bool) -> Vec<(&'static Rule, Finding)> {
    let runs: Vec<bool> = RULES.iter().map(runs(project)).collect();
    let chosen: Vec<bool> = RULES.iter().zip(&runs).map(|(rule, runs)| *runs && selected(rule)).collect();
    let findings = Findings { project, runs, found: RULES.iter().map(|_| OnceCell::new()).collect() };
    for index in (0..RULES.len()).filter(|index| chosen[*index]) {
        findings.of(index);
    }
    let found = findings.found.into_iter().map(OnceCell::into_inner);
    let chosen = RULES.iter().zip(found).zip(chosen).filter(|(_, chosen)| *chosen);
    chosen.flat_map(|((rule, found), _)| found.into_iter().flatten().map(move |finding| (rule, finding))).collect()
}

fn runs(project: &Project) -> impl Fn(&Rule) -> bool {
    let (state, is_known) = (state(project), is_known(project));
    move |rule| match rule.meta.when {
        When::Always => true,
        When::Rejected => state == When::Rejected,
        When::NotRejected => state != When::Rejected,
        when => state == when && is_known,
    }
}

/// A file without Rust is judged by what holds for every list of keys alone. So is one whose keys uv never reads,
/// `package = false`.
fn is_known(project: &Project) -> bool {
    project.pyproject.backend.is_some() && !project.pyproject.is_unpackaged()
}

/// Whether every rule that may find something in the project can run.
pub(super) fn is_judged_as_a_whole(project: &Project) -> bool {
    let is_read = matches!(state(project), When::NoKeys | When::SomethingCovered);
    is_read && is_known(project) && project.inputs.complete()
}

fn state(project: &Project) -> When {
    match &project.keys {
        Keys::Absent => When::NoKeys,
        Keys::Rejected(_) => When::Rejected,
        Keys::Read(_) => {
            let any_input = project.inputs.iter().any(|(id, input)| input.exists && project.covered_by(id).is_some());
            if any_input || (0..project.pyproject.entries().len()).any(|index| project.yields(index)) {
                When::SomethingCovered
            } else {
                When::NothingCovered
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_rules_and_has_no_circle() {
        for yields in YIELDS {
            assert!(RULES.iter().any(|rule| rule.code == yields.code), "{}", yields.code);
            for start in yields.to {
                assert!(RULES.iter().any(|rule| rule.code.starts_with(start)), "{start}");
            }
        }
        let mut left: Vec<&Rule> = RULES.iter().collect();
        while !left.is_empty() {
            let before = left.len();
            let all = left.clone();
            left.retain(|rule| all.iter().any(|other| rule.yields_to(other)));
            assert!(left.len() < before, "a circle: {:?}", left.iter().map(|rule| rule.code).collect::<Vec<_>>());
        }
    }
}
