//! `cachekeys` answers one question: does uv rebuild a Python package with a Rust extension when, and only when, something that
//! goes into the build has changed?
//!
//! It computes two sides and compares them. cargo's side is the *inputs* of the build, each with the reason why it is one. uv's
//! side is the files that the `[tool.uv] cache-keys` *cover*. An input that no key covers causes a stale build. A covered file
//! that the build writes causes an endless rebuild. These are the steps:
//!
//! 1. From [`Settings`] and paths, the pyproject.toml files to check are found.
//! 2. Each file is parsed once, with the byte ranges of all values.
//! 3. The crates are read from the manifests while cargo is asked for them. If cargo's answer differs, the analysis is repeated.
//! 4. The inputs, the build outputs and the coverage form a project, which is all that a rule sees.
//! 5. Rules return findings. All findings together lead to one plan of the keys to write.
//! 6. The plan becomes an edit of bytes, whose result is checked.
//! 7. Everything is returned as a [`Report`], which can be written in several formats.
//!
//! Nothing in the checked project is executed. Only the pyproject.toml that is fixed is written.
//!
//! ```
//! use cachekeys::{Applicability, Settings, check};
//!
//! let report = check("examples/stale-extension", &Settings::default())?;
//! for project in &report.projects {
//!     for finding in &project.findings {
//!         println!("{}: {} {}", project.pyproject.display(), finding.code, finding.message);
//!     }
//! }
//! let missing = report.projects[0].findings.iter().find(|finding| finding.code == "CK103").unwrap();
//! assert_eq!(missing.inputs, ["../greeting/src/lib.rs"]);
//! assert_eq!(missing.fix.as_ref().map(|fix| fix.applicability), Some(Applicability::Safe));
//! # Ok::<(), cachekeys::Error>(())
//! ```

#![cfg_attr(not(any(test, fuzzing)), warn(clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo))]

mod cache_keys;
mod commands;
mod crates;
mod error;
mod fix;
mod fs;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod inputs;
mod output;
mod project;
mod pyproject;
mod rules;

pub mod report {
    //! The reports, and the functions that write them. Writing fails only with the errors of `out`.

    pub use crate::commands::explain::report::ExplainProject;
    pub use crate::commands::inputs::InputsProject;
    pub use crate::commands::keys::KeysProject;
    pub use crate::commands::report::Section;
    pub use crate::commands::rule::rules_json;
    pub use crate::commands::status::report::StatusProject;
    pub use crate::commands::verify::report::VerifyProject;
    pub use crate::output::{
        Diagnostic, Edit, FixSummary, Look, ProjectReport, Report, Skipped, Summary, concise, diff, errors, fixes,
        full, github, gitlab, json, json_lines, junit, sarif, skipped, statistics, statistics_json,
    };
}

pub mod editor {
    //! The analysis of a pyproject.toml while it is edited, for editors.

    pub use crate::commands::editor::analysis::{Analysis, TextFix};
    pub use crate::commands::editor::keys::{Overview, WalkedKey};
    pub use crate::commands::editor::related::Related;
    pub use crate::commands::editor::{Change, Session};
}

use std::path::{Path, PathBuf};

use commands::discover::Candidate;
use commands::discover::exclude::Exclusion;
use commands::outcome::Outcome;
use commands::run;
use crates::resolver::Resolver;
use fs::Disk;
use project::Project;
use pyproject::Pyproject;
use pyproject::options::{self, Configuration};
use rules::selection;

pub use commands::settings::{FixMode, Progress, Settings};
pub use commands::status::EnvironmentChoice;
pub use crates::resolver::CrateMetadata;
pub use error::Error;
pub use project::Scope;
pub use project::finding::{Applicability, Severity};
pub use report::{Diagnostic, Edit, FixSummary, ProjectReport, Report};

/// Checks the projects at and below `path`: a directory, a pyproject.toml, or any file of a project.
///
/// # Errors
///
/// An unknown rule in the settings, or a path that does not exist. An error in one project does not stop the others from being
/// checked, so it is part of the report ([`Report::errors`]).
pub fn check(path: impl AsRef<Path>, settings: &Settings) -> Result<Report, Error> {
    check_all(&[path.as_ref().to_owned()], settings)
}

/// Like [`check`], for several paths in one run. cargo is asked once for each workspace.
///
/// # Errors
///
/// Those of [`check`].
pub fn check_all(paths: &[PathBuf], settings: &Settings) -> Result<Report, Error> {
    let selection = settings.selection()?;
    let disk = Disk::default();
    let mut resolver = settings.resolver(&disk);
    let work =
        |candidate: &Candidate, project: Project| commands::check::check(candidate, &project, settings, &selection);
    let outcomes = run::each(paths, settings, &mut resolver, commands::check::unjudged, work)?;
    let notes = run::notes(paths, &outcomes, &resolver);
    let written = outcomes.into_iter().map(|outcome| match settings.fix {
        FixMode::Apply => commands::check::write(&disk, outcome),
        FixMode::Off | FixMode::Diff => outcome,
    });
    let report = Report::collect(written, notes);
    // Freeing what a large run has read takes milliseconds, and nobody has to wait for it.
    rayon::spawn(move || drop(resolver));
    Ok(report)
}

/// Like [`check`], for a text in place of the content of the pyproject.toml at `path`. Nothing is written, not even with
/// [`FixMode::Apply`]: the new text is [`ProjectReport::fixed_text`].
///
/// # Errors
///
/// Those of [`check`], or a `path` that is not a pyproject.toml.
pub fn check_text(path: &Path, text: &str, settings: &Settings) -> Result<Report, Error> {
    let selection = settings.selection()?;
    let disk = Disk::default();
    let configuration = Configuration::of(&disk, &settings.config, settings.isolated)?;
    if path.file_name().is_none_or(|name| name != "pyproject.toml") {
        let reason = "only the text of a pyproject.toml can be checked".to_owned();
        return Err(Error::Path { path: path.to_owned(), reason });
    }
    let exclusion = Exclusion::of(&disk, settings, &configuration)?;
    if exclusion.of_named().contains(path.parent().unwrap_or(Path::new(""))) {
        return Ok(Report::default());
    }
    let disk = disk.with_overlay(path, text);
    let mut resolver = settings.resolver(&disk);
    let candidates = [Candidate::at(path.to_owned(), true)];
    let read = |candidate: &Candidate| run::read(&disk, candidate, &configuration);
    let work = |candidate: &Candidate, project| commands::check::check(candidate, &project, settings, &selection);
    let outcomes =
        run::each_of(&candidates, read, &mut resolver, None, &settings.progress, commands::check::unjudged, work);
    Ok(Report::collect(outcomes, resolver.notes()))
}

/// The projects that [`check_all`] would check, without checking them.
///
/// # Errors
///
/// Those of [`check`].
pub fn files(paths: &[PathBuf], settings: &Settings) -> Result<Report<PathBuf>, Error> {
    let disk = Disk::default();
    // Only projects that were found by one of their files need an analysis.
    let work = |candidate: &Candidate, project| commands::files::file(candidate, &project);
    commands::report::report(paths, settings, settings.resolver(&disk), commands::files::known, work)
}

/// The JSON schema of `[tool.cachekeys]`.
#[must_use]
pub fn config_schema() -> String {
    format!("{:#}\n", options::Options::schema().as_value())
}

/// The inputs of the projects at and below `paths`: everything that feeds their builds.
///
/// # Errors
///
/// Those of [`check`].
pub fn inputs(paths: &[PathBuf], settings: &Settings) -> Result<Report<report::InputsProject>, Error> {
    let disk = Disk::default();
    let work = |_: &Candidate, project| Outcome::done(report::InputsProject::of(&project));
    commands::report::report(paths, settings, settings.resolver(&disk), run::unbuilt, work)
}

/// The keys of the projects at and below `paths`, and what they cover. cargo is not asked.
///
/// # Errors
///
/// Those of [`check`].
pub fn keys(paths: &[PathBuf], settings: &Settings) -> Result<Report<report::KeysProject>, Error> {
    let disk = Disk::default();
    let early = |_: &Candidate, pyproject: &Pyproject| Some(Outcome::done(report::KeysProject::of(&disk, pyproject)));
    let work = |_: &Candidate, project: Project| Outcome::done(report::KeysProject::of(&disk, &project.pyproject));
    commands::report::report(paths, settings, settings.resolver(&disk), early, work)
}

/// Compares the records that rustc and cargo wrote during the last build with the keys, for the projects at and below `paths`. A
/// project that was not built is one of the [`Report::errors`], since it is not known to be right.
///
/// # Errors
///
/// Those of [`check`].
pub fn verify(paths: &[PathBuf], settings: &Settings) -> Result<Report<report::VerifyProject>, Error> {
    let disk = Disk::default();
    let work = |candidate: &Candidate, project| commands::verify::verify(&disk, candidate, &project);
    commands::report::report(paths, settings, settings.resolver(&disk), run::unbuilt, work)
}

/// Predicts what the next `uv sync` will do with the projects at and below `paths`, and finds out whether the installed
/// extensions are older than the code. cargo is not asked, unless `settings` require it.
///
/// # Errors
///
/// Those of [`check`]. A project is one of the [`Report::errors`] if uv rejects its keys, or if its stored cache info cannot be
/// read: uv fails in these cases too.
pub fn status(
    paths: &[PathBuf],
    settings: &Settings,
    choice: &EnvironmentChoice,
) -> Result<Report<report::StatusProject>, Error> {
    let disk = Disk::default();
    let by = match settings.crate_metadata {
        CrateMetadata::Auto => CrateMetadata::Manifest,
        named => named,
    };
    let early = |candidate: &Candidate, pyproject: &Pyproject| commands::status::unasked(&disk, candidate, pyproject);
    let work = |_: &Candidate, project| commands::status::status(&disk, &project, choice);
    commands::report::report(paths, settings, Resolver::new(&disk, by, settings.cargo_timeout), early, work)
}

/// Explains one file, or one variable if `asked` starts with `$`, for the projects at and below `project`: whether it is an input
/// and why, which keys cover it, and what happens when it changes. Without `project`, a file is explained for the projects of its
/// repository, and a variable for those at and below the current directory.
///
/// # Errors
///
/// A `project` that does not exist, or a directory in place of a file.
pub fn explain(
    asked: &str,
    project: Option<&Path>,
    settings: &Settings,
) -> Result<Report<report::ExplainProject>, Error> {
    commands::explain::explain(asked, project, settings)
}

/// The page of one rule, by code or name, in Markdown.
///
/// # Errors
///
/// [`Error::UnknownRule`], which names the most similar known rule.
pub fn rule_page(rule: &str) -> Result<String, Error> {
    Ok(selection::find_rule(rule)?.page())
}

/// The pages of all rules, in Markdown.
#[must_use]
pub fn rule_pages() -> String {
    rules::RULES.iter().map(rules::Rule::page).collect::<Vec<_>>().join("\n")
}

/// One line for each rule: code, name, what it finds.
#[must_use]
pub fn rule_overview() -> String {
    let line = |rule: &rules::Rule| {
        let fix = match rule.meta.fix {
            Some(Applicability::Safe) => "safe fix",
            Some(Applicability::Unsafe) => "unsafe fix",
            None => "",
        };
        format!(
            "{}  {:30} {:8} {:11} {}\n",
            rule.code,
            rule.name(),
            rule.meta.severity.as_str(),
            fix,
            rule.meta.summary
        )
    };
    rules::RULES.iter().map(line).collect()
}
