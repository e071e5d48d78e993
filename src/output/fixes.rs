//! What was fixed: the keys that were removed and added.

use std::io::{self, Write};

use super::look::{Look, Role};
use super::{ProjectReport, Report};
use crate::fs::path::{printable, shown};

/// Writes what changed in each file.
pub fn fixes(report: &Report, look: Look, out: &mut impl Write) -> io::Result<()> {
    report.projects.iter().filter(|project| !project.before.is_empty()).try_for_each(|project| of(project, look, out))
}

pub(super) fn of(project: &ProjectReport, look: Look, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Fixed {}:", shown(&project.pyproject))?;
    for fix in &project.fixes {
        let fix = printable(fix);
        let fix = match fix.as_bytes() {
            [b'+', ..] => look.paint(Role::Added, &fix),
            [b'-', ..] => look.paint(Role::Removed, &fix),
            _ => fix,
        };
        writeln!(out, "  {fix}")?;
    }
    writeln!(out)
}
