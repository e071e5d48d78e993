//! ## What it finds
//!
//! A glob whose walk goes through directories of thousands of files where nothing of use lies: where cargo builds, `.venv/`,
//! `.git/`, `node_modules/`. The message counts the directories that uv walks today and those that hold an input which the key
//! covers. It is judged as if the build had been made: a fresh clone gets the same verdict, with smaller numbers.
//!
//! ## Why it is bad
//!
//! uv walks at every `uv sync` and `uv run`, before anything else. With a `target/` of 100,000 files that is 0.15 s each time
//! instead of 0.02 s. A literal directory in front keeps the walk where the files are.
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
    summary: "a glob that walks target/, .venv/, .git/ or node_modules/: slow at every command",
};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    let mut walks: Vec<(usize, Vec<&Path>)> = Vec::new();
    for (directory, keys) in project.outputs.walked(coverage) {
        let starts_it = keys.iter().any(|key| !is_negation(coverage, *key));
        // A `!` key is the cause only where nothing else starts the walk.
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
    let message = format!("`{path}` walks {}: {}", numbers(project, coverage, index), among(project, through));
    let finding = Finding::new(message).at(Some(entry.span.clone()), "walks far more than it covers");
    Some(match effect {
        // To take away what covers nothing is never safe.
        None if !project.is_live(index) => finding.remedy(Remedy::Remove(index)),
        None => finding.remedy(Remedy::Replace(index, Defect::Harmless)),
        // No file that is there, or will be, comes back without it.
        Some(Effect::OnMadeUpFiles) => finding.remedy(Remedy::Remove(index)),
        Some(_) => {
            finding.help("without it the walk would start at the directories of the other keys: narrow those instead")
        }
    })
}

/// "6,070 directories, 9 hold an input that it covers"; a file, where the inputs are not known.
fn numbers(project: &Project, coverage: &Coverage, index: usize) -> String {
    let walked = project.walk().and_then(|walk| walk.keys.get(index));
    let is_covered = |input: &&Input| coverage.covering_keys(&input.path).contains(&index);
    let of_use: BTreeSet<&Path> = match project.scope() {
        Scope::Rust => project.inputs.files.iter().filter(is_covered).filter_map(|input| input.path.parent()).collect(),
        Scope::Keys => walked.into_iter().flat_map(|walked| &walked.files).filter_map(|file| file.parent()).collect(),
    };
    let what = if project.scope() == Scope::Rust { "an input" } else { "a file" };
    let directories = walked.map_or(0, |walked| walked.directories);
    let walked = format!("{} director{}", grouped(directories), if directories == 1 { "y" } else { "ies" });
    match of_use.len() {
        0 => format!("{walked}, none holds {what} that it covers"),
        1 => format!("{walked}, 1 holds {what} that it covers"),
        many => format!("{walked}, {} hold {what} that it covers", grouped(many)),
    }
}

/// "target/ and .venv/ are among them"; what is not there yet "will be".
fn among(project: &Project, through: &[&Path]) -> String {
    let (there, to_come): (Vec<&Path>, Vec<&Path>) =
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
    let are = |directories: &[&Path]| if directories.len() == 1 { "is" } else { "are" };
    match (there.is_empty(), to_come.is_empty()) {
        (_, true) => format!("{} {} among them", list(&there), are(&there)),
        (true, _) => format!("{} will be among them", list(&to_come)),
        _ => format!("{} {} among them, {} will be", list(&there), are(&there), list(&to_come)),
    }
}

/// 6,070.
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
