//! One line for each finding: `path:line:column: severity code message`.

use std::io::{self, Write};

use super::{Look, Report, hyperlink, position};
use crate::fs::path::shown;
use crate::project::finding::Applicability;

/// Writes one line for each finding; infos only with [`Look::infos`].
pub fn concise(report: &Report, look: Look, out: &mut impl Write) -> io::Result<()> {
    for project in &report.projects {
        for finding in project.findings.iter().filter(|finding| finding.is_shown(look.infos)) {
            let offset = finding.span.as_ref().map_or(0, |span| span.start);
            let (line, column) = position::line_and_column(project.shown_text(), offset);
            let at = format!("{}:{line}:{column}", shown(&project.pyproject));
            let at = if look.links { hyperlink::to_file(&project.pyproject, &at) } else { at };
            let fix = match finding.fix.as_ref().map(|fix| fix.applicability) {
                Some(Applicability::Safe) => " [*]",
                Some(Applicability::Unsafe) => " [unsafe]",
                None => "",
            };
            let severity = finding.severity.as_str();
            writeln!(out, "{at}: {severity} {} {}{fix}", finding.code, finding.message)?;
        }
    }
    Ok(())
}
