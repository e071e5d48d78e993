//! Files, directories and variables that a source names.

use std::borrow::Cow;
use std::path::PathBuf;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Something that a file names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::inputs) struct Reference {
    pub(in crate::inputs) what: What,
    /// The macro or attribute: `include_str!`.
    pub(in crate::inputs) by: Cow<'static, str>,
    /// From 1. In the expansion of a local macro, the line of the call.
    pub(in crate::inputs) line: usize,
}

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::inputs) enum What {
    /// A file: the paths where it is looked for, in this order.
    File(Vec<PathBuf>),
    /// A directory that is embedded as a whole.
    Directory(PathBuf),
    /// The files of one suffix below a directory.
    Suffix(PathBuf, &'static str),
    /// A variable that the compiler reads.
    Variable(String),
    /// The text of an argument that the source does not determine.
    Unknown(String),
}

/// Everything that a source names.
#[derive(Debug, Default)]
pub(in crate::inputs) struct Found {
    pub(in crate::inputs) references: Vec<Reference>,
    /// Files that string literals name in the arguments of unknown macros and attributes.
    pub(in crate::inputs) literals: Vec<Reference>,
}

/// The tokens of the first argument.
pub(super) fn argument(arguments: &TokenStream) -> TokenStream {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    arguments.clone().into_iter().take_while(|token| !is_comma(token)).collect()
}

pub(super) fn is_attribute(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
}

/// `#[doc = …]` and `#[cfg_attr(…, doc = …)]`.
pub(super) fn is_doc(group: &Group) -> bool {
    let text = group.stream().to_string();
    text.starts_with("doc") || (text.starts_with("cfg_attr") && text.contains("doc ="))
}
