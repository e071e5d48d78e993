//! Scans the tokens of a source for macros and attributes that name files or variables.

use std::borrow::Cow;

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

use super::definitions::Definitions;
use super::expansion::Expansion;
use super::expression::interpolated;
use super::origin::Origin;
use super::reference::{Found, Reference, What, argument, is_attribute, is_doc};
use super::tables::{ATTRIBUTES, Attribute, DEBUGGER_VISUALIZER, MACROS, Macro, Relative, Takes};
use super::variables::Value;
use super::{literals, places, standard};
use crate::inputs::sources::declarations::is_test;

/// In characters: the shown length of an argument that could not be determined.
const SHOWN: usize = 80;

pub(super) struct Scan<'a> {
    origin: &'a Origin<'a>,
    /// Whether doc comments may become Python's `__doc__`.
    has_python: bool,
    expansion: Expansion<'a>,
    /// In the expansion of a local macro: the line of the outermost call.
    called_at: Option<usize>,
    pub(super) found: Found,
}

impl<'a> Scan<'a> {
    pub(super) fn new(origin: &'a Origin<'a>, definitions: &'a Definitions, has_python: bool) -> Self {
        let expansion = Expansion::new(origin, definitions);
        Self { origin, has_python, expansion, called_at: None, found: Found::default() }
    }

    pub(super) fn stream(&mut self, tokens: TokenStream) {
        self.expansion.depth += 1;
        let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match (token, &tokens[at..]) {
                (TokenTree::Punct(punct), _) if punct.as_char() == '#' => at = self.attribute(&tokens, at),
                // A definition names something only if it is called.
                (TokenTree::Ident(rules), [_, TokenTree::Ident(_), TokenTree::Group(_), ..])
                    if rules == "macro_rules" =>
                {
                    at += 3;
                }
                (TokenTree::Ident(name), [TokenTree::Punct(bang), TokenTree::Group(arguments), ..])
                    if bang.as_char() == '!' =>
                {
                    let line = self.called_at.unwrap_or(name.span().start().line);
                    if self.invocation(&name.to_string(), arguments, line) {
                        at += 2;
                    }
                }
                (TokenTree::Group(group), _) => {
                    let inside = group.stream();
                    // Taking the tokens out avoids a copy.
                    tokens[at - 1] = TokenTree::Punct(Punct::new(';', Spacing::Alone));
                    self.stream(inside);
                }
                _ => {}
            }
        }
        self.expansion.depth -= 1;
    }

    /// Reads the attribute after the `#` before `at`, and skips what is only for tests. Returns where to continue.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        match &tokens[at..] {
            // `#![doc = include_str!("README.md")]` documents the crate and never becomes Python's documentation.
            [TokenTree::Punct(bang), TokenTree::Group(group), ..] if bang.as_char() == '!' && is_attribute(group) => {
                let attribute = Vec::from_iter(group.stream());
                if name_of(&attribute) == DEBUGGER_VISUALIZER {
                    self.takes(&attribute);
                }
                at + 2
            }
            [TokenTree::Group(group), ..] if is_attribute(group) => {
                let attribute = Vec::from_iter(group.stream());
                if is_test(&group.stream().to_string()) || standard::makes_a_test(&name_of(&attribute)) {
                    let ends = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(punct) => punct.as_char() == ';',
                        _ => false,
                    };
                    let rest = tokens[at + 1..].iter().position(ends);
                    return rest.map_or(tokens.len(), |rest| at + 1 + rest + 1);
                }
                self.takes(&attribute);
                // The documentation of an item is not in the binary, unless pyo3 turns it into Python's.
                if self.has_python || !is_doc(group) {
                    self.stream(group.stream());
                }
                at + 1
            }
            _ => at,
        }
    }

    /// Reads a call. Returns whether its arguments need no further scan.
    fn invocation(&mut self, name: &str, arguments: &Group, line: usize) -> bool {
        let knows = self.expansion.definitions.knows(name);
        if let Some(entry) = MACROS.iter().find(|entry| entry.name == name).filter(|entry| entry.is_core() || !knows) {
            self.known(entry, arguments, line);
            return false;
        }
        if standard::is_macro(name) {
            return standard::makes_code(name);
        }
        let mut named = Vec::new();
        let by = format!("{name}!");
        literals::named(arguments.stream(), &by, line, self.origin, &mut self.expansion, &mut named);
        let embeds = self.expansion.definitions.embeds(name);
        if knows && (embeds || !named.is_empty()) {
            let expanded = self.expansion.expand(name, arguments);
            if !expanded.is_empty() {
                let outer = self.called_at.replace(line);
                for expanded in expanded {
                    self.stream(expanded);
                }
                self.called_at = outer;
                return true;
            }
            if embeds {
                let shown: String = arguments.stream().to_string().chars().take(SHOWN).collect();
                self.add(What::Unknown(shown), Cow::Owned(by), line);
            }
        }
        self.found.literals.extend(named);
        false
    }

    fn known(&mut self, entry: &Macro, arguments: &Group, line: usize) {
        let argument = match entry.field {
            Some(field) => field_of(&arguments.stream(), field, ':'),
            None => Some(argument(&arguments.stream())).filter(|argument| !argument.is_empty()),
        };
        let source = argument.as_ref().map(ToString::to_string).unwrap_or_default();
        let value = match (argument.map(|argument| self.expansion.evaluate(argument)), entry.default) {
            // The argument is missing, or the first argument is not a path.
            (None, Some(default)) => Value::Text(default.to_owned()),
            (Some(Value::Unknown), Some(default)) if entry.is_common => Value::Text(default.to_owned()),
            (value, _) => value.unwrap_or(Value::Unknown),
        };
        let count = self.found.references.len();
        self.value(entry.takes, entry.relative, entry.by, value, source, line);
        if entry.is_common {
            let is_there = |reference: &Reference| match &reference.what {
                What::File(places) => places.iter().any(|place| self.origin.disk.is_file(place)),
                What::Directory(directory) => self.origin.disk.is_dir(directory),
                _ => false,
            };
            if !self.found.references[count..].iter().all(is_there) {
                self.found.references.truncate(count);
            }
        }
    }

    /// Reads `#[folder = "x"]`, `#[grammar = "x"]`, `#[template(path = "x")]`, and the arguments of unknown attributes.
    fn takes(&mut self, attribute: &[TokenTree]) {
        let Some(first) = attribute.first() else { return };
        let line = self.called_at.unwrap_or(first.span().start().line);
        let name = name_of(attribute);
        if let (true, Some(TokenTree::Group(group))) = (name == "cfg_attr", attribute.last()) {
            let attributes = Vec::from_iter(group.stream());
            let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
            attributes.split(is_comma).skip(1).for_each(|attribute| self.takes(attribute));
            return;
        }
        let mut entries = ATTRIBUTES.iter().filter(|entry| entry.name == name).peekable();
        if entries.peek().is_none() {
            let is_standard = |word: &TokenTree| standard::is_attribute(&word.to_string());
            if !is_standard(first) && !standard::is_attribute(&name) {
                let tokens = attribute[1..].iter().cloned().collect();
                let (by, found) = (format!("#[{name}]"), &mut self.found.literals);
                literals::named(tokens, &by, line, self.origin, &mut self.expansion, found);
            }
        }
        for entry in entries {
            self.field(entry, attribute, line);
        }
    }

    fn field(&mut self, entry: &Attribute, attribute: &[TokenTree], line: usize) {
        let value = match (&attribute[1..], entry.field) {
            ([TokenTree::Punct(equals), rest @ ..], None) if equals.as_char() == '=' => rest.iter().cloned().collect(),
            ([TokenTree::Group(group)], Some(field)) => match field_of(&group.stream(), field, '=') {
                Some(value) => value,
                None => return,
            },
            _ => return,
        };
        if entry.relative == Relative::Templates
            && let Some(config) = places::template_config(self.origin.disk, self.origin.package)
        {
            self.add(What::File(vec![config]), Cow::Borrowed(entry.by), line);
        }
        let source = TokenStream::to_string(&value);
        let value = self.expansion.evaluate(value);
        self.value(entry.takes, entry.relative, entry.by, value, source, line);
    }

    fn value(&mut self, takes: Takes, relative: Relative, by: &'static str, value: Value, source: String, line: usize) {
        let value = match value {
            Value::Text(path) if relative != Relative::File => interpolated(path, self.origin),
            value => value,
        };
        let what = match (value, takes) {
            // A file that the build wrote.
            (Value::Output, _) => return,
            (Value::Unknown, _) => What::Unknown(source),
            (Value::Text(name), Takes::Variable) => What::Variable(name),
            (Value::Text(path), Takes::File) => places::file(self.origin, relative, &path),
            (Value::Text(path), Takes::Directory | Takes::Either) => {
                match places::places(self.origin, relative, &path).pop() {
                    Some(file) if takes == Takes::Either && !self.origin.disk.is_dir(&file) => What::File(vec![file]),
                    Some(directory) => What::Directory(directory),
                    None => return,
                }
            }
        };
        self.add(what, Cow::Borrowed(by), line);
    }

    fn add(&mut self, what: What, by: Cow<'static, str>, line: usize) {
        self.found.references.push(Reference { what, by, line });
    }
}

/// The last name of the path at the start of an attribute.
fn name_of(attribute: &[TokenTree]) -> String {
    let is_path = |token: &&TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    attribute.iter().take_while(is_path).last().map(ToString::to_string).unwrap_or_default()
}

/// The tokens after `field =` or `field:`, up to the next comma. Groups are searched too.
fn field_of(arguments: &TokenStream, field: &str, sign: char) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
    let at = tokens.windows(2).position(|pair| {
        matches!(pair, [TokenTree::Ident(name), TokenTree::Punct(punct)] if name == field && punct.as_char() == sign)
    });
    match at {
        Some(at) => Some(argument(&tokens[at + 2..].iter().cloned().collect())),
        None if sign == ':' => tokens.iter().find_map(|token| match token {
            TokenTree::Group(group) => field_of(&group.stream(), field, sign),
            _ => None,
        }),
        None => None,
    }
}
