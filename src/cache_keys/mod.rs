//! uv's side: the files that the keys cover, exactly as uv computes it.
//!
//! `grammar` reads the keys. `glob` splits the globs and groups them into walks. `matcher` compiles the patterns of one walk, and
//! `group` does the walk. `system` selects whether keys are read as on Unix or on Windows. `coverage` answers for the whole list,
//! `walk` lists all files, and `info` computes the data that uv stores (with `git`).

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
mod system;
mod walk;
#[cfg(test)]
mod windows_lists;

pub(crate) use self::glob::{nests, split, split_on};
pub(crate) use coverage::{Coverage, is_accepted};
pub(crate) use evaluate::{Obstacle, depends_on_company};
pub(crate) use git::GitReading;
pub(crate) use grammar::{Entry, Key, Rejection, RejectionKind, is_absolute, is_glob, is_over_the_disk};
pub(crate) use info::{CacheInfo, Directory, NewerFile, Noted};
pub(crate) use sample::samples;
pub(crate) use system::System;
pub(crate) use walk::{KeyWalk, Walk};
