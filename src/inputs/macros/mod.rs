//! Files, directories and variables that Rust source names at compile time.
//!
//! Most files name nothing, so a quick look at the bytes decides which files are read as tokens. A syntax tree is not needed:
//! groups of tokens are enough to leave out `#[cfg(test)]` and to expand `macro_rules!`.

mod by_example;
mod definitions;
mod docs;
mod expansion;
mod expression;
mod fragment;
mod glance;
mod literals;
mod origin;
mod places;
mod reference;
mod scan;
mod standard;
mod tables;
#[cfg(test)]
mod tests;
mod variables;

use std::collections::HashSet;

use super::sources::tokens::{self, Unfit};
pub(super) use definitions::Definitions;
pub(super) use docs::documentation;
pub(super) use expression::string;
pub(super) use glance::{glance, has_string};
pub(super) use origin::{Origin, names_a_file};
pub(super) use reference::{Found, Reference, What};
use scan::Scan;
pub(super) use variables::{Value, Variables};

/// The files and variables that `text` names. `definitions` are the macros of all crates that are built. Empty if it is not Rust.
pub(super) fn references(text: &str, origin: &Origin<'_>, definitions: &Definitions) -> Result<Found, Unfit> {
    let tokens = tokens::parse(text)?;
    // Attributes of pyo3: `#[pyclass]`, `#[pyfunction]`, `#[pymethods]`, `#[pymodule]`.
    let mut scan = Scan::new(origin, definitions, text.contains("#[py"));
    scan.stream(tokens);
    let mut found = scan.found;
    for references in [&mut found.references, &mut found.literals] {
        let mut seen = HashSet::new();
        references.retain(|reference| seen.insert(reference.clone()));
    }
    Ok(found)
}
