//! The command: parse the arguments, call the library, return the exit code.

mod cli;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use cachekeys::report::{self, Look, Report};
use cachekeys::{EnvironmentChoice, Error, FixMode, Settings};
use clap::Parser;

use cli::{Cli, Color, Command, Format, SideFormat};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        // The reader of a pipe has seen enough.
        Err(Error::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let look = look(&cli, io::stderr().is_terminal(), cli.verbose);
            let _ = report::errors(&[error], look, &mut io::stderr().lock());
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<u8, Error> {
    let mut out = BufWriter::new(io::stdout().lock());
    let code = match &cli.command {
        Command::Check(arguments) => check(cli, arguments, &mut out)?,
        Command::Inputs(arguments) => {
            let report = cachekeys::inputs(&arguments.paths, &settings(cli))?;
            match arguments.output_format {
                SideFormat::Text => report.text(&mut out)?,
                SideFormat::Json => report.json(&mut out)?,
            }
            note(cli, &report.notes)?;
            complain(cli, &report.errors, &report.passed_over)?
        }
        Command::Keys(arguments) => {
            let report = cachekeys::keys(&arguments.paths, &settings(cli))?;
            match arguments.output_format {
                SideFormat::Text => report.text(&mut out)?,
                SideFormat::Json => report.json(&mut out)?,
            }
            complain(cli, &report.errors, &report.passed_over)?
        }
        Command::Explain(arguments) => {
            let report = cachekeys::explain(&arguments.asked, arguments.project.as_deref(), &settings(cli))?;
            match arguments.output_format {
                SideFormat::Text => report.text(&mut out)?,
                SideFormat::Json => report.json(&mut out)?,
            }
            note(cli, &report.notes)?;
            complain(cli, &report.errors, &report.passed_over)?
        }
        Command::Verify(arguments) => verify(cli, arguments, &mut out)?,
        Command::Status(arguments) => status(cli, arguments, &mut out)?,
        Command::Rule { rule } => {
            let text = match rule {
                Some(rule) => cachekeys::rule_page(rule)?,
                None => cachekeys::rule_overview(),
            };
            out.write_all(text.as_bytes())?;
            0
        }
        Command::ConfigSchema => {
            out.write_all(cachekeys::config_schema().as_bytes())?;
            0
        }
    };
    unless_closed(out.flush())?;
    Ok(code)
}

/// The settings that all commands have.
fn settings(cli: &Cli) -> Settings {
    let mut settings = Settings::default();
    settings.crate_metadata = cli.metadata.into();
    settings.config.clone_from(&cli.config);
    settings.isolated = cli.isolated;
    settings
}

fn check(cli: &Cli, arguments: &cli::Check, out: &mut impl Write) -> Result<u8, Error> {
    let mut settings = settings(cli);
    settings.select.clone_from(&arguments.select);
    settings.extend_select.clone_from(&arguments.extend_select);
    settings.ignore.clone_from(&arguments.ignore);
    settings.exclude.clone_from(&arguments.exclude);
    settings.force_exclude = arguments.force_exclude;
    settings.unsafe_fixes = arguments.unsafe_fixes;
    settings.edits = arguments.output_format == Format::Json;
    settings.fix = match (arguments.fix || arguments.fix_only, arguments.diff) {
        (true, _) => FixMode::Apply,
        (_, true) => FixMode::Diff,
        _ => FixMode::Off,
    };
    if arguments.show_files {
        let files = cachekeys::files(&arguments.paths, &settings)?;
        unless_closed(files.text(out).and_then(|()| out.flush()))?;
        return complain(cli, &files.errors, &files.passed_over);
    }
    let report = cachekeys::check_all(&arguments.paths, &settings)?;
    unless_closed(write(cli, arguments, &report, out).and_then(|()| out.flush()))?;
    note(cli, &report.notes)?;
    let failed = complain(cli, &report.errors, &report.passed_over)?;
    let left = if arguments.fix_only { 0 } else { exit_code(&report, arguments.diff) };
    let left = left.max(u8::from(arguments.exit_non_zero_on_fix && report.summary().fixed > 0));
    Ok(if failed > 0 || !arguments.exit_zero { failed.max(left) } else { 0 })
}

/// Writes what the report has to say in the form that is asked for.
fn write(cli: &Cli, arguments: &cli::Check, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let names_rules = !arguments.select.is_empty() || !arguments.extend_select.is_empty();
    let verbose = cli.verbose || names_rules;
    let is_full = arguments.output_format == Format::Full;
    match arguments.output_format {
        Format::Json if arguments.statistics => return report::statistics_json(report, out),
        Format::Json => return report::json(report, out),
        _ if arguments.diff => return report::diff(report, out),
        _ if arguments.fix_only => {}
        _ if arguments.statistics => report::statistics(report, verbose, out)?,
        Format::Full => report::full(report, look(cli, io::stdout().is_terminal(), verbose), out)?,
        Format::Concise => report::concise(report, verbose, out)?,
    }
    let is_said = is_full && !cli.quiet && !arguments.fix_only && !arguments.statistics;
    if arguments.show_fixes && !is_said || arguments.fix_only && !cli.quiet {
        report::fixes(report, out)
    } else {
        Ok(())
    }
}

/// 1 where something was recorded that no key covers; 2 also where there was nothing to verify against.
fn verify(cli: &Cli, arguments: &cli::Sides, out: &mut impl Write) -> Result<u8, Error> {
    let report = cachekeys::verify(&arguments.paths, &settings(cli))?;
    let written = match arguments.output_format {
        SideFormat::Text => report.text(out),
        SideFormat::Json => report.json(out),
    };
    unless_closed(written.and_then(|()| out.flush()))?;
    note(cli, &report.notes)?;
    let failed = complain(cli, &report.errors, &report.passed_over)?;
    Ok(failed.max(u8::from(report.is_uncovered())))
}

/// As the verdicts say; 2 also where one could not be told.
fn status(cli: &Cli, arguments: &cli::Status, out: &mut impl Write) -> Result<u8, Error> {
    let mut choice = EnvironmentChoice::default();
    choice.venv.clone_from(&arguments.venv);
    choice.active = arguments.active;
    let report = cachekeys::status(&arguments.paths, &settings(cli), &choice)?;
    let written = match arguments.output_format {
        SideFormat::Text => report.text(out, cli.verbose),
        SideFormat::Json => report.json(out),
    };
    unless_closed(written.and_then(|()| out.flush()))?;
    let failed = complain(cli, &report.errors, &report.passed_over)?;
    Ok(failed.max(u8::from(report.is_at_fault(arguments.error_on_rebuild))))
}

/// A reader that has seen enough and closes the pipe changes nothing of the verdict.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// 1 where errors or warnings remain, or a diff is not empty.
fn exit_code(report: &Report, diff: bool) -> u8 {
    let summary = report.summary();
    let would_change = diff && report.projects.iter().any(|project| project.fixed_text.is_some());
    u8::from(summary.errors + summary.warnings > 0 || would_change)
}

/// Says on standard error why cargo was not asked.
fn note(cli: &Cli, notes: &[String]) -> io::Result<()> {
    let mut err = io::stderr().lock();
    notes.iter().filter(|_| !cli.quiet).try_for_each(|note| writeln!(err, "note: {note}"))
}

/// Says on standard error what could not be read and what was passed over. 2 where something could not be read.
fn complain(cli: &Cli, errors: &[Error], passed_over: &[(PathBuf, bool)]) -> Result<u8, Error> {
    let mut err = io::stderr().lock();
    for (path, _) in passed_over.iter().filter(|(_, named)| !cli.quiet && (*named || cli.verbose)) {
        writeln!(err, "{}: not a Rust-extension project, passed over", path.display())?;
    }
    report::errors(errors, look(cli, io::stderr().is_terminal(), cli.verbose), &mut err)?;
    Ok(if errors.is_empty() { 0 } else { 2 })
}

fn look(cli: &Cli, is_terminal: bool, verbose: bool) -> Look {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match cli.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !no_color,
    };
    Look { color, width: 100, verbose, quiet: cli.quiet }
}
