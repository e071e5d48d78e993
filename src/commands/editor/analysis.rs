//! One project while its pyproject.toml is edited: the findings, and the edits that an editor offers for them.

use std::ops::Range;
use std::path::PathBuf;

use super::{ignore, keys, related};
use crate::commands::check::{self, Found};
use crate::fix::{self, edit};
use crate::output::{Diagnostic, Edit, FixSummary};
use crate::project::Project;
use crate::project::finding::Applicability;
use crate::rules::selection::Selection;

/// A project as it was judged.
#[derive(Debug)]
pub struct Analysis {
    pub(super) project: Project,
    pub(super) selection: Selection,
    found: Found,
    findings: Vec<Diagnostic>,
}

/// The edit that fixes one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextFix {
    /// What is done, and whether `--fix` would do it.
    pub summary: FixSummary,
    /// The bytes to replace.
    pub edit: Edit,
}

/// A place in another file that has to do with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Related {
    /// From the root of the disk.
    pub path: PathBuf,
    /// Counted from 0; the first where no line is known.
    pub line: usize,
    /// What it has to do with the finding.
    pub message: String,
}

impl Analysis {
    pub(super) fn of(project: Project, selection: &Selection) -> Self {
        let selection = selection.over(&project.pyproject.options);
        let found = check::findings(&project, &selection);
        let plan = check::plan(&project, &found, false);
        let findings = check::diagnostics(&project, &found, &plan, &selection);
        Self { project, selection, found, findings }
    }

    /// The text that was judged.
    #[must_use]
    pub fn text(&self) -> &str {
        self.project.pyproject.text()
    }

    /// The findings, in the order of their rules.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The place of a finding: its own, or that of findings about the list as a whole.
    #[must_use]
    pub fn place(&self, finding: usize) -> Range<usize> {
        let own = self.findings.get(finding).and_then(|finding| finding.span.clone());
        own.unwrap_or_else(|| self.project.pyproject.anchor())
    }

    /// Places in other files that have to do with a finding; the first few of many.
    #[must_use]
    pub fn related(&self, finding: usize) -> Vec<Related> {
        self.found.get(finding).map_or_else(Vec::new, |(_, finding)| related::related(&self.project, finding))
    }

    /// The edit that fixes one finding, and no other.
    #[must_use]
    pub fn fix(&self, finding: usize) -> Option<TextFix> {
        let allow_unsafe = self.findings.get(finding)?.fix.as_ref()?.applicability == Applicability::Unsafe;
        let plan = fix::plan(&self.project, &[&self.found.get(finding)?.1], allow_unsafe);
        let summary = FixSummary::from(plan.planned.first()?.fix.as_ref()?);
        let edited = edit::apply(self.text(), &plan.operations).ok()?;
        (edited.text != self.text()).then(|| TextFix { summary, edit: Edit::between(self.text(), &edited.text) })
    }

    /// The edit of all safe fixes: what `--fix` would write.
    #[must_use]
    pub fn fix_all(&self) -> Option<Edit> {
        let plan = check::plan(&self.project, &self.found, false);
        let fixed = check::fixed(&self.project, plan, false, &self.selection).ok()??;
        Some(Edit::between(self.text(), &fixed.text))
    }

    /// The edit that adds a comment by which a finding is not reported any more; `None` where no comment can do that.
    #[must_use]
    pub fn ignore(&self, finding: usize) -> Option<Edit> {
        ignore::ignore(self, finding)
    }

    /// What each key covers, where uv reads the list.
    #[must_use]
    pub fn keys(&self) -> Vec<keys::WalkedKey> {
        keys::keys(&self.project)
    }

    /// The list as a whole.
    #[must_use]
    pub fn overview(&self) -> keys::Overview {
        keys::Overview::of(&self.project)
    }

    /// The directories in which a file that changes, comes or goes may change the verdict.
    #[must_use]
    pub fn watched(&self) -> Vec<PathBuf> {
        check::watched(&self.project)
    }
}
