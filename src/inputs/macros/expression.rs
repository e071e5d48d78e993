//! The value of a macro's argument, if the source determines it.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use syn::Lit;

use super::origin::Origin;
use super::variables::Value;

/// Evaluates a call of a local macro.
pub(super) type Local<'l> = dyn FnMut(&str, &Group) -> Option<Value> + 'l;

/// Evaluates a string literal, `concat!` of such values, `env!` of variables that cargo or the build script sets, and local
/// macros that expand to one of these.
pub(super) fn evaluate(tokens: TokenStream, origin: &Origin<'_>, local: &mut Local<'_>) -> Value {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Literal(literal)] => match string(literal) {
            Some(text) if is_cargos_own(&text) => Value::Output,
            Some(text) => Value::Text(text),
            None => Value::Unknown,
        },
        // A `macro_rules!` fragment or a reference puts its argument into a group without delimiters, or into brackets.
        [TokenTree::Group(group)] => evaluate(group.stream(), origin, local),
        [path @ .., TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(arguments)]
            if bang.as_char() == '!' && path.iter().all(is_path) =>
        {
            match name.to_string().as_str() {
                "concat" => concat(arguments.stream(), origin, local),
                "env" | "option_env" => variable(arguments.stream(), origin),
                "stringify" => stringified(arguments.stream()),
                name => local(name, arguments).unwrap_or(Value::Unknown),
            }
        }
        _ => Value::Unknown,
    }
}

fn is_path(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    }
}

fn concat(arguments: TokenStream, origin: &Origin<'_>, local: &mut Local<'_>) -> Value {
    let mut text = String::new();
    let mut argument = Vec::new();
    for token in
        arguments.into_iter().chain([TokenTree::Punct(proc_macro2::Punct::new(',', proc_macro2::Spacing::Alone))])
    {
        if !matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            argument.push(token);
            continue;
        }
        if argument.is_empty() {
            continue;
        }
        if let [TokenTree::Literal(literal)] = argument.as_slice()
            && let Some(part) = string(literal).or_else(|| whole_number(&literal.to_string()))
        {
            text.push_str(&part);
            argument.clear();
            continue;
        }
        match evaluate(argument.drain(..).collect(), origin, local) {
            Value::Text(part) => text.push_str(&part),
            other => return other,
        }
    }
    Value::Text(text)
}

fn whole_number(literal: &str) -> Option<String> {
    literal.bytes().all(|byte| byte.is_ascii_digit()).then(|| literal.to_owned())
}

/// The value of `stringify!`, for one token. How rustc formats several tokens is not specified.
fn stringified(arguments: TokenStream) -> Value {
    let mut tokens = arguments.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => stringified(group.stream()),
        (Some(token @ (TokenTree::Ident(_) | TokenTree::Literal(_))), None) => Value::Text(token.to_string()),
        _ => Value::Unknown,
    }
}

fn variable(arguments: TokenStream, origin: &Origin<'_>) -> Value {
    let Some(TokenTree::Literal(literal)) = arguments.into_iter().next() else { return Value::Unknown };
    string(&literal).map_or(Value::Unknown, |name| variable_named(&name, origin))
}

fn variable_named(name: &str, origin: &Origin<'_>) -> Value {
    match name {
        "CARGO_MANIFEST_DIR" => Value::Text(origin.package.to_string_lossy().into_owned()),
        _ if is_cargos_own(name) => Value::Output,
        _ => origin.variables.value(origin.package, name),
    }
}

/// A path that may start with a variable, which macros such as `include_dir!` expand themselves: `$OUT_DIR/site`.
pub(super) fn interpolated(path: String, origin: &Origin<'_>) -> Value {
    let Some(path) = path.strip_prefix('$') else { return Value::Text(path) };
    let end = path.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(path.len());
    match variable_named(&path[..end], origin) {
        Value::Text(start) => Value::Text(start + &path[end..]),
        other => other,
    }
}

/// Whether cargo sets a variable itself for the compiler (cargo book, "Environment variables Cargo sets for crates").
fn is_cargos_own(name: &str) -> bool {
    name == "OUT_DIR" || name == "CARGO" || name.starts_with("CARGO_")
}

/// The text of a string literal. Control characters are unlikely in a path or name, and have a meaning of their own here.
pub(in crate::inputs) fn string(literal: &Literal) -> Option<String> {
    let Lit::Str(text) = Lit::new(literal.clone()) else { return None };
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    Some(text.value()).filter(|text| !text.contains(is_odd))
}
