//! Writes one JSON object for each line: a finding or an error. The fields are those of `json`.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::json::{Failure, Finding, failure, finding};
use crate::fs::path::slashed;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding {
        version: u32,
        pyproject: String,
        #[serde(flatten)]
        finding: Finding<'a>,
    },
    Error {
        version: u32,
        #[serde(flatten)]
        failure: Failure,
    },
}

/// Writes all findings, including infos, and then the errors.
pub fn json_lines(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for project in &report.projects {
        for found in &project.findings {
            let pyproject = slashed(&project.pyproject);
            write(&Line::Finding { version: 1, pyproject, finding: finding(project, found) }, out)?;
        }
    }
    report.errors.iter().try_for_each(|error| write(&Line::Error { version: 1, failure: failure(error) }, out))
}

fn write(line: &Line<'_>, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    writeln!(out)
}
