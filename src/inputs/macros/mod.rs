//! What Rust source names at compile time: embedded files and directories, variables.
//!
//! Most files name nothing: a glance at the bytes decides which are read as tokens at all. Tokens, not a syntax tree:
//! groups are enough to leave `#[cfg(test)]` out, and to expand `macro_rules!`.

mod by_example;
mod definitions;
mod docs;
mod expansion;
mod expression;
mod fragment;
mod glance;
mod literals;
mod places;
mod reference;
mod scan;
mod standard;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::sources::tokens::{self, Unfit};
pub(super) use definitions::{Definitions, Origin, names_a_file};
pub(super) use docs::documentation;
pub(super) use expression::{Value, string};
pub(super) use glance::{glance, has_string};
pub(super) use reference::{Found, Reference, What};
use scan::Scan;

/// What `text` names. Nothing if it is not Rust.
pub(super) fn references(text: &str, origin: &Origin<'_>) -> Result<Found, Unfit> {
    let tokens = tokens::parse(text)?;
    // An attribute of pyo3's: `#[pyclass]`, `#[pyfunction]`, `#[pymethods]`, `#[pymodule]`.
    let mut scan = Scan::new(origin, text.contains("#[py"));
    scan.stream(tokens);
    let mut found = scan.found;
    for references in [&mut found.references, &mut found.literals] {
        let mut seen = HashSet::new();
        references.retain(|reference| seen.insert(reference.clone()));
    }
    Ok(found)
}
