//! Format strings: what `println!("cargo::rerun-if-changed={}", path.display())` prints.

use proc_macro2::TokenTree;

use super::context::{Atom, Context, Value, is_punct};
use crate::inputs::macros;

/// The text that a format string and its arguments come to.
pub(super) fn value(arguments: &[Vec<TokenTree>], context: Context<'_>) -> Value {
    let Some(([TokenTree::Literal(literal)], rest)) =
        arguments.split_first().map(|(first, rest)| (first.as_slice(), rest))
    else {
        return Value::unknown();
    };
    match macros::string(&literal.to_string()) {
        Some(template) => fill(&template, rest, context),
        None => Value::unknown(),
    }
}

/// `template` with its `{}` filled.
fn fill(template: &str, arguments: &[Vec<TokenTree>], context: Context<'_>) -> Value {
    let (mut filled, mut next, mut rest) = (Value::text(""), 0, template);
    while let Some(at) = rest.find(['{', '}']) {
        filled = append(&filled, &Value::text(&rest[..at]));
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix(brace) {
            filled = append(&filled, &Value::text(brace));
            rest = tail;
            continue;
        }
        let Some(end) = rest.find('}') else { return Value::unknown() };
        let name = rest[..end].split(':').next().unwrap_or_default().trim();
        filled = append(&filled, &argument(name, &mut next, arguments, context));
        rest = &rest[end + 1..];
    }
    append(&filled, &Value::text(rest))
}

fn append(filled: &Value, part: &Value) -> Value {
    filled.combine(part, |a, b| format!("{a}{b}"))
}

/// The argument that `{name}`, `{0}` or the next `{}` stands for.
fn argument(name: &str, next: &mut usize, arguments: &[Vec<TokenTree>], context: Context<'_>) -> Value {
    let named = |argument: &Vec<TokenTree>| match argument.as_slice() {
        [TokenTree::Ident(found), equals, value @ ..] if found == name && is_punct(equals, '=') => {
            Some(context.evaluate(value))
        }
        _ => None,
    };
    let at = if name.is_empty() {
        *next += 1;
        *next - 1
    } else if let Ok(number) = name.parse() {
        number
    } else {
        let bound = || context.scope.get(name).cloned();
        return arguments.iter().find_map(named).or_else(bound).unwrap_or_else(Value::unknown);
    };
    arguments.get(at).map_or_else(Value::unknown, |argument| context.evaluate(argument))
}

/// A line that a build script prints for cargo.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    /// `rerun-if-changed`.
    pub(super) key: String,
    pub(super) value: Value,
    /// What stands in the source, where the value cannot be told.
    pub(super) source: String,
}

/// The instructions in a format string that begins with `cargo:`, one for each of its lines. The arguments of later lines
/// follow those of the earlier ones.
pub(super) fn instructions(template: &str, arguments: &[Vec<TokenTree>], context: Context<'_>) -> Vec<Instruction> {
    let mut used = 0;
    let mut found = Vec::new();
    for line in template.lines() {
        let own = line.replace("{{", "").matches("{}").count();
        let rest = arguments.get(used..).unwrap_or_default();
        used += own;
        let Some((key, value)) = line.trim().strip_prefix("cargo:").and_then(|line| line.split_once('=')) else {
            continue;
        };
        let value_arguments = if own == 0 { arguments } else { rest };
        // A key that is computed, as in `cargo:{}=…`, is none that matters here.
        let key = key.trim_start_matches(':');
        let context = if key.contains("env") { context.naming_variables() } else { context };
        // What the compiler's variable is set to does not matter, and may well be computed.
        let value = if key == "rustc-env" { value.split('=').next().unwrap_or_default() } else { value };
        found.push(Instruction {
            key: key.to_owned(),
            value: fill(value, value_arguments, context),
            source: value.to_owned(),
        });
    }
    found
}

/// The known alternatives, and whether there are others.
pub(super) fn known(value: &Value) -> (Vec<&str>, bool) {
    let texts = value.0.iter().filter_map(|atom| if let Atom::Text(text) = atom { Some(text.as_str()) } else { None });
    (texts.collect(), value.0.contains(&Atom::Unknown))
}
