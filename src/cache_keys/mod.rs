//! uv's side: what the keys cover, exactly as uv computes it.
//!
//! `grammar` reads the keys; `glob` splits the globs and gathers them into walks; `matcher` compiles the patterns of one
//! walk, and `group` makes it; `coverage` answers for the whole list, `walk` tells everything at once, `info` what uv notes of it (with `git`).

mod coverage;
mod evaluate;
#[cfg(any(test, fuzzing))]
#[cfg(target_os = "linux")]
pub(crate) mod fuzzing;
mod git;
mod glob;
pub(crate) mod grammar;
mod group;
mod info;
mod matcher;
#[cfg(test)]
#[cfg(any(target_os = "linux", windows))]
pub(crate) mod oracle;
mod place;
mod sample;
mod walk;

pub(crate) use coverage::Coverage;
pub(crate) use evaluate::depends_on_company;
pub(crate) use git::GitReading;
pub(crate) use glob::split;
pub(crate) use grammar::{Entry, Key, Rejection, RejectionKind, is_glob};
pub(crate) use info::{CacheInfo, Directory, NewerFile, Noted};
pub(crate) use sample::samples;
pub(crate) use walk::Walk;
