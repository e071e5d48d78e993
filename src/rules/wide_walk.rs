//! ## What it finds
//!
//! A glob that makes uv walk directories with thousands of files and no inputs: cargo's target directory, `.venv/`,
//! `.git/` or `node_modules/`. A directory counts even if it does not exist yet, so a fresh clone gets the same
//! result. The message shows how many directories uv walks today, and how many of them contain an input that the key
//! covers.
//!
//! ## Why it is bad
//!
//! uv walks these directories on every `uv sync` and `uv run`, before it does anything else. With 100,000 files in
//! `target/`, this takes 0.15 s instead of 0.02 s each time. Start the glob with a literal directory to limit the
//! walk.
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
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//!     { file = "**/pyproject.toml" },
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
//!     { file = "Cargo.toml" },
//!     { file = "Cargo.lock" },
//!     { file = "src/**/*.rs" },
//!     { file = "pyproject.toml" },
//! ]
//! ```

use std::collections::BTreeSet;
use std::path::Path;

use super::{Meta, When};
use crate::cache_keys::{Coverage, Key, is_over_the_disk};
use crate::fix;
use crate::fs::path;
use crate::inputs::Input;
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::negation::{Effect, of_negation};
use crate::project::{Project, Scope};

pub(super) const META: Meta = Meta {
    severity: Severity::Warning,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a glob that walks `target/`, `.venv/`, `.git/` or `node_modules/`: slow at every command",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    let mut walks: Vec<(usize, Vec<&Path>)> = Vec::new();
    for (directory, keys) in project.outputs.walked(coverage) {
        let starts_it = keys.iter().any(|key| !is_negation(coverage, *key));
        // A `!` key is reported only if no other key starts the walk.
        for key in keys.into_iter().filter(|key| !(starts_it && is_negation(coverage, *key))) {
            match walks.iter_mut().find(|(index, _)| *index == key) {
                Some((_, directories)) => directories.push(directory),
                None => walks.push((key, vec![directory])),
            }
        }
    }
    walks.sort_by_key(|(index, _)| *index);
    walks.into_iter().filter_map(|(index, directories)| finding(project, coverage, index, &directories)).collect()
}

fn is_negation(coverage: &Coverage, index: usize) -> bool {
    coverage.keys().get(index).is_some_and(|key| key.text().starts_with('!'))
}

fn finding(project: &Project, coverage: &Coverage, index: usize, through: &[&Path]) -> Option<Finding> {
    let entry = project.pyproject.entries().get(index)?;
    let Key::File(path) = &entry.key else { return None };
    let is_negation = is_negation(coverage, index);
    let effect = is_negation.then(|| of_negation(project, index));
    if effect == Some(Effect::None) || is_over_the_disk(path) || fix::would_write(project, index) {
        return None;
    }
    let message = format!("`{path}` walks {}", walk(project, coverage, index, through));
    let finding = Finding::new(message).at(Some(entry.span.clone()), "walks unneeded directories");
    Some(match effect {
        // Removing a key that covers nothing is always unsafe.
        None if !project.is_live(index) => finding.remedy(Remedy::Remove(index)),
        None => finding.remedy(Remedy::Replace(index, Defect::Harmless)),
        // Without the `!` key, neither an existing nor an expected file becomes covered.
        Some(Effect::OnMadeUpFiles) => finding.remedy(Remedy::Remove(index)),
        Some(_) => finding.help("replace it by narrower keys: uv then only walks their directories"),
    })
}

/// Describes the walk: "6,070 directories, including target/ and .venv/; 9 contain an input that it covers". If the inputs are
/// not known, the text says "a file" instead of "an input".
fn walk(project: &Project, coverage: &Coverage, index: usize, through: &[&Path]) -> String {
    let walked = project.walk().and_then(|walk| walk.keys.get(index));
    let is_covered = |input: &&Input| coverage.covering_keys(&input.path).contains(&index);
    let of_use: BTreeSet<&Path> = match project.scope() {
        Scope::Rust => project.inputs.files.iter().filter(is_covered).filter_map(|input| input.path.parent()).collect(),
        Scope::Keys => walked.into_iter().flat_map(|walked| &walked.files).filter_map(|file| file.parent()).collect(),
    };
    let what = if project.scope() == Scope::Rust { "an input" } else { "a file" };
    let directories = walked.map_or(0, |walked| walked.directories);
    let walked = format!("{} director{}", grouped(directories), if directories == 1 { "y" } else { "ies" });
    let contain = match of_use.len() {
        0 => "none contains".to_owned(),
        1 => "1 contains".to_owned(),
        many => format!("{} contain", grouped(many)),
    };
    format!("{walked}{}; {contain} {what} that it covers", including(project, through))
}

/// Text such as ", including target/ and .venv/". Directories that do not exist yet are followed by "once they exist".
fn including(project: &Project, through: &[&Path]) -> String {
    let (existing, later): (Vec<&Path>, Vec<&Path>) =
        through.iter().partition(|directory| project.is_directory(directory));
    let list = |directories: &[&Path]| {
        let names =
            directories.iter().map(|directory| format!("{}/", path::display(&project.pyproject.dir, directory)));
        let names: Vec<String> = names.collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        }
    };
    let later = match later.as_slice() {
        [] => String::new(),
        [one] => format!(" (and {} once it exists)", list(&[one])),
        many => format!(" (and {} once they exist)", list(many)),
    };
    if existing.is_empty() { later } else { format!(", including {}{later}", list(&existing)) }
}

/// The number with separators, such as 6,070.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([9, 999, 6070, 1_234_567].map(super::grouped), ["9", "999", "6,070", "1,234,567"]);
    }
}
