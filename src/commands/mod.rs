//! The subcommands, one file or folder each with its report, and what they share: the search for projects, the settings, and the
//! run over many projects.

pub(crate) mod check;
pub(crate) mod discover;
pub(crate) mod editor;
pub(crate) mod explain;
pub(crate) mod files;
pub(crate) mod inputs;
pub(crate) mod keys;
pub(crate) mod outcome;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod run;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod verify;
