//! The only place that touches the disk: reading, replacing, listing, resolving.

pub(crate) mod disk;
pub(crate) mod gitignore;
pub(crate) mod path;
pub(crate) mod read;
pub(crate) mod replace;
pub(crate) mod resolve;
mod resolved;
pub(crate) mod toml;
mod unreadable;

pub(crate) use disk::Disk;
pub(crate) use resolved::Resolved;
#[cfg(any(test, fuzzing))]
pub(crate) use resolved::resolved;
pub(crate) use unreadable::Unreadable;
