//! The report on one file or variable, as text and as JSON: what it is, which keys cover it, and what happens when it changes.

use std::io::{self, Write};

use serde::Serialize;

use crate::commands::report::Section;
use crate::fs::path;
use crate::inputs::Absence;
use crate::project::{Keys, Project};

/// What is known of a file or variable in one project.
#[derive(Debug)]
pub(crate) struct Explanation {
    /// The name as the project's keys would spell it.
    pub(crate) shown: String,
    /// Why it is an input, or why not.
    pub(crate) role: Result<Role, Absence>,
    /// The keys that cover it.
    pub(crate) covered_by: Vec<String>,
    /// Whether cargo rebuilds after a change, once uv starts a build; `None` if this is not known.
    pub(crate) tracked: Option<bool>,
    /// Whether the file or variable concerns the project.
    pub(crate) concerns: bool,
}

/// An input, and the reason why it is one.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) kind: &'static str,
    pub(crate) in_crate: Option<String>,
    pub(crate) reason: String,
    /// Whether it is read but not watched by cargo.
    pub(crate) blind: bool,
    pub(crate) outside: bool,
}

/// What is known of one file or variable in one project.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct ExplainProject {
    pyproject: String,
    complete: bool,
    name: String,
    input: bool,
    kind: Option<&'static str>,
    #[serde(rename = "crate")]
    in_crate: Option<String>,
    reason: String,
    /// The code for the reason why it is not an input.
    absence: Option<&'static str>,
    outside: bool,
    covered_by: Vec<String>,
    /// What is wrong with the keys.
    keys: Option<&'static str>,
    uv_rebuilds: bool,
    cargo_tracks: Option<bool>,
    #[serde(skip)]
    blind: bool,
    /// Whether the file or variable concerns the project.
    #[serde(skip)]
    pub(super) concerns: bool,
}

impl ExplainProject {
    pub(crate) fn of(project: &Project, explanation: Explanation) -> Self {
        let Explanation { shown, role, covered_by, tracked, concerns } = explanation;
        let input = role.as_ref().ok();
        Self {
            pyproject: path::slashed(&project.pyproject.shown),
            complete: project.inputs.complete(),
            name: shown,
            input: input.is_some(),
            kind: input.map(|role| role.kind),
            in_crate: input.and_then(|role| role.in_crate.clone()),
            blind: input.is_some_and(|role| role.blind),
            outside: input.is_some_and(|role| role.outside),
            absence: role.as_ref().err().map(|absence| absence.code),
            reason: role.map_or_else(|absence| absence.reason, |role| role.reason),
            uv_rebuilds: !covered_by.is_empty(),
            covered_by,
            keys: fault(project),
            cargo_tracks: tracked,
            concerns,
        }
    }

    fn effect(&self) -> &'static str {
        match (self.uv_rebuilds, self.input, self.cargo_tracks) {
            (true, true, Some(true)) => "uv rebuilds, and cargo recompiles",
            (true, true, _) if self.blind => {
                "uv rebuilds, but cargo does not track it, so uv reinstalls the old binary (CK301)"
            }
            (true, true, _) => "uv rebuilds; cargo only compiles what else has changed",
            (false, true, _) => "uv does not rebuild, and the installed package goes stale",
            (true, false, Some(true)) => "uv rebuilds",
            (true, false, Some(false)) => "uv rebuilds, although cargo has nothing to compile",
            (true, false, None) => "uv rebuilds; it is unknown whether cargo recompiles",
            (false, false, Some(true)) => "uv does not rebuild, although cargo would recompile",
            (false, false, Some(false)) => "uv does not rebuild, and does not need to",
            (false, false, None) => "uv does not rebuild; paths that could not be determined may refer to it",
        }
    }
}

impl Section for ExplainProject {
    fn text(&self, _verbose: bool, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{} in {}", self.name, self.pyproject)?;
        match (self.kind, &self.in_crate) {
            (None, _) => writeln!(out, "  not an input: {}", self.reason)?,
            (Some(kind), Some(in_crate)) if !self.reason.contains(&format!("`{in_crate}`")) => {
                writeln!(out, "  an input ({kind} of crate `{in_crate}`): {}", self.reason)?;
            }
            (Some(kind), _) => writeln!(out, "  an input ({kind}): {}", self.reason)?,
        }
        if !self.complete {
            writeln!(out, "  parts of the project could not be read (CK303), so this may be incomplete")?;
        }
        if self.outside {
            writeln!(out, "  it is outside the repository, so it needs no key")?;
        }
        match self.covered_by.as_slice() {
            [] => {
                let fault = self.keys.map(|fault| format!(": {fault}")).unwrap_or_default();
                writeln!(out, "  not covered by any key{fault}")?;
            }
            keys => writeln!(out, "  covered by {}", keys.join(", "))?,
        }
        writeln!(out, "  when it changes, {}", self.effect())
    }
}

/// Why the keys cover nothing at all.
fn fault(project: &Project) -> Option<&'static str> {
    match project.keys {
        Keys::Absent => Some("`cache-keys` is not set, so uv uses its defaults"),
        Keys::Rejected(_) => Some("uv rejects `cache-keys` (CK001)"),
        Keys::Read(_) => None,
    }
}
