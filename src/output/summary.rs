//! The counts of a run, and the last line of the report.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{FixSummary, Report, count};
use crate::project::Scope;
use crate::project::finding::{Applicability, Severity};

/// The counts of a report. The JSON has the same fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Projects checked.
    pub projects: usize,
    /// Findings of each severity.
    pub errors: usize,
    /// See [`Severity::Warning`].
    pub warnings: usize,
    /// See [`Severity::Info`].
    pub infos: usize,
    /// Findings that a safe fix would resolve.
    pub fixable: usize,
    /// Findings that were fixed.
    pub fixed: usize,
}

impl Report {
    /// The counts of all projects.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { projects: self.projects.len(), ..Summary::default() };
        for project in &self.projects {
            summary.fixed += project.fixed();
            for finding in &project.findings {
                *match finding.severity {
                    Severity::Error => &mut summary.errors,
                    Severity::Warning => &mut summary.warnings,
                    Severity::Info => &mut summary.infos,
                } += 1;
                let safe = |fix: &FixSummary| fix.applicability == Applicability::Safe;
                summary.fixable += usize::from(finding.fix.as_ref().is_some_and(safe));
            }
        }
        summary
    }
}

/// The last line of the report. It also says what could not be determined, and what was not checked.
pub(super) fn sentence(report: &Report) -> String {
    let Summary { projects, errors, warnings, fixable, fixed, .. } = report.summary();
    if projects == 0 {
        let is_searched = report.errors.is_empty();
        let sentence =
            if is_searched { "No Rust extension and no cache-keys found" } else { "Nothing could be checked" };
        return sentence.to_owned();
    }
    let incomplete = match (report.projects.iter().filter(|project| !project.complete).count(), projects) {
        (0, _) => String::new(),
        (_, 1) => " (incomplete)".to_owned(),
        (some, _) => format!(" ({some} incomplete)"),
    };
    let found: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| count(number, what))
        .collect();
    let undetermined: usize = report.projects.iter().map(|project| project.undetermined).sum();
    let unanalysed = unanalysed(report);
    let mut parts = Vec::new();
    if fixed > 0 {
        parts.push(format!("{fixed} fixed"));
    }
    match (found.is_empty(), fixed > 0) {
        (true, false) => parts.push("no errors or warnings".to_owned()),
        (true, true) => parts.push("none left".to_owned()),
        (false, true) => parts.push(found.join(", ") + " left"),
        (false, false) => parts.push(found.join(", ")),
    }
    let with_unsafe = report.projects.iter().flat_map(|project| &project.findings).filter(|finding| {
        let is_unsafe = finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Unsafe);
        is_unsafe && finding.severity != Severity::Info
    });
    match (fixable, with_unsafe.count()) {
        (0, 0) => {}
        (0, some) => parts.push(format!("{some} fixable with --fix --unsafe-fixes")),
        (some, 0) => parts.push(format!("{some} fixable with --fix")),
        (some, more) => parts.push(format!("{some} fixable with --fix, {more} more with --unsafe-fixes")),
    }
    if undetermined > 0 {
        parts.push(count(undetermined, "path") + " could not be determined (see cachekeys inputs)");
    }
    parts.extend(unanalysed);
    format!("{} checked{incomplete}: {}", count(projects, "project"), parts.join("; "))
}

/// Names the projects of which only the keys were checked.
fn unanalysed(report: &Report) -> Option<String> {
    let projects = report.projects.iter().filter(|project| project.scope == Scope::Keys && project.is_built);
    let backends: BTreeSet<&str> = projects.clone().map(|project| project.backend.as_str()).collect();
    let backends = backends.into_iter().collect::<Vec<_>>().join(", ");
    match (projects.count(), report.projects.len()) {
        (0, _) => None,
        (1, 1) => Some(format!("only keys checked, inputs of {backends} are not analysed")),
        (some, _) => {
            Some(format!("only keys checked in {}, inputs of {backends} are not analysed", count(some, "project")))
        }
    }
}
