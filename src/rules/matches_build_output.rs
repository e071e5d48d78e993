//! ## What it finds
//!
//! A key that matches files that the build writes: files below `target/`, the extension module in the Python package,
//! the virtual environment, `__pycache__`, or a file that a build script writes into the source tree. A `dir` key for
//! a directory that the build creates is reported too.
//!
//! Files that do not exist yet count too, so a fresh clone gets the same result. This is an error if every build
//! writes the file, and a warning if it only causes one extra build.
//!
//! cachekeys reads the build script to find the files that the script writes. After a build, it also uses cargo's
//! record of the script's last run: a file in the crate's directory that git ignores and that was modified during that
//! run counts as written by the script. The message gives the time of the run.
//!
//! In a project without Rust, the outputs of its build backend count: `build/`, the egg-info and the in-place modules
//! of setuptools, the `build-dir` of scikit-build-core, the version file of setuptools-scm or hatch-vcs, and C files
//! that Cython generates. cachekeys does not know which files such a key is meant for, so it offers no fix, but the
//! help names suffixes that are safe to use. If the key names an output by its full path, the finding is a warning.
//!
//! ## Why it is bad
//!
//! uv records the time of the newest covered file before it builds. The build then writes a newer file, so the next
//! `uv sync` builds again. If every build writes the file, every sync rebuilds. For example, `**/*.rs` matches
//! `host.rs`, which a dependency of pyo3 generates below `target/`, and `python/**` matches the extension module that
//! an editable install copies into the package.
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

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Meta, When};
use crate::cache_keys::{Coverage, Entry, Key, is_glob};
use crate::fs::{Resolved, path};
use crate::project::build_outputs::{Output, Writer};
use crate::project::finding::{Applicability, Defect, Finding, Remedy, Severity};
use crate::project::{Project, Scope};

pub(super) const META: Meta = Meta {
    severity: Severity::Error,
    fix: Some(Applicability::Safe),
    when: When::SomethingCovered,
    summary: "a key that matches files that the build writes: uv rebuilds again and again",
};

/// How to keep a build script from writing a file into the source tree.
const INTO_OUT_DIR: &str =
    "write the file to `OUT_DIR` and include it with `include!(concat!(env!(\"OUT_DIR\"), \"/generated.rs\"))`";

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Some(coverage) = project.coverage() else { return Vec::new() };
    // One file of each key is enough for the message. A file that every build writes is preferred.
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
        (Key::File(text), Some(output)) if key.is_glob() => {
            let shown = shown(project, coverage, index, output);
            Some(format!("`{text}` matches {shown}, which {}", output.writer.as_str()))
        }
        (Key::File(key), Some(output)) => Some(format!("`{key}` is a file that {}", output.writer.as_str())),
        (Key::File(key), None) if leads_to_output(project, coverage, index) => {
            Some(format!("`{key}` only matches files that the build writes: uv sees a change and builds once more"))
        }
        (Key::Dir(key), _) if is_in_output(project, index) => {
            Some(format!("`{key}` is a directory that the build creates: uv builds once more each time"))
        }
        _ => None,
    };
    let finding = |(index, (entry, output)): (usize, (&Entry, Option<&Output>))| {
        let recorded = || written_at_last_run(project, index, &entry.key).map(|message| (message, true));
        let there = || there(project, coverage, index, &entry.key).map(|message| (message, false));
        let (message, is_script) = match message(index, &entry.key, output) {
            Some(message) => (message, output.is_some_and(|output| matches!(output.writer, Writer::Script { .. }))),
            None => recorded().or_else(there)?,
        };
        // If the inputs are not analysed, a literal key for an output is probably intended: deleting the output triggers a build.
        let is_meant = project.scope() == Scope::Keys && !entry.key.is_glob();
        let is_endless = output.is_some_and(|output| output.writer.is_endless()) && !is_meant;
        let severity = if is_endless { Severity::Error } else { Severity::Warning };
        let finding = Finding::new(message).severity(severity).at(Some(entry.span.clone()), "matches build output");
        let finding = match by_suffix(project, index, &entry.key) {
            Some(help) => finding.help(help),
            None if is_script => finding.help(INTO_OUT_DIR),
            None => finding,
        };
        Some(finding.remedy(Remedy::Replace(index, Defect::Harmful)))
    };
    entries.filter_map(finding).collect()
}

/// The file to show. If the backend writes further outputs for an editable install, one in another directory is shown too.
fn shown(project: &Project, coverage: &Coverage, index: usize, output: &Output) -> String {
    let is_other = |other: &&Output| {
        let is_backends = output.writer == Writer::Backend && other.writer == Writer::Backend;
        let is_apart = output.path.parent().is_none_or(|directory| !other.path.starts_with(directory));
        is_backends && is_apart && coverage.covering_keys(&other.path).contains(&index)
    };
    let first = output.shown(&project.pyproject.dir);
    match project.outputs.files.iter().find(is_other) {
        Some(other) => format!("{first} and {}", other.shown(&project.pyproject.dir)),
        None => first,
    }
}

/// If the inputs are not analysed: a glob covers an existing output, or a file that Python will write.
fn there(project: &Project, coverage: &Coverage, index: usize, key: &Key) -> Option<String> {
    if project.scope() == Scope::Rust || !key.is_glob() {
        return None;
    }
    let shown = |file: &Resolved| path::display(&project.pyproject.dir, file);
    let files = &project.walk()?.keys.get(index)?.files;
    if let Some(file) = files.iter().find(|file| project.outputs.contains(file)) {
        let so = "which is in a directory that the build writes to: uv sees a change and builds once more";
        return Some(format!("`{}` matches {}, {so}", key.text(), shown(file)));
    }
    let compiled = |file: &Resolved| {
        let module = file.file_stem()?.to_str().filter(|_| file.extension().is_some_and(|suffix| suffix == "py"))?;
        let cache = file.around().child(format!("__pycache__/{module}.cpython-312.pyc"));
        coverage.covering_keys(&cache).contains(&index).then_some(cache)
    };
    let cache = files.iter().filter(|_| project.pyproject.imports_sources()).find_map(compiled)?;
    Some(format!("`{}` matches {}, which {}", key.text(), shown(&cache), Writer::Python.as_str()))
}

/// If the inputs are not analysed: a glob that names the covered files by their suffixes, without the suffixes of outputs.
fn by_suffix(project: &Project, index: usize, key: &Key) -> Option<String> {
    let text = key.text();
    let base = text.strip_suffix("/**").or_else(|| text.strip_suffix("/**/*")).or_else(|| text.strip_suffix("/*"))?;
    if project.scope() == Scope::Rust || is_glob(base) {
        return None;
    }
    let files = project.walk()?.keys.get(index)?.files.iter().filter(|file| !project.outputs.contains(file));
    let suffixes: BTreeSet<&str> = files.filter_map(|file| file.extension()?.to_str()).collect();
    let glob = |suffixes: &str| format!("{base}/**/*.{suffixes}");
    let is_harmless = |suffix: &&str| {
        let keys = [Key::File(glob(suffix))];
        let coverage = project.coverage_of(&keys);
        coverage.is_some_and(|coverage| {
            project.outputs.files.iter().all(|output| coverage.covering_key(&output.path).is_none())
        })
    };
    let suffixes: Vec<&str> = suffixes.into_iter().filter(is_harmless).collect();
    match suffixes.as_slice() {
        [] => None,
        [one] => Some(format!("match the files by suffix: `{}`", glob(one))),
        many => Some(format!("match the files by suffix: `{}`", glob(&format!("{{{}}}", many.join(","))))),
    }
}

/// The key covers a file that a build script wrote during its last run, according to cargo's record.
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
        "`{}` matches {shown}, which the build script of `{package}` wrote during its last run, on {date}: uv builds once more after \
         each run of the script",
        key.text()
    ))
}

fn is_in_output(project: &Project, index: usize) -> bool {
    project.sight(index).is_some_and(|sight| project.outputs.contains(&sight.place))
}

/// Whether a key only names a place in build output, and other keys do not exclude all that it names.
fn leads_to_output(project: &Project, coverage: &Coverage, index: usize) -> bool {
    let is_covered =
        |samples: Vec<Resolved>| samples.iter().any(|sample| coverage.covering_keys(sample).contains(&index));
    is_in_output(project, index) && coverage.samples_of(index).is_none_or(is_covered)
}
