//! The crates that a project is built from, according to cargo or to the manifests.

pub(crate) mod build_crate;
mod cargo_config;
pub(crate) mod cargo_metadata;
pub(crate) mod closure;
pub(crate) mod config_files;
mod lockfile;
mod manifest;
mod patches;
mod process;
pub(crate) mod resolver;
pub(crate) mod target_request;
pub(crate) mod workspace;
