//! `cachekeys`: does uv rebuild a Python package with Rust inside when, and only when, something that goes into it has
//! changed?
//!
//! Two sides are computed and compared: cargo's, the *inputs* of the build, each with the reason why; and uv's, what the
//! `[tool.uv] cache-keys` *cover*. An input that no key covers is a stale build. A covered file that the build writes is an
//! endless rebuild. There is one way through:
//!
//! 1. [`Settings`] and paths are turned into the pyproject.toml files to check,
//! 2. each is parsed once, with all spans,
//! 3. the manifests are read for the crates while cargo is asked for them; where cargo says otherwise, all that follows is done
//!    again,
//! 4. inputs, outputs and coverage make up a project, which is all that a rule sees,
//! 5. rules give findings, the findings together give one plan of keys to write,
//! 6. the plan becomes an edit of bytes, checked against its postconditions,
//! 7. and all of it a [`Report`], which renderers write.
//!
//! Nothing of the checked project is executed, and nothing is written but the file being fixed.
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
    //! What a run found, and the forms in which it is written.

    pub use crate::commands::explain::report::ExplainReport;
    pub use crate::commands::files::Files;
    pub use crate::commands::inputs::InputsReport;
    pub use crate::commands::keys::KeysReport;
    pub use crate::commands::rule::rules_json;
    pub use crate::commands::status::report::StatusReport;
    pub use crate::commands::verify::report::VerifyReport;
    pub use crate::output::{
        Diagnostic, Edit, FixSummary, Look, ProjectReport, Report, Summary, concise, diff, errors, fixes, full, github,
        gitlab, json, json_lines, junit, passed_over, sarif, statistics, statistics_json,
    };
}

use std::path::{Path, PathBuf};

use commands::check::stdin;
use commands::discover::exclude::Exclusion;
use commands::explain::Subject;
use commands::{discover, run};
use crates::resolver;
use fs::Disk;
use pyproject::options::{self, Configuration};
use rules::selection;

pub use commands::settings::{FixMode, Progress, Settings};
pub use commands::status::EnvironmentChoice;
pub use crates::resolver::CrateMetadata;
pub use error::Error;
pub use project::finding::{Applicability, Severity};
pub use report::{Diagnostic, Edit, FixSummary, ProjectReport, Report};

/// Checks the projects at and below `path`: a directory, a pyproject.toml, or any file of a project.
///
/// # Errors
///
/// An unknown rule in the settings, or a path that does not exist. What is wrong with one project's file is part of the
/// report ([`Report::errors`]), since the others are checked all the same.
pub fn check(path: impl AsRef<Path>, settings: &Settings) -> Result<Report, Error> {
    check_all(&[path.as_ref().to_owned()], settings)
}

/// As [`check`], for several paths in one run: cargo is asked once for each workspace.
///
/// # Errors
///
/// As [`check`].
pub fn check_all(paths: &[PathBuf], settings: &Settings) -> Result<Report, Error> {
    let selection = settings.selection()?;
    let workspaces = run::workspaces(&Disk::default(), paths, settings);
    let outcomes = run::each(paths, settings, &workspaces, |candidate, pyproject, workspaces| {
        run::project(candidate, pyproject, workspaces, settings, &selection)
    })?;
    let mut report = Report { notes: workspaces.notes(), ..Report::default() };
    for outcome in outcomes {
        let Some(mut checked) = outcome.done(&mut report.errors, &mut report.passed_over) else { continue };
        if let (FixMode::Apply, Some(new)) = (settings.fix, &checked.fixed_text)
            && let Err(reason) = workspaces.disk().replace(&checked.pyproject, &checked.text, new)
        {
            checked.unfixed();
            report.errors.push(Error::Fix { path: checked.pyproject.clone(), reason });
        }
        report.errors.extend(checked.refused.take());
        report.projects.push(checked);
    }
    Ok(report)
}

/// As [`check`], for the text of a pyproject.toml as if it stood at `path`. Nothing is written, with [`FixMode::Apply`] neither:
/// the new text is [`ProjectReport::fixed_text`].
///
/// # Errors
///
/// As [`check`]; a `path` that is no pyproject.toml.
pub fn check_text(path: &Path, text: &str, settings: &Settings) -> Result<Report, Error> {
    let selection = settings.selection()?;
    let disk = Disk::default();
    let configuration = Configuration::of(&disk, &settings.config, settings.isolated)?;
    if path.file_name().is_none_or(|name| name != "pyproject.toml") {
        let reason = "only the text of a pyproject.toml can be checked".to_owned();
        return Err(Error::Path { path: path.to_owned(), reason });
    }
    let mut report = Report::default();
    let exclusion = Exclusion::of(&disk, settings, &configuration)?;
    if exclusion.of_named().contains(path.parent().unwrap_or(Path::new(""))) {
        return Ok(report);
    }
    let disk = disk.with_overlay(path, text);
    let workspaces = resolver::Workspaces::new(&disk, settings.crate_metadata, settings.cargo_timeout);
    let outcome = stdin::text(path, &configuration, &workspaces, settings, &selection);
    if let Some(mut checked) = outcome.and_then(|outcome| outcome.done(&mut report.errors, &mut report.passed_over)) {
        report.errors.extend(checked.refused.take());
        report.projects.push(checked);
    }
    report.notes = workspaces.notes();
    Ok(report)
}

/// The projects that [`check_all`] would judge, without judging them.
///
/// # Errors
///
/// As [`check`].
pub fn files(paths: &[PathBuf], settings: &Settings) -> Result<report::Files, Error> {
    // Only what stands for the projects that are built from it takes a question.
    let workspaces =
        resolver::Workspaces::new(&Disk::default(), settings.crate_metadata, settings.cargo_timeout).lazy();
    let outcomes = run::each(paths, settings, &workspaces, run::file)?;
    Ok(report::Files::collect(outcomes))
}

/// The JSON schema of `[tool.cachekeys]`.
#[must_use]
pub fn config_schema() -> String {
    format!("{:#}\n", options::Options::schema().as_value())
}

/// cargo's side of the projects at and below `paths`: what feeds their builds.
///
/// # Errors
///
/// As [`check`].
pub fn inputs(paths: &[PathBuf], settings: &Settings) -> Result<report::InputsReport, Error> {
    let workspaces = run::workspaces(&Disk::default(), paths, settings);
    let outcomes = run::each(paths, settings, &workspaces, run::inputs)?;
    let mut report = report::InputsReport::collect(outcomes);
    report.notes = workspaces.notes();
    Ok(report)
}

/// uv's side of the projects at and below `paths`: what their keys cover. Asks cargo nothing.
///
/// # Errors
///
/// As [`check`].
pub fn keys(paths: &[PathBuf], settings: &Settings) -> Result<report::KeysReport, Error> {
    let workspaces =
        resolver::Workspaces::new(&Disk::default(), CrateMetadata::Manifest, settings.cargo_timeout).lazy();
    let outcomes =
        run::each(paths, settings, &workspaces, |_, pyproject, workspaces| run::keys(workspaces.disk(), &pyproject))?;
    Ok(report::KeysReport::collect(outcomes))
}

/// What rustc and cargo recorded at the last build of the projects at and below `paths`, held against their keys. A project
/// that was not built is among [`report::VerifyReport::errors`]: it is not known to be clean.
///
/// # Errors
///
/// As [`check`].
pub fn verify(paths: &[PathBuf], settings: &Settings) -> Result<report::VerifyReport, Error> {
    let workspaces = run::workspaces(&Disk::default(), paths, settings);
    let outcomes = run::each(paths, settings, &workspaces, run::verify)?;
    let mut report = report::VerifyReport::collect(outcomes);
    report.notes = workspaces.notes();
    Ok(report)
}

/// What the next `uv sync` will do with the projects at and below `paths`, and whether what is installed is older than the
/// code. cargo is not asked, unless `settings` say that it alone knows.
///
/// # Errors
///
/// As [`check`]. A project whose keys uv refuses, or whose stored cache info cannot be read, is among
/// [`report::StatusReport::errors`]: uv stops there too.
pub fn status(
    paths: &[PathBuf],
    settings: &Settings,
    choice: &EnvironmentChoice,
) -> Result<report::StatusReport, Error> {
    let by = match settings.crate_metadata {
        CrateMetadata::Auto => CrateMetadata::Manifest,
        named => named,
    };
    let workspaces = resolver::Workspaces::new(&Disk::default(), by, settings.cargo_timeout);
    let outcomes = run::each(paths, settings, &workspaces, |candidate, pyproject, workspaces| {
        run::status(candidate, pyproject, workspaces, choice)
    })?;
    Ok(report::StatusReport::collect(outcomes))
}

/// What one file, or one variable where `asked` starts with `$`, is to the projects at and below `project`: an input or not and
/// why, the keys that cover it, what a change of it does. Without `project`, to the projects of the file's repository; for a
/// variable, to those at and below the current directory.
///
/// # Errors
///
/// A `project` that does not exist; a directory in place of a file.
pub fn explain(asked: &str, project: Option<&Path>, settings: &Settings) -> Result<report::ExplainReport, Error> {
    let disk = Disk::default();
    let subject = match asked.strip_prefix('$') {
        Some(name) => Subject::Variable(name.to_owned()),
        None if Path::new(asked).is_dir() => {
            let reason = "a directory: name one file in it".to_owned();
            return Err(Error::Path { path: PathBuf::from(asked), reason });
        }
        None => Subject::File(disk.resolve(&disk.absolute(Path::new(asked)))),
    };
    let configuration = Configuration::of(&disk, &settings.config, settings.isolated)?;
    let exclusion = Exclusion::of(&disk, settings, &configuration)?;
    let candidates = match (&subject, project) {
        (_, Some(project)) => discover::candidates(&[project.to_owned()], &exclusion)?,
        (Subject::File(path), None) => discover::around(path.clone(), &exclusion),
        (Subject::Variable(_), None) => discover::candidates(&[PathBuf::from(".")], &exclusion)?,
    };
    let workspaces = resolver::Workspaces::new(&disk, settings.crate_metadata, settings.cargo_timeout);
    let progress = &settings.progress;
    let outcomes =
        run::each_of(&candidates, &configuration, &workspaces, progress, |candidate, pyproject, workspaces| {
            run::explain(candidate, pyproject, workspaces, &subject)
        });
    let mut report = report::ExplainReport::collect(asked.to_owned(), outcomes);
    report.notes = workspaces.notes();
    Ok(report)
}

/// The page of one rule, by code or name, in Markdown.
///
/// # Errors
///
/// [`Error::UnknownRule`], with the nearest known one.
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
