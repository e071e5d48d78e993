//! uv's side: what the keys cover, exactly as uv computes it.
//!
//! `grammar` reads the keys; `glob` splits the globs and gathers them into walks; `matcher` compiles the patterns of one
//! walk, and `group` makes it; `coverage` answers for the whole list, `walk` tells everything at once.

mod coverage;
mod evaluate;
mod glob;
pub(crate) mod grammar;
mod group;
mod matcher;
#[cfg(test)]
#[cfg(target_os = "linux")]
pub(crate) mod oracle;
mod place;
mod sample;
mod walk;

pub(crate) use coverage::Coverage;
pub(crate) use evaluate::depends_on_company;
pub(crate) use glob::split;
pub(crate) use grammar::{Entry, Key, Rejection, RejectionKind, is_glob};
pub(crate) use sample::samples;
pub(crate) use walk::Walk;
