//! Macro calls in build scripts: their results, and the lines that they print for cargo.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Macro, Token};

use super::act::Act;
use super::interpreter::Interpreter;
use super::known_calls;
use super::place::{HOLE, OUT_DIR};
use super::value::Value;
use crate::inputs::macros;
use crate::inputs::sources::tokens;

impl Interpreter<'_> {
    pub(super) fn invocation(&mut self, call: &Macro) -> Value {
        let Some(last) = call.path.segments.last() else { return Value::unknown() };
        let (name, line) = (last.ident.to_string(), last.ident.span().start().line);
        // `vec![value; n]`.
        let separated = Punctuated::<Expr, Token![;]>::parse_terminated.parse2(call.tokens.clone());
        let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
        let Ok(arguments) = parsed else {
            for template in self.code.printing.get(&name).into_iter().flatten() {
                self.print(&fill(template, |_| Value::unknown()).texts(), line);
            }
            match separated {
                Ok(parts) if name == "vec" => {
                    return Value::list(parts.first().map(|part| self.evaluate(part)).into_iter().collect());
                }
                _ => self.literals(call.tokens.clone()),
            }
            return Value::unknown();
        };
        let shown = self.is_shown;
        self.is_shown |= SHOWN.contains(&name.as_str());
        let value = self.known_macro(&name, &arguments.into_iter().collect::<Vec<_>>(), line);
        self.is_shown = shown;
        value
    }

    fn known_macro(&mut self, name: &str, arguments: &[Expr], line: usize) -> Value {
        if let Some(key) = known_calls::printed_key(name) {
            for argument in arguments {
                let value = self.evaluate(argument);
                self.print_all(key, &value, line);
            }
            return Value::nothing();
        }
        match name {
            "vec" => Value::list(arguments.iter().map(|argument| self.evaluate(argument)).collect()),
            "env" | "option_env" => self.compiled(arguments),
            "concat" => {
                let parts = arguments.iter().map(|part| self.evaluate(part)).collect::<Vec<_>>();
                parts.iter().fold(Value::text(""), |text, part| text.concat(part))
            }
            "matches" | "cfg" | "stringify" => Value::unknown(),
            _ => {
                let text = self.format(arguments, line);
                let printed = self.code.printing.get(name).filter(|printed| !printed.is_empty());
                for template in printed.into_iter().flatten() {
                    // The lines that the macro prints with these arguments.
                    for argument in arguments {
                        let value = self.evaluate(argument);
                        let filled = fill(template, |_| value.clone());
                        self.print(&filled.texts(), line);
                    }
                }
                match name {
                    "format" => text,
                    _ if SHOWN.contains(&name) => Value::nothing(),
                    _ => Value::unknown(),
                }
            }
        }
    }

    /// `env!("CARGO_MANIFEST_DIR")` is the package that the file belongs to, which may be a helper crate of the script.
    fn compiled(&mut self, arguments: &[Expr]) -> Value {
        let shown = std::mem::replace(&mut self.is_shown, true);
        let name = arguments.first().map_or_else(Value::nothing, |name| self.evaluate(name));
        self.is_shown = shown;
        match (name.single(), self.files.get(self.file).and_then(|file| file.helper.as_ref())) {
            (Some("CARGO_MANIFEST_DIR"), Some(helper)) => Value::text(helper.directory.to_string_lossy()),
            (Some("CARGO_MANIFEST_DIR"), None) => Value::text(self.package.to_string_lossy()),
            (Some("OUT_DIR"), _) => Value::text(OUT_DIR),
            _ => Value::unknown(),
        }
    }

    /// The text of a format string with its arguments filled in. A text that starts with `cargo:` counts as printed. An argument
    /// before the format string is the target of `writeln!`.
    fn format(&mut self, arguments: &[Expr], line: usize) -> Value {
        let template = |argument: &Expr| match argument {
            Expr::Lit(literal) => {
                if let Lit::Str(text) = &literal.lit {
                    Some(text.value())
                } else {
                    None
                }
            }
            _ => None,
        };
        let at = arguments.iter().position(|argument| template(argument).is_some());
        let by_name = self.by_name;
        self.by_name |= at.and_then(|at| template(&arguments[at])).is_some_and(|text| names_variable(&text));
        let values: Vec<(String, Value)> = arguments
            .iter()
            .enumerate()
            .filter(|(index, _)| Some(*index) != at)
            .map(|(_, argument)| match argument {
                Expr::Assign(named) => match &*named.left {
                    Expr::Path(name) if name.path.get_ident().is_some() => (
                        name.path.get_ident().map(ToString::to_string).unwrap_or_default(),
                        self.evaluate(&named.right),
                    ),
                    _ => (String::new(), self.evaluate(argument)),
                },
                _ => (String::new(), self.evaluate(argument)),
            })
            .collect();
        self.by_name = by_name;
        let Some(at) = at else { return Value::unknown() };
        let text = template(&arguments[at]).unwrap_or_default();
        if !self.is_shown && !text.starts_with("cargo:") {
            self.note(Act::Mentions { text: text.clone() }, line);
        }
        let (mut next, values) = (at, values);
        let filled = fill(&text, |name| {
            if name.is_empty() {
                next += 1;
                return values.get(next - 1).map_or_else(Value::unknown, |(_, value)| value.clone());
            }
            if let Ok(number) = name.parse::<usize>() {
                return values.get(at + number).map_or_else(Value::unknown, |(_, value)| value.clone());
            }
            let given = values.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
            given.or_else(|| self.get(name)).or_else(|| self.constant(name)).unwrap_or_else(Value::unknown)
        });
        // A text that counted as printed when it was built is not recorded again.
        let texts = filled.texts();
        if text.trim_start().starts_with("cargo:") || !texts.iter().all(|text| self.has_printed(text)) {
            self.print(&texts, line);
        }
        filled
    }

    /// Records the lines for cargo in `texts`, which are alternatives of one text; false if they contain no such line.
    pub(super) fn print(&mut self, texts: &[String], line: usize) -> bool {
        let mut printed: Vec<(String, Vec<String>)> = Vec::new();
        let is_directive = |text: &&String| text.trim_start().starts_with("cargo:");
        for text in texts.iter().filter(is_directive).flat_map(|text| text.lines()) {
            let directive = text.trim_matches(|c: char| c != HOLE && c.is_whitespace()).strip_prefix("cargo:");
            let Some((key, value)) = directive.and_then(|line| line.split_once('=')) else { continue };
            let key = key.trim_start_matches(':');
            match printed.iter_mut().find(|(known, _)| texts.len() > 1 && known == key) {
                Some((_, values)) => values.push(value.to_owned()),
                None => printed.push((key.to_owned(), vec![value.to_owned()])),
            }
        }
        for (key, values) in printed {
            self.note(Act::Prints { key, values }, line);
        }
        texts.iter().any(|text| is_directive(&text))
    }

    /// Whether a text was recorded as printed before: `let line = format!("cargo:…"); println!("{line}")`.
    fn has_printed(&self, text: &str) -> bool {
        let printed = |key: &str, value: &str| {
            self.acts.iter().any(|at| match &at.act {
                Act::Prints { key: known, values } => known == key && values.iter().any(|known| known == value),
                _ => false,
            })
        };
        let directive = |line: &str| {
            let (key, value) = line.strip_prefix("cargo:")?.trim_start_matches(':').split_once('=')?;
            Some(printed(key, value))
        };
        text.lines().filter_map(directive).all(|is_printed| is_printed)
    }

    pub(super) fn print_all(&mut self, key: &str, value: &Value, line: usize) {
        self.note(Act::Prints { key: key.to_owned(), values: value.texts() }, line);
    }

    /// Records the literals in tokens that are not expressions.
    pub(super) fn literals(&mut self, tokens: TokenStream) {
        for literal in tokens::literals(tokens) {
            let line = literal.span().start().line;
            if let Some(text) = macros::string(&literal)
                && !self.print(&fill(&text, |_| Value::unknown()).texts(), line)
                && !self.is_shown
            {
                self.note(Act::Mentions { text }, line);
            }
        }
    }
}

/// Macros that show a text to a person, or that check something.
const SHOWN: &[&str] = &[
    "anyhow", "assert", "assert_eq", "assert_ne", "bail", "dbg", "debug", "debug_assert", "debug_assert_eq", "ensure",
    "eprint", "eprintln", "error", "format", "info", "log", "panic", "print", "println", "todo", "trace",
    "unimplemented", "unreachable", "warn", "warning", "write", "writeln",
];

/// Whether a line for cargo is about a variable.
fn names_variable(template: &str) -> bool {
    template.starts_with("cargo:") && template.split('=').next().is_some_and(|key| key.contains("env"))
}

/// Fills in the `{…}` of a format string.
fn fill(template: &str, mut argument: impl FnMut(&str) -> Value) -> Value {
    let (mut filled, mut rest) = (Value::text(""), template);
    while let Some(at) = rest.find(['{', '}']) {
        filled = filled.concat(&Value::text(&rest[..at]));
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix(brace) {
            filled = filled.concat(&Value::text(brace));
            rest = tail;
            continue;
        }
        let Some(end) = rest.find('}') else { return Value::unknown() };
        let (name, form) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        let value = argument(name.trim());
        // A format such as `{:02}` changes the text.
        let value = if form.is_empty() || form == "?" { value } else { value.map(|_| None) };
        filled = filled.concat(&value);
        rest = &rest[end + 1..];
    }
    filled.concat(&Value::text(rest))
}
