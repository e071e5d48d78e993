//! What a rule is, and what the rules find: each runs at most once, where the state of the keys lets it ([`precedence`]).

use std::cell::OnceCell;

use super::precedence::{self, When};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::pyproject::rule_codes::name_of;

/// The metadata that each rule declares in its own file.
#[derive(Debug)]
pub(crate) struct Meta {
    pub(crate) severity: Severity,
    /// The kind of fix that its findings may have.
    pub(crate) fix: Option<Applicability>,
    pub(crate) when: When,
    /// One line for the overview.
    pub(crate) summary: &'static str,
}

/// A rule in the list.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) code: &'static str,
    pub(super) module: &'static str,
    pub(crate) meta: &'static Meta,
    pub(super) source: &'static str,
    pub(super) check: fn(&Project, &Earlier<'_>) -> Vec<Finding>,
}

/// The `check` function of a rule. It takes the project and, if the rule yields to others, their findings.
pub(super) trait Check<Arguments> {
    fn run(&self, project: &Project, earlier: &Earlier<'_>) -> Vec<Finding>;
}

impl<F: Fn(&Project) -> Vec<Finding>> Check<fn(&Project)> for F {
    fn run(&self, project: &Project, _: &Earlier<'_>) -> Vec<Finding> {
        self(project)
    }
}

impl<F: Fn(&Project, &Earlier<'_>) -> Vec<Finding>> Check<fn(&Project, &Earlier<'_>)> for F {
    fn run(&self, project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
        self(project, earlier)
    }
}

impl Rule {
    /// The name of the rule, such as `missing-cache-keys`. It reads naturally after "found".
    pub(crate) fn name(&self) -> String {
        name_of(self.module)
    }

    /// The page of the rule: its name and code, and the leading `//!` comment of its file.
    pub(crate) fn page(&self) -> String {
        let body = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        let body: Vec<&str> = body.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        format!("# {} ({})\n\n{}\n", self.name(), self.code, body.join("\n").trim())
    }
}

/// The findings of all rules in a project. Each rule runs at most once.
struct Findings<'a> {
    rules: &'static [Rule],
    project: &'a Project,
    /// Whether each rule runs. `runs` and `found` are in the order of the rules.
    runs: Vec<bool>,
    found: Vec<OnceCell<Vec<Finding>>>,
}

impl Findings<'_> {
    fn of(&self, index: usize) -> &[Finding] {
        let rule = &self.rules[index];
        self.found[index].get_or_init(|| (rule.check)(self.project, &Earlier { findings: self, rule }))
    }
}

/// The findings of the rules that a rule yields to.
pub(crate) struct Earlier<'a> {
    findings: &'a Findings<'a>,
    rule: &'static Rule,
}

impl<'a> Earlier<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static Rule, &'a Finding)> {
        let findings = self.findings;
        let is_earlier =
            |(index, rule): &(usize, &Rule)| precedence::yields(self.rule.code, rule.code) && findings.runs[*index];
        let earlier = findings.rules.iter().enumerate().filter(is_earlier);
        earlier.flat_map(move |(index, rule)| findings.of(index).iter().map(move |finding| (rule, finding)))
    }

    /// The entries that the fixes of these rules replace.
    pub(super) fn replaced(&self) -> Vec<usize> {
        let replaced = |(_, finding): (&Rule, &Finding)| match finding.remedy {
            Remedy::Replace(index, _) => Some(index),
            _ => None,
        };
        self.iter().filter_map(replaced).collect()
    }
}

/// All findings of the selected rules, in the order of the list. Findings that a comment suppresses are included.
pub(super) fn findings(
    rules: &'static [Rule],
    project: &Project,
    selected: &dyn Fn(&Rule) -> bool,
) -> Vec<(&'static Rule, Finding)> {
    let runs = precedence::runs(project);
    let runs: Vec<bool> = rules.iter().map(|rule| runs(rule.meta.when)).collect();
    let chosen: Vec<bool> = rules.iter().zip(&runs).map(|(rule, runs)| *runs && selected(rule)).collect();
    let findings = Findings { rules, project, runs, found: rules.iter().map(|_| OnceCell::new()).collect() };
    for index in (0..rules.len()).filter(|index| chosen[*index]) {
        findings.of(index);
    }
    let found = findings.found.into_iter().map(OnceCell::into_inner);
    let chosen = rules.iter().zip(found).zip(chosen).filter(|(_, chosen)| *chosen);
    chosen.flat_map(|((rule, found), _)| found.into_iter().flatten().map(move |finding| (rule, finding))).collect()
}
