//! Writes the edits as a unified diff.

use std::io::{self, Write};

use similar::TextDiff;

use super::Report;
use crate::fs::path::slashed;

/// Writes what the fix changes, or would change, in each project.
pub fn diff(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for project in &report.projects {
        let Some(new) = &project.fixed_text else { continue };
        let path = quoted(&slashed(&project.pyproject));
        let diff = TextDiff::from_lines(&project.text, new);
        diff.unified_diff().header(&path, &path).to_writer(&mut *out)?;
    }
    Ok(())
}

/// A path as git writes it in the header of a diff. It is quoted and escaped if it would break the line or control a terminal
/// (git's documentation, "core.quotePath").
fn quoted(path: &str) -> String {
    if !path.contains(|c: char| c.is_control() || c == '"') {
        return path.to_owned();
    }
    let mut quoted = "\"".to_owned();
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let octal: Vec<String> = c.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect();
                quoted += &octal.concat();
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
