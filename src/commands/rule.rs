//! The rules as JSON.

use std::io::Write;

use serde::Serialize;

use crate::error::Error;
use crate::output::json;
use crate::project::finding::Applicability;
use crate::rules::selection::find_rule;
use crate::rules::{RULES, Rule};

#[derive(Serialize)]
struct Document {
    version: u32,
    rules: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: String,
    summary: &'static str,
    severity: &'static str,
    fix: Option<&'static str>,
    page: String,
}

/// Writes one rule, by code or name, or all of them, with their pages.
///
/// # Errors
///
/// [`Error::UnknownRule`]; those of `out`.
pub fn rules_json(rule: Option<&str>, out: &mut impl Write) -> Result<(), Error> {
    let rules = match rule {
        Some(rule) => vec![row(find_rule(rule)?)],
        None => RULES.iter().map(row).collect(),
    };
    Ok(json::write(&Document { version: 1, rules }, out)?)
}

fn row(rule: &Rule) -> Row {
    Row {
        code: rule.code,
        name: rule.name(),
        summary: rule.meta.summary,
        severity: rule.meta.severity.as_str(),
        fix: rule.meta.fix.map(Applicability::as_str),
        page: rule.page(),
    }
}
