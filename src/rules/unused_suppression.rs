//! ## What it finds
//!
//! A `# cachekeys: ignore[...]` comment that suppresses nothing: the finding is fixed, no rule has that code, or
//! the comment is on the wrong line. Put the comment on the line where the finding starts, or on the line above. For
//! a finding about the whole list, put it above `cache-keys` or `[tool.uv]`.
//!
//! If parts of the project cannot be read, or if uv rejects the keys, no comment is reported as unused.
//!
//! ## Why it is bad
//!
//! The comment claims a problem that does not exist, and hides the next finding of that rule.
//!
//! ## Example
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     # cachekeys: ignore[CK202] the walk is short here
//!     { file = "src/**/*.rs" },
//! ]
//! ```
//!
//! ## Use instead
//!
//! ```toml
//! [build-system]
//! requires = ["maturin>=1,<2"]
//! build-backend = "maturin"
//!
//! [tool.uv]
//! cache-keys = [
//!     { file = "pyproject.toml" },
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//! ]
//! ```

use super::precedence::is_judged_as_a_whole;
use super::{Earlier, Meta, Rule, When};
use crate::project::Project;
use crate::project::finding::{Applicability, Finding, Remedy, Severity};
use crate::pyproject::rule_codes::IDENTITIES;
use crate::pyproject::selector::nearest_rule;
use crate::pyproject::suppressions::{Name, Suppression};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Unsafe),
    when: When::Always,
    summary: "a `# cachekeys: ignore[...]` comment that suppresses nothing",
};

/// The code of this rule. A comment that names it is never unused.
const CODE: &str = "CK304";

pub(super) fn check(project: &Project, earlier: &Earlier<'_>) -> Vec<Finding> {
    if project.suppressions.is_empty() || !is_judged_as_a_whole(project) {
        return Vec::new();
    }
    project.suppressions.iter().filter_map(|suppression| unused(project, suppression, earlier)).collect()
}

fn unused(project: &Project, suppression: &Suppression, earlier: &Earlier<'_>) -> Option<Finding> {
    let silences = |name: &Name| {
        let is_own = IDENTITIES.iter().any(|rule| rule.code == CODE && name.is_of(rule.code, &rule.name()));
        let is_meant = |(rule, finding): (&Rule, &Finding)| {
            name.is_of(rule.code, &rule.name()) && suppression.is_for(&project.pyproject, finding.span.as_ref())
        };
        is_own || earlier.iter().any(is_meant)
    };
    let (used, unused): (Vec<&Name>, Vec<&Name>) = suppression.names.iter().partition(|name| silences(name));
    let names: Vec<String> = unused.iter().map(|name| format!("`{}`", name.text)).collect();
    let message = match (names.is_empty(), suppression.names.is_empty()) {
        (_, true) => "the comment names no rule and suppresses nothing".to_owned(),
        (true, _) => return None,
        (false, _) => format!("the comment suppresses no finding of {}", names.join(", ")),
    };
    let unknown = unused.iter().find(|name| name.selector.is_none());
    let help = match unknown {
        _ if suppression.names.is_empty() => {
            Some("write the rules in brackets: `# cachekeys: ignore[CK202] reason`".to_owned())
        }
        Some(name) => Some(match nearest_rule(&name.text) {
            Some(near) => format!("unknown rule `{}`, did you mean `{near}`?", name.text),
            None => format!("unknown rule `{}`", name.text),
        }),
        None if !used.is_empty() => Some(format!("remove {} from the brackets", names.join(", "))),
        None => None,
    };
    let mut finding = Finding::new(message).at(Some(suppression.span.clone()), "suppresses nothing");
    finding.help = help;
    // A comment that also suppresses other findings is kept.
    Some(if used.is_empty() { finding.remedy(Remedy::RemoveComment(suppression.span.start)) } else { finding })
}
