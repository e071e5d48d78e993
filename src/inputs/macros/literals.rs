//! String literals that name a file of the crate, in the arguments of an unknown macro or attribute. A path in `sol!` or
//! `#[graphql]` is likely read at compile time.

use std::borrow::Cow;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::expansion::Expansion;
use super::origin::{Origin, names_a_file};
use super::reference::{Reference, What};
use super::string;
use super::variables::Value;

/// Adds the files that literals in the arguments of a macro or an attribute name to `found`.
pub(super) fn named(
    arguments: TokenStream,
    by: &str,
    line: usize,
    origin: &Origin<'_>,
    expansion: &mut Expansion<'_>,
    found: &mut Vec<Reference>,
) {
    let is_attribute = by.starts_with('#');
    let tokens = Vec::from_iter(arguments);
    for (at, token) in tokens.iter().enumerate() {
        let text = match (token, &tokens[..at]) {
            (TokenTree::Group(group), [.., TokenTree::Ident(name), TokenTree::Punct(bang)])
                if bang.as_char() == '!' =>
            {
                let is_text = name == "concat" && group.delimiter() == Delimiter::Parenthesis;
                match is_text.then(|| expansion.evaluate(tokens[at - 2..=at].iter().cloned().collect())) {
                    Some(Value::Text(text)) => Some(text),
                    _ => None,
                }
            }
            // The arguments of a function call are used when the program runs.
            (TokenTree::Group(group), [.., TokenTree::Ident(_)])
                if group.delimiter() == Delimiter::Parenthesis && !is_attribute =>
            {
                None
            }
            (TokenTree::Group(group), _) => {
                named(group.stream(), by, line, origin, expansion, found);
                None
            }
            (TokenTree::Literal(literal), _) => string(literal),
            _ => None,
        };
        // `concat!` may make an absolute path from the crate's directory.
        let package = || origin.package.to_string_lossy().into_owned() + "/";
        let text = text.map(|text| text.strip_prefix(&package()).map(str::to_owned).unwrap_or(text));
        if let Some(path) = text.and_then(|text| names_a_file(&text, origin)) {
            found.push(Reference { what: What::File(vec![path]), by: Cow::Owned(format!("named in `{by}`")), line });
        }
    }
}
