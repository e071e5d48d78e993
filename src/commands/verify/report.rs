//! The report of `verify`, as text and as JSON: what no key covers, what the analysis did not find, and which records were read.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use crate::commands::report::Section;
use crate::crates::workspace::TargetRole;
use crate::error::Error;
use crate::fs::{Resolved, path};
use crate::inputs::build_records;
use crate::output::count;
use crate::project::Project;

/// The file, directory or variable that a record names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    File(Resolved),
    /// A directory with everything below it.
    Directory(Resolved),
    Variable(String),
}

/// Something that a record names.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) named: Named,
    /// Index into the crates of the project.
    pub(crate) in_crate: usize,
    /// "read by rustc for the library of crate `x`".
    pub(crate) reason: String,
    /// Whether the analysis found it.
    pub(crate) known: bool,
    /// The keys that cover it; empty if uv does not notice a change.
    pub(crate) covered_by: Vec<String>,
    /// Why it needs no key.
    pub(crate) excused: Option<&'static str>,
}

impl Seen {
    pub(crate) fn is_uncovered(&self) -> bool {
        self.covered_by.is_empty() && self.excused.is_none()
    }
}

/// The records of a project's last build, compared with the keys and the analysis.
#[derive(Debug)]
pub(crate) struct Verification {
    pub(crate) recorded: build_records::Recorded,
    /// Sorted and without duplicates.
    pub(crate) seen: Vec<Seen>,
    /// Whether a crate that the backend builds was compiled.
    pub(crate) is_built: bool,
}

/// The records of one project's last build, compared with its keys.
#[derive(Debug, Serialize)]
pub struct VerifyProject {
    pyproject: String,
    /// False if no build was found.
    built: bool,
    complete: bool,
    uncovered: Vec<Row>,
    unknown: Vec<Row>,
    /// Recorded and uncovered, but in no need of a key.
    excused: Vec<Row>,
    builds: Vec<Build>,
    /// The crates of the build for which there are no records.
    unrecorded: Vec<String>,
    /// Records that could not be read.
    unread: Vec<String>,
    recorded: Recorded,
}

/// How much was recorded, without duplicates.
#[derive(Debug, Serialize)]
struct Recorded {
    files: usize,
    variables: usize,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    kind: &'static str,
    #[serde(rename = "crate")]
    in_crate: String,
    reason: String,
    /// Whether `cachekeys inputs` lists it.
    known: bool,
    covered_by: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

/// The builds in one target directory.
#[derive(Debug, Serialize)]
struct Build {
    directory: String,
    units: Vec<UnitRow>,
}

#[derive(Debug, Serialize)]
struct UnitRow {
    #[serde(rename = "crate")]
    in_crate: String,
    target: &'static str,
    files: usize,
    variables: usize,
    up_to_date: bool,
}

impl VerifyProject {
    pub(crate) fn of(project: &Project, verification: &Verification) -> Self {
        let recorded = &verification.recorded;
        let row = |seen: &Seen| row(project, seen);
        let rows = |wanted: fn(&Seen) -> bool| verification.seen.iter().filter(|seen| wanted(seen)).map(row).collect();
        let crates = project.inputs.crates.iter().enumerate();
        let is_recorded = |at: usize| recorded.units.iter().any(|unit| unit.in_crate == at);
        let is_variable = |seen: &&Seen| matches!(seen.named, Named::Variable(_));
        let variables = verification.seen.iter().filter(is_variable).count();
        Self {
            pyproject: path::slashed(&project.pyproject.shown),
            built: verification.is_built,
            complete: project.inputs.complete(),
            uncovered: rows(Seen::is_uncovered),
            unknown: rows(|seen| !seen.known && seen.excused.is_none()),
            excused: rows(|seen| seen.excused.is_some() && seen.covered_by.is_empty()),
            builds: builds(project, verification),
            unrecorded: crates.filter(|(at, _)| !is_recorded(*at)).map(|(_, found)| found.name().to_owned()).collect(),
            unread: recorded.unread.iter().map(|path| path::display(&project.pyproject.dir, path)).collect(),
            recorded: Recorded { files: verification.seen.len() - variables, variables },
        }
    }

    /// The reason why the project could not be verified.
    pub(super) fn obstacle(&self) -> Option<Error> {
        let reason = match (self.built, self.complete) {
            (true, _) => return None,
            (false, true) => "no build to verify against: run `uv sync` or `cargo check` first",
            (false, false) => "no build to verify against, and cargo cannot read all of the project (CK303)",
        };
        Some(Error::Path { path: PathBuf::from(&self.pyproject), reason: reason.to_owned() })
    }
}

impl Section for VerifyProject {
    fn text(&self, _verbose: bool, out: &mut impl Write) -> io::Result<()> {
        if self.built {
            let units: usize = self.builds.iter().map(|build| build.units.len()).sum();
            let files = count(self.recorded.files, "file");
            let variables = count(self.recorded.variables, "variable");
            writeln!(out, "{}: {files} and {variables} recorded in {}", self.pyproject, count(units, "unit"))?;
        } else {
            writeln!(out, "{}: not verified, no build was found", self.pyproject)?;
        }
        for build in &self.builds {
            let stale: Vec<&UnitRow> = build.units.iter().filter(|unit| !unit.up_to_date).collect();
            let note = match stale.as_slice() {
                [] => String::new(),
                [unit, ..] => format!("; sources changed since then: {} of crate {}", unit.target, unit.in_crate),
            };
            writeln!(out, "  built in {}: {}{note}", build.directory, count(build.units.len(), "unit"))?;
        }
        if !self.unrecorded.is_empty() {
            writeln!(out, "  no records of {}", self.unrecorded.join(", "))?;
        }
        for record in &self.unread {
            writeln!(out, "  could not be read: {record}")?;
        }
        list(out, "NOT COVERED", &self.uncovered)?;
        list(out, "not found by the analysis", &self.unknown)?;
        list(out, "not covered, needs no key", &self.excused)?;
        if self.built && self.uncovered.is_empty() {
            writeln!(out, "  all recorded inputs are covered")?;
        }
        Ok(())
    }

    fn is_at_fault(&self, _strict: bool) -> bool {
        !self.uncovered.is_empty()
    }

    fn none(_errors: &[Error]) -> Option<&'static str> {
        Some("No project was verified.")
    }
}

/// How many rows of a list are shown as text.
const SHOWN: usize = 20;

fn list(out: &mut impl Write, title: &str, rows: &[Row]) -> io::Result<()> {
    let width = rows.iter().take(SHOWN).map(|row| row.name.chars().count()).max().unwrap_or(0).min(60);
    for row in rows.iter().take(SHOWN) {
        let reason = row.note.map_or_else(|| row.reason.clone(), |note| format!("{}: {note}", row.reason));
        let cover =
            if row.covered_by.is_empty() { String::new() } else { format!("; covered by {}", row.covered_by[0]) };
        writeln!(out, "  {title}: {:9} {:width$}  {reason}{cover}", row.kind, row.name)?;
    }
    match rows.len().checked_sub(SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "  {title}: and {more} more (`--output-format json` lists them all)"),
    }
}

fn row(project: &Project, seen: &Seen) -> Row {
    let shown = |path| path::display(&project.pyproject.dir, path);
    let (kind, name) = match &seen.named {
        Named::File(path) => ("file", shown(path)),
        Named::Directory(path) => ("directory", shown(path)),
        Named::Variable(name) => ("variable", name.clone()),
    };
    Row {
        name,
        kind,
        in_crate: project.inputs.crates[seen.in_crate].name().to_owned(),
        reason: seen.reason.clone(),
        known: seen.known,
        covered_by: seen.covered_by.clone(),
        note: seen.excused,
    }
}

fn builds(project: &Project, verification: &Verification) -> Vec<Build> {
    let mut builds: Vec<(&PathBuf, Vec<UnitRow>)> = Vec::new();
    let name = |at: usize| project.inputs.crates[at].name().to_owned();
    let units = verification.recorded.units.iter().map(|unit| {
        let target = match unit.role {
            TargetRole::Library => "library",
            TargetRole::Bin => "binary",
            TargetRole::BuildScript => "build script",
        };
        let (files, variables) = (unit.files.len(), unit.variables.len());
        (
            &unit.profile,
            UnitRow { in_crate: name(unit.in_crate), target, files, variables, up_to_date: unit.is_current },
        )
    });
    let runs = verification.recorded.runs.iter().map(|run| {
        let (files, variables) = (run.output.files.len(), run.output.variables.len());
        let target = "run of the build script";
        (&run.profile, UnitRow { in_crate: name(run.in_crate), target, files, variables, up_to_date: run.is_current })
    });
    for (profile, row) in units.chain(runs) {
        match builds.iter_mut().find(|(known, _)| *known == profile) {
            Some((_, rows)) => rows.push(row),
            None => builds.push((profile, vec![row])),
        }
    }
    builds.sort_by_key(|(profile, _)| *profile);
    let shown = |path| path::display(&project.pyproject.dir, path);
    builds.into_iter().map(|(profile, units)| Build { directory: shown(profile), units }).collect()
}
