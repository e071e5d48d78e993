//! The command line. Nothing below imports it.

use std::path::PathBuf;

use cachekeys::CrateMetadata;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const CHECK_HELP: &str = "\
Exit codes:
  0  no error or warning is left, or all were fixed
  1  errors or warnings remain; with --diff, the fix would change something or leaves findings;
     with --exit-non-zero-on-fix, something was fixed
  2  a wrong command line or setting, or a pyproject.toml that cannot be read or is not TOML";

/// Checks uv's cache-keys, and makes uv rebuild a Python package with Rust inside when, and only when, something that goes into it
/// has changed
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Who says which crates a project is built from
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHO")]
    pub(crate) metadata: Metadata,
    /// Settings over those of the projects: a TOML file, or a setting ('metadata = true')
    #[arg(long, global = true, value_name = "FILE|KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// Leave the settings of the projects, [tool.cachekeys], aside
    #[arg(long, global = true)]
    pub(crate) isolated: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Print nothing but findings
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more: infos, and the files that were passed over
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

const VERIFY_HELP: &str = "\
Exit codes:
  0  all that was recorded and counts is covered
  1  rustc or cargo recorded something that no key covers
  2  a project has no build to verify against, or cannot be read; a wrong command line";

const STATUS_HELP: &str = "\
Exit codes:
  0  uv has nothing to do, and nothing is newer than the installed extension; or a build or a reinstallation is due
  1  stale, endless, broken, or not installed; with --error-on-rebuild, also where a build or a reinstallation is due
  2  a pyproject.toml or stored cache info that cannot be read, keys that uv refuses; a wrong command line";

const SERVER_HELP: &str = "\
An editor starts the server and talks to it: diagnostics, quick fixes, hover, inlay hints. It writes no file.

Exit codes:
  0  the client asked the server to shut down
  1  the client ended without that, or sent something that is not a message";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Where the keys and the inputs of the build disagree
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// cargo's side: everything that feeds the build, why, and the key that covers it
    Inputs(Sides),
    /// uv's side: each key, the files it covers, the directories uv walks for it
    Keys(Sides),
    /// One file or variable: is it an input and why, which key covers it, what does a change do
    Explain(Explain),
    /// What rustc and cargo recorded at the last build, held against the keys
    #[command(after_help = VERIFY_HELP)]
    Verify(Sides),
    /// What the next `uv sync` will do and why; whether the installed extension is older than the code
    #[command(after_help = STATUS_HELP)]
    Status(Status),
    /// A rule's page; without a rule, the list of all
    Rule {
        /// A code (CK103) or a name (uncovered-source)
        rule: Option<String>,
        /// The pages of all rules
        #[arg(long, conflicts_with = "rule")]
        all: bool,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        output_format: SideFormat,
    },
    /// Run a language server on standard input and output, for editors
    #[command(after_help = SERVER_HELP)]
    Server,
    /// The JSON schema of [tool.cachekeys]
    ConfigSchema,
    /// What makes a shell complete the command line
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The manual page of the command, or of one of its commands
    #[command(hide = true)]
    Man {
        /// check, inputs, ...
        of: Option<String>,
    },
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Check {
    /// Directories to search, pyproject.toml files, or any file of a project
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Rewrite the keys in place
    #[arg(long)]
    pub(crate) fix: bool,
    /// With --fix or --diff, also take away keys that do nothing
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Show what --fix would change, and write nothing
    #[arg(long, conflicts_with = "fix")]
    pub(crate) diff: bool,
    /// As --fix, and show nothing of what remains
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix_only: bool,
    /// Say what was fixed, also in a format or with -q where that is left out
    #[arg(long)]
    pub(crate) show_fixes: bool,
    /// Rules that speak: codes, prefixes (CK1), names, ALL
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    pub(crate) select: Vec<String>,
    /// Rules that speak besides those
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    pub(crate) extend_select: Vec<String>,
    /// Rules that do not speak
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    pub(crate) ignore: Vec<String>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: Format,
    /// Write the findings to a file, not to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// With `-` as path: check the text from standard input as if it stood in FILE; with --fix, print the new text
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// Check again whenever an input or a pyproject.toml changes
    #[arg(long, conflicts_with_all = ["stdin_filename", "diff", "output_file", "show_files", "statistics", "fix_only"])]
    pub(crate) watch: bool,
    /// Count the findings of each rule, and show none
    #[arg(long)]
    pub(crate) statistics: bool,
    /// List the projects that would be checked, and check none
    #[arg(long)]
    pub(crate) show_files: bool,
    /// Directories whose projects a search passes over
    #[arg(long, value_delimiter = ',', value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Pass over what is excluded also where it is named
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Exit with 0 even where findings remain
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Exit with 1 where something was fixed
    #[arg(long)]
    pub(crate) exit_non_zero_on_fix: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A file, which need not exist, or a variable ('$NAME')
    #[arg(value_name = "PATH-OR-$VARIABLE")]
    pub(crate) asked: String,
    /// The project, where it is not to be looked for around the file
    #[arg(long, value_name = "PATH")]
    pub(crate) project: Option<PathBuf>,
    /// For people or for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: SideFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Sides {
    /// A directory to search, a pyproject.toml, or any file of a project
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// For people or for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: SideFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// A directory to search, a pyproject.toml, or any file of a project
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The environment, where it is not the one that uv takes by itself
    #[arg(long, value_name = "DIR", conflicts_with = "active")]
    pub(crate) venv: Option<PathBuf>,
    /// Take the active environment (`VIRTUAL_ENV`), as `uv sync --active`
    #[arg(long)]
    pub(crate) active: bool,
    /// Ask about `uv sync --no-editable`
    #[arg(long)]
    pub(crate) no_editable: bool,
    /// Exit with 1 also where the next sync builds or reinstalls
    #[arg(long)]
    pub(crate) error_on_rebuild: bool,
    /// For people or for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: SideFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Drawn at their place in the file
    #[default]
    Full,
    /// One line each
    Concise,
    /// One document, with its version
    Json,
    /// One JSON object a line
    JsonLines,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// SARIF 2.1.0, with the edits
    Sarif,
    /// XML as test runners write it
    Junit,
}

impl Format {
    /// Whether programs read it: such a document is whole or broken.
    pub(crate) fn is_document(self) -> bool {
        !matches!(self, Self::Full | Self::Concise)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SideFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Metadata {
    /// cargo; the manifests where there is no cargo, or it refuses
    #[default]
    Auto,
    /// cargo alone
    Cargo,
    /// The manifests alone, no cargo needed
    Manifest,
}

impl From<Metadata> for CrateMetadata {
    fn from(metadata: Metadata) -> Self {
        match metadata {
            Metadata::Auto => Self::Auto,
            Metadata::Cargo => Self::Cargo,
            Metadata::Manifest => Self::Manifest,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}
