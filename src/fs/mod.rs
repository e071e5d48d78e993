//! The only place that touches the disk: reading, replacing, listing, resolving.

pub(crate) mod disk;
pub(crate) mod gitignore;
pub(crate) mod path;
pub(crate) mod read;
pub(crate) mod replace;
pub(crate) mod resolve;
pub(crate) mod toml;

pub(crate) use disk::Disk;
