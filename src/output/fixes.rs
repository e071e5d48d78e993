//! What was fixed, in words.

use std::io::{self, Write};

use super::{ProjectReport, Report};
use crate::fs::path::shown;

/// Writes what was done to each file.
///
/// # Errors
///
/// Those of `out`.
pub fn fixes(report: &Report, out: &mut impl Write) -> io::Result<()> {
    report.projects.iter().filter(|project| !project.before.is_empty()).try_for_each(|project| of(project, out))
}

pub(super) fn of(project: &ProjectReport, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Fixed {}:", shown(&project.pyproject))?;
    for fix in &project.fixes {
        writeln!(out, "  {fix}")?;
    }
    writeln!(out)
}
