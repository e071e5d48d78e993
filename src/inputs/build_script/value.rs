//! The value of an expression in a build script, as far as its text tells it: literals, what cargo sets, and the paths that
//! are made of them.
//!
//! The current directory of a build script is its package (cargo book, "Build Scripts: Inputs to the Build Script"), so a
//! relative text and a path below `CARGO_MANIFEST_DIR` are the same kind of thing: a text that names a file from there.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::context::{Atom, Context, Value, is_punct};
use super::{format, methods};
use crate::inputs::macros;

/// Evaluates an expression.
pub(super) fn evaluate(tokens: &[TokenTree], context: Context<'_>) -> Value {
    let mut terms = tokens.split(|token| is_punct(token, '+')).map(|term| product(term, context));
    let first = terms.next().unwrap_or_else(Value::unknown);
    terms.fold(first, |sum, term| sum.combine(&term, |a, b| format!("{a}{b}")))
}

/// A primary expression and what is called on it.
fn product(tokens: &[TokenTree], context: Context<'_>) -> Value {
    let sigils = tokens.iter().take_while(|token| {
        is_punct(token, '&') || is_punct(token, '*') || matches!(token, TokenTree::Ident(name) if name == "mut")
    });
    let tokens = &tokens[sigils.count()..];
    let cast = tokens.iter().position(|token| matches!(token, TokenTree::Ident(word) if word == "as"));
    let tokens = &tokens[..cast.unwrap_or(tokens.len())];
    let is_list = matches!(tokens.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
    let Some((mut value, mut rest)) = primary(tokens, context) else { return Value::unknown() };
    // `["a", "b"].join("-")` makes a text, not a path.
    if let [_, TokenTree::Ident(name), ..] = rest
        && is_list
        && name == "join"
    {
        return Value::unknown();
    }
    loop {
        match rest {
            [] => return value,
            [question, tail @ ..] if is_punct(question, '?') => rest = tail,
            [dot, TokenTree::Ident(name), tail @ ..] if is_punct(dot, '.') => {
                let (turbofish, tail) = turbofish(tail);
                let [TokenTree::Group(arguments), tail @ ..] = tail else { return Value::unknown() };
                value = methods::call(value, &name.to_string(), turbofish, &arguments.stream(), context);
                rest = tail;
            }
            _ => return Value::unknown(),
        }
    }
}

/// Passes over `::<PathBuf>`; says whether it names a path.
fn turbofish(tokens: &[TokenTree]) -> (bool, &[TokenTree]) {
    match tokens {
        [a, b, open, tail @ ..] if is_punct(a, ':') && is_punct(b, ':') && is_punct(open, '<') => {
            let end = tail.iter().position(|token| matches!(token, TokenTree::Group(_))).unwrap_or(tail.len());
            (is_path_type(&tail[..end]), &tail[end..])
        }
        _ => (false, tokens),
    }
}

/// Whether a type is that of one path, not of a list of them.
pub(super) fn is_path_type(tokens: &[TokenTree]) -> bool {
    let is = |name: &str| tokens.iter().any(|token| matches!(token, TokenTree::Ident(found) if found == name));
    is("PathBuf") && !is("Vec")
}

fn primary<'t>(tokens: &'t [TokenTree], context: Context<'_>) -> Option<(Value, &'t [TokenTree])> {
    match tokens {
        [TokenTree::Literal(literal), rest @ ..] => {
            Some((macros::string(&literal.to_string()).map_or_else(Value::unknown, Value::text), rest))
        }
        [TokenTree::Group(group), rest @ ..] => match group.delimiter() {
            Delimiter::Bracket => Some((list(group.stream(), context), rest)),
            Delimiter::Brace => None,
            _ => Some((context.evaluate_stream(group.stream()), rest)),
        },
        [TokenTree::Ident(_), ..] => {
            let path = path_length(tokens);
            let name = tokens[path - 1].to_string();
            let qualifier = if path >= 4 { tokens[path - 4].to_string() } else { String::new() };
            match &tokens[path..] {
                [bang, TokenTree::Group(arguments), rest @ ..] if is_punct(bang, '!') => {
                    Some((invocation(&name, arguments.stream(), context), rest))
                }
                [TokenTree::Group(arguments), rest @ ..] if arguments.delimiter() == Delimiter::Parenthesis => {
                    Some((call(&qualifier, &name, arguments.stream(), context), rest))
                }
                rest => Some(match context.scope.get(&name) {
                    Some(value) => (value.clone(), rest),
                    None if context.by_name && path > 1 && is_constant(&name) => (Value::text(name), rest),
                    None => (Value::unknown(), rest),
                }),
            }
        }
        _ => None,
    }
}

/// How many tokens `a::b::c` takes.
fn path_length(tokens: &[TokenTree]) -> usize {
    let mut length = 1;
    while let [a, b, TokenTree::Ident(_), ..] = &tokens[length..] {
        if !(is_punct(a, ':') && is_punct(b, ':')) {
            break;
        }
        length += 3;
    }
    length
}

fn is_constant(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn list(stream: TokenStream, context: Context<'_>) -> Value {
    Value(arguments(stream).iter().flat_map(|element| evaluate(element, context).0).collect())
}

/// The arguments of a call, without those that are empty.
pub(super) fn arguments(stream: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let parts = tokens.split(|token| is_punct(token, ','));
    parts.filter(|part| !part.is_empty()).map(<[TokenTree]>::to_vec).collect()
}

fn invocation(name: &str, stream: TokenStream, context: Context<'_>) -> Value {
    match name {
        "vec" => list(stream, context),
        "env" => variable(&list(stream, context), context),
        "concat" => {
            let parts = arguments(stream);
            let parts = parts.iter().map(|part| evaluate(part, context));
            parts.fold(Value::text(""), |text, part| text.combine(&part, |a, b| format!("{a}{b}")))
        }
        "format" => format::value(&arguments(stream), context),
        _ => Value::unknown(),
    }
}

fn call(qualifier: &str, name: &str, stream: TokenStream, context: Context<'_>) -> Value {
    let first = || arguments(stream.clone()).first().map_or_else(Value::default, |part| evaluate(part, context));
    match (qualifier, name) {
        (_, "var" | "var_os") => {
            let name = arguments(stream)
                .first()
                .map_or_else(Value::default, |name| evaluate(name, context.naming_variables()));
            variable(&name, context)
        }
        (_, "current_dir") => Value::text(context.package.to_string_lossy()),
        (_, "from_iter") => first().join_all(),
        ("Vec", "new") => Value::default(),
        ("PathBuf" | "String", "new") => Value::text(""),
        (_, "new" | "from") if is_text_type(qualifier) => first(),
        (_, "canonicalize" | "absolute" | "Some" | "Ok") => first(),
        _ => Value::unknown(),
    }
}

fn is_text_type(name: &str) -> bool {
    ["Path", "PathBuf", "Utf8Path", "Utf8PathBuf", "OsString", "OsStr", "String", "Cow", "Box"].contains(&name)
}

/// The value of a variable of the environment.
fn variable(name: &Value, context: Context<'_>) -> Value {
    match name.0.as_slice() {
        [Atom::Text(name)] if name == "CARGO_MANIFEST_DIR" => Value::text(context.package.to_string_lossy()),
        [Atom::Text(name)] if name == "OUT_DIR" => Value(vec![Atom::Output]),
        _ => Value::unknown(),
    }
}
