//! The edit as a unified diff.

use std::io::{self, Write};

use similar::TextDiff;

use super::Report;

/// Writes what the fix changes, or would change, in each project.
///
/// # Errors
///
/// Those of `out`.
pub fn diff(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for project in &report.projects {
        let Some(new) = &project.fixed_text else { continue };
        let path = project.pyproject.to_string_lossy();
        let diff = TextDiff::from_lines(&project.text, new);
        diff.unified_diff().header(&path, &path).to_writer(&mut *out)?;
    }
    Ok(())
}
