//! Shows the findings of one place in the file as one block: what is wrong, the line, the inputs, and what to do.

use std::ops::Range;

use super::look::{Look, Role, display_width};
use super::{Diagnostic, FixSummary, ProjectReport, count, snippet};
use crate::fs::path::printable;
use crate::project::finding::{Applicability, Severity};

/// How many lines of added or removed keys are shown for a fix: in at least 100 columns, and in fewer.
const MOST: [usize; 2] = [5, 8];

/// The greatest number of names in a message.
const IN_MESSAGE: usize = 3;

/// Findings with the same span.
pub(super) struct Place<'a> {
    project: &'a ProjectReport,
    /// The text that contains the span, without control characters.
    text: &'a str,
    span: Option<&'a Range<usize>>,
    findings: Vec<&'a Diagnostic>,
}

/// The places of a project's findings, the most severe first.
pub(super) fn places<'a>(project: &'a ProjectReport, text: &'a str, look: Look) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    for finding in project.findings.iter().filter(|finding| finding.is_shown(look.infos)) {
        let span = finding.span.as_ref();
        match places.iter_mut().find(|place| place.span == span) {
            Some(place) => place.findings.push(finding),
            None => places.push(Place { project, text, span, findings: vec![finding] }),
        }
    }
    places.sort_by_key(|place| (worst(&place.findings), place.span.map(|span| span.start)));
    places
}

impl Place<'_> {
    /// The place as one line.
    pub(super) fn line(&self, look: Look) -> String {
        let severity = worst(&self.findings);
        let codes = unique(self.findings.iter().map(|finding| finding.code)).join(", ");
        let head = look.paint(Role::Severity(severity), &format!("{} {codes}", severity.as_str()));
        let at = |look| snippet::place(&self.project.pyproject, self.text, self.span, look);
        let line = format!("{}: {head} ", at(Look { links: false, ..look }));
        let message = self.findings.first().map_or("", |finding| &finding.message);
        let message = snippet::start(message, look.width.saturating_sub(display_width(&line)).max(20));
        format!("{}: {head} {message}", at(look))
    }

    /// The place as a block of lines.
    pub(super) fn block(&self, look: Look) -> Vec<String> {
        let (uncovered, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            self.findings.iter().partition(|finding| is_uncovered(finding));
        let is_group = uncovered.len() > 1 && !look.verbose;
        let (in_rows, in_full) = if is_group { (&uncovered, &others) } else { (&Vec::new(), &self.findings) };
        let mut lines = Vec::new();
        if is_group {
            let severity = worst(in_rows);
            let head = look.paint(Role::Severity(severity), severity.as_str());
            let names = unique(in_rows.iter().flat_map(|finding| names(finding))).len();
            lines.extend(look.wrap(&format!("{head}: no key covers {} of this build", count(names, "input")), 2));
        }
        for finding in in_full {
            let name = if look.verbose { format!(" {}", finding.name) } else { String::new() };
            let head = format!("{}[{}{name}]", finding.severity.as_str(), finding.code);
            let head = look.paint(Role::Severity(finding.severity), &head);
            lines.extend(look.wrap(&format!("{head}: {}", finding.message), 2));
        }
        let gutter = snippet::gutter(self.text, self.span);
        let at = snippet::place(&self.project.pyproject, self.text, self.span, look);
        lines.push(format!("{}{} {at}", " ".repeat(gutter), look.paint(Role::Frame, "-->")));
        if let Some(span) = self.span {
            let group = (uncovered.len() > 1).then_some("uv does not rebuild when they change");
            let single = if group.is_some() { &others } else { &self.findings };
            let labels = unique(group.into_iter().chain(single.iter().map(|finding| finding.label.as_str())));
            lines.extend(snippet::lines(self.text, span, worst(&self.findings), &labels.join("; "), look));
        }
        let is_cut = |finding: &&&Diagnostic| is_group || look.verbose && names(finding).count() > IN_MESSAGE;
        let in_rows: Vec<&Diagnostic> = uncovered.iter().filter(is_cut).copied().collect();
        lines.extend(rows(&in_rows, gutter, look));
        lines.extend(self.helps(look));
        lines
    }

    /// The help texts and fixes, without repetitions.
    fn helps(&self, look: Look) -> Vec<String> {
        let help = look.paint(Role::Help, "help");
        let help = |text: String| look.wrap(&format!("{help}: {text}"), 2);
        let texts = unique(self.findings.iter().filter_map(|finding| finding.help.as_deref()));
        let mut lines: Vec<String> = texts.into_iter().flat_map(|text| help(text.to_owned())).collect();
        for (applicability, flag) in [(Applicability::Safe, "--fix"), (Applicability::Unsafe, "--fix --unsafe-fixes")] {
            let fixes = || {
                let fixes = self.findings.iter().filter_map(|finding| finding.fix.as_ref());
                fixes.filter(|fix| fix.applicability == applicability)
            };
            let is_other = |fix: &&FixSummary| fix.keys.is_empty() && fix.removed.is_empty();
            for action in unique(fixes().filter(is_other).map(|fix| fix.action.as_str())) {
                lines.extend(help(format!("{action} (`{flag}`)")));
            }
            let removed = unique(fixes().flat_map(|fix| fix.removed.iter().map(String::as_str)));
            let added = unique(fixes().flat_map(|fix| fix.keys.iter().map(String::as_str)));
            let what = match (removed.len(), added.len()) {
                (0, 0) => continue,
                (0, 1) => "add this key".to_owned(),
                (0, new) => format!("add {new} keys"),
                (1, 0) if applicability == Applicability::Safe => {
                    "remove this key, other keys cover the same inputs".to_owned()
                }
                (1, 0) => "remove this key".to_owned(),
                (old, 0) => format!("remove {old} keys"),
                (1, 1) => "replace this key".to_owned(),
                (1, new) => format!("replace this key with {new}"),
                (old, new) => format!("replace {old} keys with {new}"),
            };
            lines.extend(help(format!("{what} (`{flag}`)")));
            lines.extend(keys(&removed, Role::Removed, look));
            lines.extend(keys(&added, Role::Added, look));
        }
        lines
    }
}

fn worst(findings: &[&Diagnostic]) -> Severity {
    findings.iter().map(|finding| finding.severity).min().unwrap_or(Severity::Info)
}

/// Whether the finding only lists inputs that no key covers.
fn is_uncovered(finding: &Diagnostic) -> bool {
    finding.name.starts_with("uncovered-") && names(finding).next().is_some()
}

/// The names of what no key covers: files, variables, git states.
fn names(finding: &Diagnostic) -> impl Iterator<Item = &str> {
    finding.inputs.iter().chain(&finding.keys).map(String::as_str)
}

/// The texts without repetitions, in their order.
fn unique<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    texts.filter(|text| seen.insert(*text)).collect()
}

/// One line for each code, with the kind of input and the names.
fn rows(findings: &[&Diagnostic], gutter: usize, look: Look) -> Vec<String> {
    let kind = |finding: &Diagnostic| finding.name.trim_start_matches("uncovered-").replace('-', " ");
    let width = findings.iter().map(|finding| kind(finding).len()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for of_code in findings.chunk_by(|one, other| one.code == other.code) {
        let severity = worst(of_code);
        let code = look.paint(Role::Severity(severity), of_code[0].code);
        let equals = look.paint(Role::Frame, "=");
        let head = format!("{} {equals} {code} {:<width$}  ", " ".repeat(gutter), kind(of_code[0]));
        let indent = display_width(&head);
        let note = if severity == worst(findings) { String::new() } else { format!(" ({})", severity.as_str()) };
        let names = unique(of_code.iter().flat_map(|finding| names(finding)));
        let room = look.width.saturating_sub(indent + note.len());
        let names = if look.verbose { names.join(", ") } else { some(&names, room) };
        lines.extend(look.wrap(&format!("{head}{}{note}", printable(&names)), indent));
    }
    lines
}

/// As many names as fit, and the number of the others. If not even one fits, its start is cut off.
fn some(names: &[&str], room: usize) -> String {
    let more = |shown: usize| match names.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let text = |shown: usize| names[..shown].join(", ") + &more(shown);
    let fits = (1..=names.len()).take_while(|shown| names[..*shown].join(", ").len() <= room);
    let shown = fits.map(text).filter(|text| display_width(text) <= room).last();
    shown.unwrap_or_else(|| {
        let end = snippet::end(names[0], room.saturating_sub(more(1).len()).max(20));
        let end = end.find('/').map_or_else(|| end.clone(), |slash| format!("…{}", &end[slash..]));
        end + &more(1)
    })
}

/// Keys with a plus or minus sign. More than three keys are shown in two columns. A key that is too wide gets a row of its own.
fn keys(keys: &[&str], role: Role, look: Look) -> Vec<String> {
    let sign = if matches!(role, Role::Added) { '+' } else { '-' };
    let column = look.width.saturating_sub(2) / 2;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for key in keys {
        let cell = format!("   {sign} {}", printable(key));
        let fits = |cell: &String| keys.len() > 3 && display_width(cell) <= column;
        match rows.last_mut() {
            Some(row) if row.len() == 1 && fits(&row[0]) && fits(&cell) => row.push(cell),
            _ => rows.push(vec![cell]),
        }
    }
    let draw = |row: &Vec<String>| {
        let gap = " ".repeat(column.saturating_sub(display_width(&row[0])));
        look.paint(role, &row.join(&gap))
    };
    let most = MOST[usize::from(look.width < 100)];
    if rows.len() <= most || look.verbose {
        return rows.iter().map(draw).collect();
    }
    let (shown, hidden) = rows.split_at(most - 1);
    let more: usize = hidden.iter().map(Vec::len).sum();
    shown.iter().map(draw).chain([format!("   and {more} more (-v shows all)")]).collect()
}
