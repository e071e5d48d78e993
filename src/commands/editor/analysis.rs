//! The analysis of one project while its pyproject.toml is edited: the findings, and the edits that an editor offers for them.

use std::ops::Range;
use std::path::PathBuf;

use super::related::{Related, related};
use super::{ignore, keys};
use crate::commands::check::{self, Found};
use crate::fix::{self, edit};
use crate::output::{Diagnostic, Edit, FixSummary};
use crate::project::Project;
use crate::project::finding::Applicability;
use crate::rules::selection::Selection;

/// A project and its findings.
#[derive(Debug)]
pub struct Analysis {
    project: Project,
    selection: Selection,
    found: Found,
    findings: Vec<Diagnostic>,
}

/// The edit that fixes one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextFix {
    /// What the edit does, and whether `--fix` would make it.
    pub summary: FixSummary,
    /// The bytes to replace.
    pub edit: Edit,
}

impl Analysis {
    pub(super) fn of(project: Project, selection: &Selection) -> Self {
        let selection = selection.over(&project.pyproject.options);
        let found = check::findings(&project, &selection);
        let plan = check::plan(&project, &found, false);
        let findings = check::diagnostics(&project, &found, &plan, &selection);
        Self { project, selection, found, findings }
    }

    /// The text that was analysed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.project.pyproject.text()
    }

    /// The findings, in the order of their rules.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The place of a finding. A finding without one has the place of the list as a whole.
    #[must_use]
    pub fn place(&self, finding: usize) -> Range<usize> {
        let own = self.findings.get(finding).and_then(|finding| finding.span.clone());
        own.unwrap_or_else(|| self.project.pyproject.anchor())
    }

    /// The first few places in other files that are related to a finding.
    #[must_use]
    pub fn related(&self, finding: usize) -> Vec<Related> {
        self.found.get(finding).map_or_else(Vec::new, |(_, finding)| related(&self.project, finding))
    }

    /// The edit that fixes only this finding.
    #[must_use]
    pub fn fix(&self, finding: usize) -> Option<TextFix> {
        let allow_unsafe = self.findings.get(finding)?.fix.as_ref()?.applicability == Applicability::Unsafe;
        let plan = fix::plan(&self.project, &[&self.found.get(finding)?.1], allow_unsafe);
        let summary = plan.planned.first()?.fix.clone()?;
        let edited = edit::apply(self.text(), &plan.operations).ok()?;
        (edited != self.text()).then(|| TextFix { summary, edit: Edit::between(self.text(), &edited) })
    }

    /// The edit that makes all safe fixes: what `--fix` would write.
    #[must_use]
    pub fn fix_all(&self) -> Option<Edit> {
        let plan = check::plan(&self.project, &self.found, false);
        let fixed = check::fixed(&self.project, plan, false, &self.selection).ok()??;
        Some(Edit::between(self.text(), &fixed.text))
    }

    /// The edit that adds a comment to ignore a finding; `None` if no comment can do that.
    #[must_use]
    pub fn ignore(&self, finding: usize) -> Option<Edit> {
        let Self { project, selection, findings, .. } = self;
        ignore::ignore(project, selection, findings, findings.get(finding)?, self.place(finding).start)
    }

    /// What each key covers; empty if uv does not read the list.
    #[must_use]
    pub fn keys(&self) -> Vec<keys::WalkedKey> {
        keys::keys(&self.project)
    }

    /// A summary of the list.
    #[must_use]
    pub fn overview(&self) -> keys::Overview {
        keys::Overview::of(&self.project)
    }

    /// The directories in which a changed, new or removed file may change the findings.
    #[must_use]
    pub fn watched(&self) -> Vec<PathBuf> {
        check::watched(&self.project)
    }
}
