//! The command line. Nothing below imports it.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::help;
use crate::values::{Color, Format, Metadata, SideFormat};

/// A linter and fixer for uv's cache-keys in Python projects with Rust extensions
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 100,
    after_help = "Use `cachekeys help <COMMAND>` for details."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Choose how to find crates
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_default_value = true,
        value_name = "SOURCE",
        help_heading = PROJECTS,
        display_order = 101
    )]
    pub(crate) metadata: Metadata,
    /// Override settings: a TOML file, or a setting like 'editable=false'
    #[arg(long, global = true, value_name = "FILE|KEY=VALUE", help_heading = PROJECTS, display_order = 102)]
    pub(crate) config: Vec<String>,
    /// Ignore the settings of projects ([tool.cachekeys])
    #[arg(long, global = true, hide_short_help = true, help_heading = PROJECTS, display_order = 103)]
    pub(crate) isolated: bool,
    /// Control when to use colours: auto, always, never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "WHEN",
        help_heading = GLOBAL,
        display_order = 104
    )]
    pub(crate) color: Color,
    /// Print findings only
    #[arg(short, long, global = true, help_heading = GLOBAL, display_order = 105)]
    pub(crate) quiet: bool,
    /// Show all details: infos, every place and name, skipped files
    #[arg(short, long, global = true, help_heading = GLOBAL, display_order = 106)]
    pub(crate) verbose: bool,
    /// Print help (-h prints a summary)
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = GLOBAL, display_order = 107)]
    help: Option<bool>,
    /// Print the version
    #[arg(short = 'V', long, global = true, action = ArgAction::Version, help_heading = GLOBAL, display_order = 108)]
    version: Option<bool>,
}

const FIXING: &str = "Fixing";
const SELECTION: &str = "Rule selection";
const OUTPUT: &str = "Output";
const PROJECTS: &str = "Projects and settings";
const GLOBAL: &str = "Global options";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report missing and harmful keys; `--fix` corrects them
    #[command(after_help = help::CHECK, after_long_help = help::long(help::CHECK, help::CHECK_CODES))]
    Check(Check),
    /// List everything that feeds the build, why, and the key that covers it
    #[command(after_help = help::INPUTS)]
    Inputs(Sides),
    /// List each key, the files it covers and the directories uv walks for it
    #[command(after_help = help::KEYS)]
    Keys(Sides),
    /// Explain a file or variable: whether it is an input, and which key covers it
    #[command(after_help = help::EXPLAIN)]
    Explain(Explain),
    /// Compare the keys with what rustc and cargo recorded at the last build
    #[command(after_help = help::VERIFY, after_long_help = help::long(help::VERIFY, help::VERIFY_CODES))]
    Verify(Sides),
    /// Show what the next `uv sync` will do, and whether the installed extension is stale
    #[command(after_help = help::STATUS, after_long_help = help::long(help::STATUS, help::STATUS_CODES))]
    Status(Status),
    /// Explain a rule, or list all rules
    #[command(after_help = help::RULE)]
    Rule {
        /// Code (CK103) or name (uncovered-source) of a rule
        rule: Option<String>,
        /// Print the pages of all rules
        #[arg(long, conflicts_with = "rule", help_heading = OUTPUT)]
        all: bool,
        /// Choose the format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = OUTPUT)]
        output_format: SideFormat,
    },
    /// Run a language server on standard input and output, for editors
    #[command(after_help = help::SERVER, after_long_help = help::long(help::SERVER, help::SERVER_CODES))]
    Server,
    /// Print the JSON schema of [tool.cachekeys]
    #[command(after_help = help::CONFIG_SCHEMA)]
    ConfigSchema,
    /// Generate shell completions
    #[command(after_help = help::COMPLETIONS)]
    Completions {
        /// Shell to complete the command line for
        shell: Shell,
    },
    /// Print the manual page of the command, or of one of its commands
    #[command(hide = true)]
    Man {
        /// Command: check, inputs, ...
        of: Option<String>,
    },
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Check {
    /// Files or directories to check; directories are searched for projects
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Apply safe fixes: add keys, and replace harmful ones
    #[arg(long, help_heading = FIXING)]
    pub(crate) fix: bool,
    /// Include fixes that remove or narrow keys
    #[arg(long, help_heading = FIXING)]
    pub(crate) unsafe_fixes: bool,
    /// Show what `--fix` would change, without writing files
    #[arg(long, conflicts_with = "fix", help_heading = FIXING)]
    pub(crate) diff: bool,
    /// Apply fixes like `--fix`, and do not report what remains
    #[arg(long, conflicts_with = "diff", help_heading = FIXING)]
    pub(crate) fix_only: bool,
    /// List what was fixed, with every output format
    #[arg(long, help_heading = FIXING, hide_short_help = true)]
    pub(crate) show_fixes: bool,
    /// Enable only these rules: codes, prefixes (CK1), names, or ALL
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = SELECTION)]
    pub(crate) select: Vec<String>,
    /// Enable these rules in addition to the selected ones
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = SELECTION)]
    pub(crate) extend_select: Vec<String>,
    /// Disable these rules
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = SELECTION)]
    pub(crate) ignore: Vec<String>,
    /// Choose the format of findings
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = OUTPUT)]
    pub(crate) output_format: Format,
    /// Write findings to a file instead of standard output
    #[arg(long, value_name = "FILE", help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) output_file: Option<PathBuf>,
    /// Count the findings of each rule instead of showing them
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) statistics: bool,
    /// Check again whenever an input or a pyproject.toml changes
    #[arg(
        long,
        help_heading = OUTPUT,
        conflicts_with_all = ["stdin_filename", "diff", "output_file", "show_files", "statistics", "fix_only"]
    )]
    pub(crate) watch: bool,
    /// Exit with code 0 even if findings remain
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) exit_zero: bool,
    /// Exit with code 1 if something was fixed
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) exit_non_zero_on_fix: bool,
    /// Skip projects in directories that match
    #[arg(long, value_delimiter = ',', value_name = "GLOB", help_heading = PROJECTS)]
    pub(crate) exclude: Vec<String>,
    /// Skip excluded projects even if they are named on the command line
    #[arg(long, help_heading = PROJECTS, hide_short_help = true)]
    pub(crate) force_exclude: bool,
    /// Check standard input (`-` as PATH) as if it were this file, and with `--fix` print the new text
    #[arg(long, value_name = "FILE", help_heading = PROJECTS, hide_short_help = true)]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// List the projects that would be checked, without checking them
    #[arg(long, help_heading = PROJECTS, hide_short_help = true)]
    pub(crate) show_files: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// File, which need not exist, or variable ('$NAME')
    #[arg(value_name = "PATH-OR-$VARIABLE")]
    pub(crate) asked: String,
    /// Choose the format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = OUTPUT)]
    pub(crate) output_format: SideFormat,
    /// Explain the file for this project only
    #[arg(long, value_name = "PATH", help_heading = PROJECTS)]
    pub(crate) project: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Sides {
    /// Files or directories; directories are searched for projects
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Choose the format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = OUTPUT)]
    pub(crate) output_format: SideFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) sides: Sides,
    /// Exit with code 1 if the next sync would build or reinstall
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) error_on_rebuild: bool,
    /// Use this environment instead of the one that uv finds
    #[arg(long, value_name = "DIR", conflicts_with = "active", help_heading = PROJECTS)]
    pub(crate) venv: Option<PathBuf>,
    /// Use the active environment (`VIRTUAL_ENV`), like `uv sync --active`
    #[arg(long, help_heading = PROJECTS)]
    pub(crate) active: bool,
    /// Predict `uv sync --no-editable` instead of `uv sync`
    #[arg(long, help_heading = PROJECTS)]
    pub(crate) no_editable: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Words that start a description, not an order.
    const NOT_IMPERATIVE: [&str; 10] = ["A", "All", "An", "How", "One", "The", "What", "When", "Which", "Who"];

    #[test]
    fn each_flag_says_what_it_does_and_the_help_fits_a_screen() {
        let mut cli = Cli::command().term_width(100);
        cli.build();
        for command in cli.get_subcommands_mut().filter(|command| command.get_name() != "help") {
            let name = command.get_name().to_owned();
            let is_imperative = |help: &str| {
                let word = help.split([' ', ':']).next().unwrap();
                word.starts_with(char::is_uppercase) && !word.ends_with('s') && !NOT_IMPERATIVE.contains(&word)
            };
            assert!(is_imperative(&command.get_about().unwrap().to_string()), "{name}");
            for flag in command.get_opts().chain(command.get_arguments().filter(|flag| !flag.is_positional())) {
                let help = flag.get_help().unwrap().to_string();
                assert!(is_imperative(&help) && !help.ends_with('.'), "{name} --{}: {help}", flag.get_id());
                assert!(flag.get_help_heading().is_some(), "{name} --{} has no heading", flag.get_id());
            }
            assert!(command.is_hide_set() || command.get_after_help().is_some(), "{name} has no example");
            let help = command.render_help().to_string();
            assert!(help.lines().count() <= 40, "{help}");
            assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
        }
    }
}
