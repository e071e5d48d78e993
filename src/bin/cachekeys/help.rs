//! The text below the options in the help of a command: examples, and exit codes in the long help.

/// The long help: the short one and the exit codes.
pub(crate) fn long(short: &str, codes: &str) -> String {
    format!("{short}\n\nExit codes:{codes}")
}

pub(crate) const CHECK: &str = "\
Examples:
  cachekeys check --fix          Add the keys that are missing
  cachekeys check --diff python  Show the edit for the project in python/";

pub(crate) const CHECK_CODES: &str = "
  0  no error or warning is left, or all were fixed
  1  errors or warnings remain; with --diff, the fix would change something or leaves findings;
     with --exit-non-zero-on-fix, something was fixed
  2  a wrong command line or setting, or a pyproject.toml that cannot be read or is not TOML";

pub(crate) const INPUTS: &str = "\
Examples:
  cachekeys inputs                       List the inputs of the project in this directory
  cachekeys inputs --output-format json  Print them for a program";

pub(crate) const KEYS: &str = "\
Examples:
  cachekeys keys         List the keys of the project in this directory
  cachekeys keys python  List those of the project in python/";

pub(crate) const EXPLAIN: &str = "\
Examples:
  cachekeys explain src/lib.rs  Explain a file
  cachekeys explain '$CC'       Explain an environment variable";

pub(crate) const VERIFY: &str = "\
Examples:
  cachekeys verify  Check the keys after a build";

pub(crate) const VERIFY_CODES: &str = "
  0  all that was recorded and counts is covered
  1  rustc or cargo recorded something that no key covers
  2  a project has no build to verify against, or cannot be read; a wrong command line";

pub(crate) const STATUS: &str = "\
Examples:
  cachekeys status                     Show why uv will, or will not, rebuild
  cachekeys status --error-on-rebuild  Fail in CI if the environment is not up to date";

pub(crate) const STATUS_CODES: &str = "
  0  up to date, or the next `uv sync` builds or reinstalls
  1  stale, endless, broken, or not installed; with --error-on-rebuild, also if the next
     `uv sync` builds or reinstalls
  2  a pyproject.toml or stored cache info that cannot be read, keys that uv refuses; a wrong
     command line";

pub(crate) const RULE: &str = "\
Examples:
  cachekeys rule        List all rules
  cachekeys rule CK103  Explain one rule";

pub(crate) const SERVER: &str = "\
An editor starts the server and talks to it: diagnostics, quick fixes, hover, inlay hints. It writes
no file.";

pub(crate) const SERVER_CODES: &str = "
  0  the client asked the server to shut down
  1  the client ended without that, or sent something that is not a message";

pub(crate) const CONFIG_SCHEMA: &str = "\
Examples:
  cachekeys config-schema > cachekeys.schema.json  Save the schema for an editor";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  cachekeys completions zsh > ~/.zfunc/_cachekeys  Install completions for zsh";
