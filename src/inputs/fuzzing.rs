//! The parsers of cargo's side, for the fuzz targets: with any input, they must end and not panic.

use std::path::Path;
use std::sync::Arc;

use super::backend::setuptools;
use super::sources::modules;
use super::{build_records, build_script, collect, macros};

use crate::fs::Disk;

/// Parses Rust source in every way that uses tokens.
///
/// # Panics
///
/// Fails if something is found on a line that does not exist.
pub fn rust(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // These paths do not exist, so no file of this machine is read.
    let (file, package) = (Path::new("/no/such/package/src/lib.rs"), Path::new("/no/such/package"));
    let disk = Disk::default().with_overlay(file, text);
    let mut definitions = macros::Definitions::default();
    definitions.add(file, package, &Arc::new(macros::glance(bytes, &|_| false)));
    definitions.settle(&disk);
    let origin = macros::Origin { disk: &disk, file, package, variables: &definitions.variables };
    if let Ok(found) = macros::references(text, &origin, &definitions) {
        let references = found.references;
        let lines = text.lines().count() + 1;
        // proc-macro2 has no line numbers when fuzzing.
        let first = usize::from(!cfg!(fuzzing));
        assert!(references.iter().all(|reference| (first..=lines).contains(&reference.line)), "{references:?}");
    }
    modules::elsewhere(&Disk::default(), file, text);
    collect::names_and_literals(text);
    let script = build_script::File { path: package.join("build.rs"), text: text.to_owned(), helper: None };
    build_script::analyse(&Disk::default(), &[script], package, &|_, _| true);
    let opener = build_script::File { path: file.to_owned(), text: text.to_owned(), helper: None };
    build_script::opened(&Disk::default(), &[opener], &[package]);
}

/// Parses dep-info and the output of a build script.
pub fn records(bytes: &[u8]) {
    build_records::parse_all(bytes);
}

/// Parses a setup.py.
pub fn python(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        setuptools::read(text);
    }
}
