//! `cachekeys check`: turns the arguments into settings, writes the report in the chosen format, and returns the exit code.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use cachekeys::report::{self, Look, Report};
use cachekeys::{Error, FixMode, Settings};
use clap::error::ErrorKind;

use crate::args::{Check, Cli};
use crate::progress::Bar;
use crate::values::Format;
use crate::{complain, look, refuse, stderr, unless_closed};

/// Checks, and writes the report to `out` or to `--output-file`.
pub(crate) fn check(cli: &Cli, arguments: &Check, out: &mut impl Write) -> Result<u8, Error> {
    if arguments.statistics && arguments.output_format.is_document() && arguments.output_format != Format::Json {
        refuse(ErrorKind::ArgumentConflict, "--statistics only supports the formats full, concise and json");
    }
    let is_stdin = arguments.paths.iter().any(|path| path == Path::new("-"));
    if is_stdin != arguments.stdin_filename.is_some() || is_stdin && arguments.paths.len() > 1 {
        refuse(
            ErrorKind::ArgumentConflict,
            "--stdin-filename requires `-` as the only path, and `-` requires --stdin-filename",
        );
    }
    let mut settings = settings(cli, arguments);
    let mut text = Vec::new();
    if arguments.show_files {
        let files = cachekeys::files(&arguments.paths, &settings)?;
        files.text(cli.verbose, &mut text)?;
        send(arguments, &text, out)?;
        return complain(cli, &files);
    }
    let mut report = if let Some(file) = &arguments.stdin_filename {
        filter(file, &settings, out)?
    } else {
        let bar = (!cli.quiet && io::stderr().is_terminal()).then(Bar::new);
        settings.progress = bar.as_ref().map(Bar::listener).unwrap_or_default();
        cachekeys::check_all(&arguments.paths, &settings)?
    };
    if arguments.diff && !arguments.output_format.is_document() {
        report.notes.extend(not_in_diff(&report));
    }
    write(cli, arguments, &report, &mut text)?;
    if is_stdin && settings.fix == FixMode::Apply && arguments.output_file.is_none() {
        // Standard output contains the new text of the file.
        stderr().write_all(&text)?;
    } else {
        send(arguments, &text, out)?;
    }
    let failed = complain(cli, &report)?;
    let left = if arguments.fix_only { 0 } else { exit_code(&report, arguments.diff) };
    let left = left.max(u8::from(arguments.exit_non_zero_on_fix && report.summary().fixed > 0));
    Ok(if failed > 0 || !arguments.exit_zero { failed.max(left) } else { 0 })
}

pub(crate) fn settings(cli: &Cli, arguments: &Check) -> Settings {
    let mut settings = crate::settings(cli);
    settings.select.clone_from(&arguments.select);
    settings.extend_select.clone_from(&arguments.extend_select);
    settings.ignore.clone_from(&arguments.ignore);
    settings.exclude.clone_from(&arguments.exclude);
    settings.force_exclude = arguments.force_exclude;
    settings.unsafe_fixes = arguments.unsafe_fixes;
    let (has_edits, has_infos) = arguments.output_format.contains();
    settings.edits = has_edits;
    // Infos that are neither shown nor fixed are not computed.
    settings.infos = shows_infos(cli, arguments) || arguments.unsafe_fixes || arguments.statistics || has_infos;
    settings.fix = match (arguments.fix || arguments.fix_only, arguments.diff) {
        (true, _) => FixMode::Apply,
        (_, true) => FixMode::Diff,
        _ => FixMode::Off,
    };
    settings
}

/// Checks the text from standard input. With `--fix`, the new text goes to `out`, even if nothing was fixed.
fn filter(file: &Path, settings: &Settings, out: &mut impl Write) -> Result<Report, Error> {
    let text = io::read_to_string(io::stdin().lock()).map_err(|error| Error::read(file, &error))?;
    let report = cachekeys::check_text(file, &text, settings)?;
    if settings.fix == FixMode::Apply {
        let fixed = report.projects.iter().find_map(|project| project.fixed_text.as_deref());
        unless_closed(out.write_all(fixed.unwrap_or(&text).as_bytes()).and_then(|()| out.flush()))?;
    }
    Ok(report)
}

/// Writes to `--output-file`, or to standard output.
fn send(arguments: &Check, text: &[u8], out: &mut impl Write) -> Result<(), Error> {
    let Some(file) = &arguments.output_file else {
        return Ok(unless_closed(out.write_all(text).and_then(|()| out.flush()))?);
    };
    std::fs::write(file, text).map_err(|error| Error::write(file, &error))
}

/// Whether infos are shown: with `-v`, or if rules are selected.
fn shows_infos(cli: &Cli, arguments: &Check) -> bool {
    cli.verbose || !arguments.select.is_empty() || !arguments.extend_select.is_empty()
}

/// Writes the report in the chosen format.
pub(crate) fn write(cli: &Cli, arguments: &Check, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let infos = shows_infos(cli, arguments);
    let is_terminal = arguments.output_file.is_none() && io::stdout().is_terminal();
    let look = Look { infos, ..look(cli, is_terminal) };
    let is_full = arguments.output_format == Format::Full;
    match arguments.output_format {
        Format::Json if arguments.statistics => return report::statistics_json(report, out),
        Format::Json => return report::json(report, out),
        Format::JsonLines => return report::json_lines(report, out),
        Format::Github => {
            let root = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from).filter(|root| root.is_absolute());
            return report::github(report, infos, root.as_deref(), out);
        }
        Format::Gitlab => return report::gitlab(report, out),
        Format::Sarif => return report::sarif(report, out),
        Format::Junit => return report::junit(report, infos, out),
        _ if arguments.diff => return report::diff(report, out),
        _ if arguments.fix_only => {}
        _ if arguments.statistics => report::statistics(report, infos, out)?,
        Format::Full => report::full(report, look, out)?,
        Format::Concise => report::concise(report, look, out)?,
    }
    let is_said = is_full && !cli.quiet && !arguments.fix_only && !arguments.statistics;
    if arguments.show_fixes && !is_said || arguments.fix_only && !cli.quiet {
        report::fixes(report, look, out)
    } else {
        Ok(())
    }
}

/// A note on the errors and warnings that remain after the edits of a diff.
fn not_in_diff(report: &Report) -> Option<String> {
    let left: usize = report.projects.iter().map(|project| project.left).sum();
    let remain = if left == 1 { "finding remains" } else { "findings remain" };
    (left > 0).then(|| format!("{left} {remain} after these edits; run `cachekeys check` to see the report"))
}

/// 1 if errors or warnings remain, or if there is a diff.
fn exit_code(report: &Report, diff: bool) -> u8 {
    let summary = report.summary();
    let would_change = diff && report.projects.iter().any(|project| project.fixed_text.is_some());
    u8::from(summary.errors + summary.warnings > 0 || would_change)
}
