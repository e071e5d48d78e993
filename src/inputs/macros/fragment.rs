//! The number of tokens that a fragment of a `macro_rules!` matches: `$x:expr`, `$t:ty` and the others.
//!
//! Source: the Rust reference, "Macros By Example: Metavariables" and "Follow-set Ambiguity Restrictions". An expression, for
//! example, must be followed by `=>`, `,` or `;`, so it ends at the first of them.

use proc_macro2::{Delimiter, Spacing, TokenTree};

/// Punctuation that rustc reads as one token, longest first.
const OPERATORS: [&str; 25] = [
    "<<=", ">>=", "...", "..=", "=>", "->", "::", "..", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=",
    "%=", "^=", "&=", "|=", "<<", ">>", "<-",
];

/// Keywords that cannot start an expression or a type.
const OTHERS: [&str; 16] = [
    "as", "else", "enum", "fn", "impl", "in", "let", "mod", "mut", "pub", "ref", "struct", "trait", "type", "use",
    "where",
];

/// The number of puncts at the start that form one token of rustc; 0 if the start is not a punct.
pub(super) fn operator(tokens: &[TokenTree]) -> usize {
    let mut text = String::new();
    for token in tokens.iter().take(3) {
        let TokenTree::Punct(punct) = token else { break };
        text.push(punct.as_char());
        if punct.spacing() == Spacing::Alone {
            break;
        }
    }
    let known = OPERATORS.iter().find(|operator| text.starts_with(**operator));
    known.map_or(usize::from(!text.is_empty()), |operator| operator.len())
}

/// The number of tokens at the start of `input` that form a fragment of that kind.
pub(super) fn length(kind: &str, input: &[TokenTree]) -> Option<usize> {
    let first = input.first();
    let length = match kind {
        "vis" => return Some(visibility(input)),
        "ident" => usize::from(matches!(first, Some(TokenTree::Ident(name)) if name != "_")),
        "lifetime" => lifetime(input),
        "literal" => literal(input),
        "tt" => match lifetime(input) {
            0 => operator(input).max(usize::from(first.is_some())),
            lifetime => lifetime,
        },
        "block" => usize::from(is_group(first, Delimiter::Brace)),
        "expr" | "expr_2021" if starts(input, "-*!&|<:.'#") => until(input, &[",", ";", "=>"], Mode::Expression),
        "stmt" | "meta" => until(input, &[",", ";", "=>"], Mode::Expression),
        "ty" | "path" if starts(input, "&*!<:'?") || starts_type(first) => {
            until(input, &[",", ";", "=>", ":", "=", ">", "|", "as", "where", "{"], Mode::Type)
        }
        "pat" => until(input, &[",", "=>", "=", "if", "in"], Mode::Expression),
        "pat_param" => until(input, &[",", "=>", "=", "|", "if", "in"], Mode::Expression),
        "item" => item(input),
        _ => return None,
    };
    (length > 0).then_some(length)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// `<` is a comparison, except after `::` and at the start.
    Expression,
    Type,
}

/// The number of tokens before the first of `stops` that is outside `<…>` and the parameters of a closure.
fn until(input: &[TokenTree], stops: &[&str], mode: Mode) -> usize {
    let (mut at, mut angles, mut before) = (0, 0_usize, String::new());
    while let Some(token) = input.get(at) {
        let width = operator(&input[at..]).max(1);
        let text: String = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => "{".to_owned(),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => "[".to_owned(),
            TokenTree::Group(_) | TokenTree::Literal(_) => String::new(),
            _ => input[at..at + width].iter().map(ToString::to_string).collect(),
        };
        // `Vec<u8> [`: the type has ended, and no slice type begins.
        let is_index = mode == Mode::Type && text == "[" && (before == ">" || before.starts_with(is_word));
        if angles == 0 && (stops.contains(&text.as_str()) || is_index) {
            break;
        }
        let is_start = at == 0 || before == "move";
        match text.as_str() {
            "|" if is_start && mode == Mode::Expression && stops.contains(&";") => {
                let end = input[at + 1..].iter().position(|token| is_punct(token, '|'));
                at += end.map_or(0, |end| end + 1);
            }
            "<" if mode == Mode::Type || angles > 0 || is_start || before == "::" => angles += 1,
            ">" | ">>" => angles = angles.saturating_sub(width),
            _ => {}
        }
        at += width;
        before = if matches!(text.as_str(), "mut" | "const" | "dyn") { String::new() } else { text };
    }
    at.min(input.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

fn is_group(token: Option<&TokenTree>, delimiter: Delimiter) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
}

/// Whether an expression or type may start here: with one of `puncts`, a word that is not in [`OTHERS`], or any other token.
fn starts(input: &[TokenTree], puncts: &str) -> bool {
    match input.first() {
        Some(TokenTree::Punct(punct)) => {
            puncts.contains(punct.as_char()) && (punct.as_char() != ':' || operator(input) == 2)
        }
        Some(TokenTree::Ident(name)) => !OTHERS.contains(&name.to_string().as_str()),
        Some(TokenTree::Literal(_)) => puncts.contains('-'),
        Some(TokenTree::Group(group)) => puncts.contains('-') || group.delimiter() != Delimiter::Brace,
        None => false,
    }
}

fn starts_type(first: Option<&TokenTree>) -> bool {
    matches!(first, Some(TokenTree::Ident(name)) if name == "fn" || name == "impl")
}

fn lifetime(input: &[TokenTree]) -> usize {
    match input {
        [quote, TokenTree::Ident(_), ..] if is_punct(quote, '\'') => 2,
        _ => 0,
    }
}

fn literal(input: &[TokenTree]) -> usize {
    match input {
        [TokenTree::Literal(_), ..] => 1,
        [TokenTree::Ident(word), ..] if word == "true" || word == "false" => 1,
        [minus, TokenTree::Literal(_), ..] if is_punct(minus, '-') => 2,
        _ => 0,
    }
}

fn visibility(input: &[TokenTree]) -> usize {
    match input {
        [TokenTree::Ident(word), rest @ ..] if word == "pub" => {
            let is_scope = |group: &proc_macro2::Group| {
                let first = group.stream().into_iter().next().map(|first| first.to_string());
                matches!(first.as_deref(), Some("crate" | "self" | "super" | "in"))
            };
            1 + usize::from(matches!(rest.first(), Some(TokenTree::Group(group)) if is_scope(group)))
        }
        _ => 0,
    }
}

/// An item ends with a `;` or with a block. An item with a value only ends with the `;`.
fn item(input: &[TokenTree]) -> usize {
    let is_function = input.iter().take(8).any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"));
    let has_value = !is_function
        && input.iter().take(8).any(|token| {
            matches!(token, TokenTree::Ident(word) if ["const", "static", "type", "use"].contains(&word.to_string().as_str()))
        });
    let ends = |token: &TokenTree| is_punct(token, ';') || !has_value && is_group(Some(token), Delimiter::Brace);
    input.iter().position(ends).map_or(0, |end| end + 1)
}
