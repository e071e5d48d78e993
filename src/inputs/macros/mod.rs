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
mod scan;
mod standard;
mod tables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use super::sources::tokens::{self, Unfit};
use crate::fs::Disk;
pub(super) use definitions::Definitions;
pub(super) use docs::documentation;
pub(super) use expression::string;
pub(super) use glance::{glance, has_string};
pub(super) use literals::names_a_file;
use scan::Scan;

/// Something that a file names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Reference {
    pub(super) what: What,
    /// The macro or attribute: `include_str!`.
    pub(super) by: Cow<'static, str>,
    /// From 1; in the expansion of a local macro that of the call.
    pub(super) line: usize,
    /// Whether `include!` takes it for source.
    pub(super) is_source: bool,
}

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// A file: the paths where it is looked for, in this order.
    File(Vec<PathBuf>),
    /// A directory that is embedded as a whole.
    Directory(PathBuf),
    /// The files of one suffix below a directory.
    Suffix(PathBuf, &'static str),
    /// A variable that the compiler reads.
    Variable(String),
    /// An argument that cannot be told from the source alone; its text.
    Unknown(String),
}

/// Where the file stands that is scanned.
pub(super) struct Origin<'a> {
    pub(super) disk: &'a Disk,
    pub(super) file: &'a Path,
    /// The directory of the crate's Cargo.toml.
    pub(super) package: &'a Path,
    /// The macros of all crates that are built.
    pub(super) definitions: &'a Definitions,
}

/// What a source names.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) references: Vec<Reference>,
    /// Files that string literals name in the arguments of macros and attributes that are not known here.
    pub(super) literals: Vec<Reference>,
}

/// What `text` names. Nothing, where it is no Rust.
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

/// The tokens of the first argument.
fn argument(arguments: &TokenStream) -> TokenStream {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    arguments.clone().into_iter().take_while(|token| !is_comma(token)).collect()
}
