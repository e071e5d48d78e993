//! The command: parse the arguments, call the library, return the exit code.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo))]

mod args;
mod check;
mod help;
mod progress;
mod server;
mod values;
mod version;
mod watch;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, StderrLock, StdoutLock, Write};
use std::process::ExitCode;
use std::time::Duration;

use anstream::AutoStream;
use cachekeys::report::{self, Look, Report, Section};
use cachekeys::{EnvironmentChoice, Error, Settings};
use clap::{CommandFactory, Parser};
use terminal_size::{Width, terminal_size};

use args::{Cli, Command, Explain, Sides, Status};
use values::{Color, SideFormat};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error)
            if error.kind() == clap::error::ErrorKind::DisplayVersion && version::are_asked(std::env::args_os()) =>
        {
            let _ = io::stdout().lock().write_all(version::text().as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(error) => error.exit(),
    };
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        // The reader closed the pipe, for example `head`.
        Err(Error::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let look = look(&cli, io::stderr().is_terminal());
            let _ = report::errors(&[error], look, &mut stderr());
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<u8, Error> {
    let mut out = BufWriter::new(stdout());
    let code = match &cli.command {
        Command::Check(arguments) if arguments.watch => watch::watch(cli, arguments, &mut out)?,
        Command::Check(arguments) => check::check(cli, arguments, &mut out)?,
        Command::Inputs(Sides { paths, output_format }) => {
            show(cli, &cachekeys::inputs(paths, &settings(cli))?, *output_format, false, &mut out)?
        }
        Command::Keys(Sides { paths, output_format }) => {
            show(cli, &cachekeys::keys(paths, &settings(cli))?, *output_format, false, &mut out)?
        }
        Command::Verify(Sides { paths, output_format }) => {
            show(cli, &cachekeys::verify(paths, &settings(cli))?, *output_format, false, &mut out)?
        }
        Command::Explain(Explain { asked, project, output_format }) => {
            let report = cachekeys::explain(asked, project.as_deref(), &settings(cli))?;
            show(cli, &report, *output_format, false, &mut out)?
        }
        Command::Status(Status { sides, venv, active, no_editable, error_on_rebuild }) => {
            let mut choice = EnvironmentChoice::default();
            choice.venv.clone_from(venv);
            choice.active = *active;
            choice.no_editable = *no_editable;
            let report = cachekeys::status(&sides.paths, &settings(cli), &choice)?;
            show(cli, &report, sides.output_format, *error_on_rebuild, &mut out)?
        }
        Command::Rule { rule, output_format: SideFormat::Json, .. } => {
            report::rules_json(rule.as_deref(), &mut out)?;
            0
        }
        Command::Rule { rule, all, .. } => {
            let text = match rule {
                Some(rule) => cachekeys::rule_page(rule)?,
                None if *all => cachekeys::rule_pages(),
                None => cachekeys::rule_overview(),
            };
            out.write_all(text.as_bytes())?;
            0
        }
        Command::Server => server::serve(settings(cli), &mut io::stdout().lock())?,
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "cachekeys", &mut out);
            0
        }
        Command::Man { of } => {
            man(of.as_deref(), &mut out)?;
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

/// Standard output. On Windows, escape sequences are enabled, or translated if the console does not support them.
fn stdout() -> AutoStream<StdoutLock<'static>> {
    AutoStream::always(io::stdout().lock())
}

/// Standard error, prepared in the same way.
fn stderr() -> AutoStream<StderrLock<'static>> {
    AutoStream::always(io::stderr().lock())
}

/// The manual page of the command, or of one of its commands.
fn man(of: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let page = match of {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(found) => found.clone(),
            None => refuse(clap::error::ErrorKind::InvalidSubcommand, &format!("unknown command `{name}`")),
        },
    };
    clap_mangen::Man::new(page).render(out)
}

/// Exits with 2, as clap does for its own errors.
fn refuse(kind: clap::error::ErrorKind, reason: &str) -> ! {
    Cli::command().error(kind, reason).exit()
}

/// The settings that all commands share.
fn settings(cli: &Cli) -> Settings {
    let mut settings = Settings::default();
    settings.crate_metadata = cli.metadata.into();
    settings.config.clone_from(&cli.config);
    settings.isolated = cli.isolated;
    if let Some(limit) = cargo_timeout() {
        settings.cargo_timeout = limit;
    }
    settings
}

/// The timeout of cargo from `CACHEKEYS_CARGO_TIMEOUT`, in seconds.
fn cargo_timeout() -> Option<Duration> {
    let text = std::env::var_os("CACHEKEYS_CARGO_TIMEOUT").filter(|text| !text.is_empty())?;
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let reason = || format!("CACHEKEYS_CARGO_TIMEOUT must be a number of seconds, not `{}`", text.display());
    // Longer timeouts may be out of range for the clock.
    limit
        .filter(|limit| *limit <= Duration::from_hours(24))
        .or_else(|| refuse(clap::error::ErrorKind::InvalidValue, &reason()))
}

/// Writes a report. The exit code is 2 if a project could not be read, and 1 if a project makes the command fail.
fn show<P: Section>(
    cli: &Cli,
    report: &Report<P>,
    format: SideFormat,
    strict: bool,
    out: &mut impl Write,
) -> Result<u8, Error> {
    let written = match format {
        SideFormat::Text => report.text(cli.verbose, out),
        SideFormat::Json => report.json(out),
    };
    unless_closed(written.and_then(|()| out.flush()))?;
    Ok(complain(cli, report)?.max(u8::from(report.is_at_fault(strict))))
}

/// A reader that closes the pipe does not change the exit code.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes to standard error why cargo was not asked, which files were skipped, and which errors occurred. Returns 2 if there are
/// errors.
fn complain<P>(cli: &Cli, report: &Report<P>) -> Result<u8, Error> {
    let mut err = stderr();
    if !cli.quiet {
        report.notes.iter().try_for_each(|note| writeln!(err, "note: {note}"))?;
        report::skipped(&report.skipped, cli.verbose, &mut err)?;
    }
    report::errors(&report.errors, look(cli, io::stderr().is_terminal()), &mut err)?;
    Ok(if report.errors.is_empty() { 0 } else { 2 })
}

fn look(cli: &Cli, is_terminal: bool) -> Look {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match cli.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !no_color,
    };
    // If colours are disabled, links are disabled too.
    let links = color && is_terminal && supports_hyperlinks::supports_hyperlinks();
    let terminal = is_terminal.then(terminal_size).flatten().map(|(Width(width), _)| usize::from(width));
    // Wider lines are harder to read, and narrower ones have no room for a path.
    let width = terminal.map_or(100, |width| width.clamp(40, 120));
    Look { color, links, width, infos: cli.verbose, verbose: cli.verbose, quiet: cli.quiet }
}
