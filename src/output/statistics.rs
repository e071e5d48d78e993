//! The number of findings of each rule, the most frequent first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Report, json};
use crate::project::finding::Applicability;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    statistics: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'static str,
    name: &'a str,
    severity: &'static str,
    count: usize,
    /// How many of the findings a safe fix would resolve.
    fixable: usize,
}

/// Writes one line for each rule with findings.
pub fn statistics(report: &Report, verbose: bool, out: &mut impl Write) -> io::Result<()> {
    let rows = rows(report, verbose);
    let width = rows.iter().map(|row| row.count.to_string().len()).max().unwrap_or(0);
    for row in rows {
        let fixable = match row.fixable {
            0 => String::new(),
            all if all == row.count => "  [*]".to_owned(),
            some => format!("  [{some} *]"),
        };
        writeln!(out, "{:width$}  {}  {}{fixable}", row.count, row.code, row.name)?;
    }
    Ok(())
}

/// Writes the counts of all findings as one JSON document.
pub fn statistics_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    json::write(&Document { version: 1, statistics: rows(report, true) }, out)
}

fn rows(report: &Report, verbose: bool) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    let findings = report.projects.iter().flat_map(|project| &project.findings);
    for finding in findings.filter(|finding| finding.is_shown(verbose)) {
        let severity = finding.severity.as_str();
        let new = Row { code: finding.code, name: &finding.name, severity, count: 0, fixable: 0 };
        let row = rows.entry(finding.code).or_insert(new);
        row.count += 1;
        let is_safe = finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
        row.fixable += usize::from(is_safe);
    }
    let mut rows: Vec<Row<'_>> = rows.into_values().collect();
    // The sort is stable, so rules with the same count stay sorted by code.
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}
