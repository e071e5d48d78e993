//! ## What it finds
//!
//! A key that matches what the build itself writes: below `target/`, the extension module in the Python package, the
//! environment, `__pycache__`, a file that a build script writes into the tree; also a `dir` key for a directory that the build creates.
//! It is judged as if the files were there, so a fresh clone gets the same verdict. An error where each build writes the file anew, a
//! warning where uv builds once more.
//!
//! What a build script writes is read from its text. After a build there is cargo's record of its last run too: a file in the
//! directory of its crate that git ignores, and that was modified while the script ran, was written by it. The warning gives the
//! time of that run.
//!
//! ## Why it is bad
//!
//! uv notes the time of the newest covered file before it builds. The build then writes a newer one, and the next `uv sync`
//! builds again: once more after each build, and with a file that each build writes anew for ever. `**/*.rs` matches the
//! `host.rs` that a dependency of pyo3 generates below `target/`; `python/**` matches the extension module that an editable
//! install copies into the package.
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
//!     { file = "**/*.rs" },
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

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Meta, When};
use crate::cache_keys::{Coverage, Entry, Key};
use crate::fs::{Resolved, path};
use crate::project::Project;
use crate::project::build_outputs::{Output, Writer};
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a key that matches what the build writes: uv rebuilds again and again",
};

/// What keeps a file that a build script writes out of the tree.
const INTO_OUT_DIR: &str =
    "write the file below `OUT_DIR` and include it: `include!(concat!(env!(\"OUT_DIR\"), \"/generated.rs\"))`";

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    // One file of each key says enough: the first of those that each build writes, if there are any.
    let mut worst: Vec<Option<&Output>> = vec![None; coverage.keys().len()];
    for output in &project.outputs.files {
        for index in coverage.covering_keys(&output.path) {
            if worst[index].is_none_or(|known| output.writer.is_endless() && !known.writer.is_endless()) {
                worst[index] = Some(output);
            }
        }
    }
    let entries = project.pyproject.entries().iter().zip(worst).enumerate();
    let message = |index: usize, key: &Key, output: Option<&Output>| match (key, output) {
        (Key::File(key), Some(output)) => {
            let shown = output.shown(&project.pyproject.dir);
            Some(format!("`{key}` matches {shown}, which {}", output.writer.as_str()))
        }
        (Key::File(key), None) if leads_to_output(project, coverage, index) => {
            Some(format!("`{key}` matches only what the build writes: uv takes that for a change and builds once more"))
        }
        (Key::Dir(key), _) if is_in_output(project, index) => {
            Some(format!("`{key}` is a directory that the build creates: uv builds once more after each time"))
        }
        _ => None,
    };
    let finding = |(index, (entry, output)): (usize, (&Entry, Option<&Output>))| {
        let recorded = || written_at_last_run(project, index, &entry.key);
        let (message, is_script) = match message(index, &entry.key, output) {
            Some(message) => (message, output.is_some_and(|output| matches!(output.writer, Writer::Script { .. }))),
            None => (recorded()?, true),
        };
        let is_endless = output.is_some_and(|output| output.writer.is_endless());
        let severity = if is_endless { Severity::Error } else { Severity::Warning };
        let finding = Finding::new(message).severity(severity).at(Some(entry.span.clone()), "matches build output");
        let finding = if is_script { finding.help(INTO_OUT_DIR) } else { finding };
        Some(finding.remedy(Remedy::Replace(index, Defect::Harmful)))
    };
    entries.filter_map(finding).collect()
}

/// That a key covers what a build script wrote when it ran last, by cargo's record.
fn written_at_last_run(project: &Project, index: usize, key: &Key) -> Option<String> {
    if !project.has_last_runs() {
        return None;
    }
    let is_taken_back =
        |file: &&Resolved| !project.coverage().is_some_and(|keys| keys.covering_keys(file).contains(&index));
    let mut covered = project.walk()?.keys.get(index)?.files.iter().filter(|file| !is_taken_back(file));
    let (file, (package, run)) = covered.find_map(|file| Some((file, project.written_by(file)?)))?;
    let shown = path::display(&project.pyproject.dir, file);
    let date = Timestamp::try_from(run.started).ok()?.to_zoned(TimeZone::system()).strftime("%Y-%m-%d at %H:%M:%S");
    Some(format!(
        "`{}` matches {shown}, which the build script of `{package}` wrote when it ran last, on {date}: uv builds once more after \
         each run of the script",
        key.text()
    ))
}

fn is_in_output(project: &Project, index: usize) -> bool {
    project.sight(index).is_some_and(|sight| project.outputs.contains(&sight.place))
}

/// Whether a key names a place of build output alone, and what it names there is covered in the end.
fn leads_to_output(project: &Project, coverage: &Coverage, index: usize) -> bool {
    let is_covered =
        |samples: Vec<Resolved>| samples.iter().any(|sample| coverage.covering_keys(sample).contains(&index));
    is_in_output(project, index) && coverage.samples_of(index).is_none_or(is_covered)
}
