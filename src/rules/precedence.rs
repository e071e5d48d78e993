//! Which rules run on a project, and which rule yields to which: one cause, one finding.
//!
//! The state of the keys decides first ([`When`], in the `META` of each rule): without keys CK101 lists all inputs, a list that
//! uv rejects is CK001 alone, and one that covers nothing CK207. A rule that could still repeat another one yields to it, as
//! [`YIELDS`] says: its `check` takes what those rules found.

use crate::project::{Keys, Project, Scope};

/// The state of the keys in which a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    /// uv accepts the list, or there is no list. Such a rule runs even if uv never builds the project.
    NotRejected,
    /// There is no list.
    NoKeys,
    /// uv rejects the list.
    Rejected,
    /// The list covers nothing.
    NothingCovered,
    /// The list covers something.
    SomethingCovered,
}

/// A rule that yields to others.
struct Yields {
    code: &'static str,
    /// The codes of the rules that it yields to, or their common start. These rules run even if they are not selected.
    to: &'static [&'static str],
}

static YIELDS: &[Yields] = &[
    // The dead key `Cargo.lock` of a workspace member is replaced by the lockfile of the workspace.
    Yields { code: "CK003", to: &["CK105"] },
    // A misspelled list is renamed, and then the project has keys. A project that is built at every sync is never stale.
    Yields { code: "CK101", to: &["CK002", "CK205"] },
    // An entry that is replaced is not redundant, and does not make another entry redundant.
    Yields { code: "CK203", to: &["CK007", "CK201", "CK202"] },
    // An entry that is replaced covers other files after the fix.
    Yields { code: "CK204", to: &["CK007", "CK201", "CK202"] },
    // A suppression is unused only if no rule finds anything at its place.
    Yields { code: "CK304", to: &["CK"] },
];

/// Whether the rule with this code yields to the other rule.
pub(super) fn yields(code: &str, other: &str) -> bool {
    let starts = YIELDS.iter().filter(|yields| yields.code == code).flat_map(|yields| yields.to);
    other != code && starts.into_iter().any(|start| other.starts_with(start))
}

/// Whether a rule with this `when` runs on the project.
pub(super) fn runs(project: &Project) -> impl Fn(When) -> bool {
    let (state, is_read) = (state(project), is_read(project));
    move |when| match when {
        When::Always => true,
        When::Rejected => state == When::Rejected,
        When::NotRejected => state != When::Rejected,
        _ => state == when && is_read,
    }
}

/// Whether uv reads the keys of the project. It does not with `package = false`, or if nothing builds the project.
fn is_read(project: &Project) -> bool {
    match project.scope() {
        Scope::Rust => !project.pyproject.is_unpackaged(),
        Scope::Keys => !project.uv.is_never_built,
    }
}

/// Whether every rule that may find something in the project can run.
pub(super) fn is_judged_as_a_whole(project: &Project) -> bool {
    let has_known_keys = matches!(state(project), When::NoKeys | When::SomethingCovered);
    has_known_keys && is_read(project) && project.inputs.complete()
}

fn state(project: &Project) -> When {
    match &project.keys {
        Keys::Absent => When::NoKeys,
        Keys::Rejected(_) => When::Rejected,
        Keys::Read(_) => {
            let any_input = project.inputs.iter().any(|(id, input)| input.exists && project.covered_by(id).is_some());
            let mut entries = 0..project.pyproject.entries().len();
            // A key for files that git ignores may match once they are generated.
            if any_input || entries.any(|index| project.yields(index) || project.may_come(index)) {
                When::SomethingCovered
            } else {
                When::NothingCovered
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{RULES, Rule};

    #[test]
    fn the_table_names_rules_and_has_no_circle() {
        for yields in YIELDS {
            assert!(RULES.iter().any(|rule| rule.code == yields.code), "{}", yields.code);
            for start in yields.to {
                assert!(RULES.iter().any(|rule| rule.code.starts_with(start)), "{start}");
            }
        }
        let mut left: Vec<&Rule> = RULES.iter().collect();
        while !left.is_empty() {
            let before = left.len();
            let all = left.clone();
            left.retain(|rule| all.iter().any(|other| yields(rule.code, other.code)));
            assert!(left.len() < before, "a circle: {:?}", left.iter().map(|rule| rule.code).collect::<Vec<_>>());
        }
    }
}
