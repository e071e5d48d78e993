//! Walks through the tokens of a build script, scope by scope, and notes what it prints for cargo, what it reads and what it
//! runs.

use std::collections::HashSet;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::context::{Atom, Context, Scope, Value, is_punct};
use super::readers::{self, Reader, Reads, Tells};
use super::{format, value};
use crate::inputs::macros;
use crate::inputs::sources::modules::is_test;

/// Something that a build script does, or may do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Prints `cargo::key=value`.
    Prints { key: String, value: Value, source: String },
    /// Reads files or directories.
    Reads { value: Value, source: String, reads: Reads, tells: Tells },
    /// Reads a variable of the environment.
    ReadsVariable { name: String },
    /// Starts a program.
    Runs { program: String },
    /// Has a literal, or a path made of some, that may name a file.
    Mentions { text: String },
}

/// An act and its line, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) act: Act,
    pub(super) line: usize,
}

/// What all files of a script have in common.
pub(super) struct Script<'a> {
    pub(super) package: &'a Path,
    /// The constants of all files.
    pub(super) globals: Scope,
    /// The words of all files.
    pub(super) words: HashSet<String>,
}

impl Script<'_> {
    /// What the file with these tokens does.
    pub(super) fn acts(&self, tokens: TokenStream) -> Vec<At> {
        let mut walk = Walk { script: self, acts: Vec::new() };
        walk.block(tokens, &mut self.globals.clone());
        walk.acts
    }

    /// Takes the words and constants of a file.
    pub(super) fn learn(&mut self, tokens: TokenStream) {
        words(tokens.clone(), &mut self.words);
        constants(tokens, self.package, &mut self.globals);
    }
}

fn words(tokens: TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => drop(found.insert(word.to_string())),
            TokenTree::Group(group) => words(group.stream(), found),
            _ => {}
        }
    }
}

/// The constants and statics in `tokens`, wherever they stand.
fn constants(tokens: TokenStream, package: &Path, scope: &mut Scope) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if word == "const" || word == "static" => {
                if let Some((name, value)) = binding(&tokens[at + 1..]) {
                    let value = Context::new(scope, package, value::evaluate).evaluate(value);
                    scope.insert(name, value);
                }
            }
            TokenTree::Group(group) => constants(group.stream(), package, scope),
            _ => {}
        }
    }
}

/// `name: Type = value;` behind `let` or `const`; also `Some(name) = value`.
fn binding(tokens: &[TokenTree]) -> Option<(String, &[TokenTree])> {
    let end = tokens.iter().position(|token| is_punct(token, ';')).unwrap_or(tokens.len());
    let equals = tokens[..end].iter().position(|token| is_punct(token, '='))?;
    let pattern = tokens[..equals].split(|token| is_punct(token, ':')).next()?;
    let name = match pattern {
        [.., TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let [.., TokenTree::Ident(name)] = inner.as_slice() else { return None };
            name.to_string()
        }
        [.., TokenTree::Ident(name)] => name.to_string(),
        _ => return None,
    };
    // What follows the value of an `if let` or `let … else` is its block.
    let value = &tokens[equals + 1..end];
    let block = value.iter().position(|token| {
        matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
            || matches!(token, TokenTree::Ident(word) if word == "else")
    });
    Some((name, &value[..block.unwrap_or(value.len())]))
}

struct Walk<'a> {
    script: &'a Script<'a>,
    acts: Vec<At>,
}

impl Walk<'_> {
    fn context<'s>(&'s self, scope: &'s Scope) -> Context<'s> {
        Context::new(scope, self.script.package, value::evaluate)
    }

    fn block(&mut self, stream: TokenStream, scope: &mut Scope) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = &tokens[at + 1..];
            at += 1;
            match token {
                // What is compiled for tests alone is passed over with the item that it stands at.
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = rest.first() {
                        at += if is_test(attribute) { item_length(rest) } else { 1 };
                    }
                }
                TokenTree::Ident(word) if word == "let" => {
                    if let Some((name, value)) = binding(rest) {
                        let value = self.evaluate(value, scope);
                        self.mention(&value, word.span().start().line);
                        let is_path = rest.split(|token| is_punct(token, '=')).next().is_some_and(value::is_path_type);
                        let collected = if is_path && value.0.len() > 1 { value.join_all() } else { value };
                        scope.insert(name, collected);
                    }
                }
                TokenTree::Ident(word) if word == "for" => self.bind_loop(rest, scope),
                TokenTree::Ident(name) => self.ident(&name.to_string(), &tokens, at, scope),
                TokenTree::Literal(literal) => {
                    self.literal(&literal.to_string(), literal.span().start().line, rest, scope);
                }
                TokenTree::Group(group) => self.group(group, scope),
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn group(&mut self, group: &Group, scope: &mut Scope) {
        if group.delimiter() != Delimiter::Brace {
            return self.block(group.stream(), scope);
        }
        let mut inner = scope.clone();
        self.block(group.stream(), &mut inner);
        // What a loop or a branch adds to a list outside is in it; a path that only a branch changes is not known.
        for (name, value) in scope.iter_mut() {
            if let Some(changed) = inner.remove(name).filter(|changed| changed != value) {
                let grew = changed.0.starts_with(&value.0);
                *value = if grew { changed } else { Value::unknown() };
            }
        }
    }

    fn evaluate(&self, tokens: &[TokenTree], scope: &Scope) -> Value {
        self.context(scope).evaluate(tokens)
    }

    fn note(&mut self, act: Act, line: usize) {
        self.acts.push(At { act, line });
    }

    fn mention(&mut self, value: &Value, line: usize) {
        for atom in &value.0 {
            if let Atom::Text(text) = atom {
                self.note(Act::Mentions { text: text.clone() }, line);
            }
        }
    }

    /// `for name in values {`
    fn bind_loop(&mut self, rest: &[TokenTree], scope: &mut Scope) {
        let [TokenTree::Ident(name), TokenTree::Ident(of), values @ ..] = rest else { return };
        if of == "in" {
            let is_body =
                |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            let end = values.iter().position(is_body).unwrap_or(values.len());
            let value = self.evaluate(&values[..end], scope);
            scope.insert(name.to_string(), value);
        }
    }

    /// A name before a call, or of a variable that is changed in place. `at` is behind it.
    fn ident(&mut self, name: &str, tokens: &[TokenTree], at: usize, scope: &mut Scope) {
        let line = tokens[at - 1].span().start().line;
        let is_method = at >= 2 && is_punct(&tokens[at - 2], '.');
        match &tokens[at..] {
            [dot, TokenTree::Ident(change), TokenTree::Group(arguments), ..] if is_punct(dot, '.') && !is_method => {
                self.change(name, &change.to_string(), arguments, scope);
            }
            _ => {}
        }
        let (arguments, is_macro) = match &tokens[at..] {
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Parenthesis => (group, false),
            [bang, TokenTree::Group(group), ..] if is_punct(bang, '!') => (group, true),
            _ => return,
        };
        let qualifier = match at {
            4.. if is_punct(&tokens[at - 2], ':') => Some(tokens[at - 4].to_string()),
            _ if is_method => None,
            _ => Some(String::new()),
        };
        let first = value::arguments(arguments.stream()).into_iter().next().unwrap_or_default();
        let texts = |walk: &Self| {
            let value = walk.context(scope).naming_variables().evaluate(&first);
            value.0.into_iter().filter_map(|atom| if let Atom::Text(text) = atom { Some(text) } else { None })
        };
        match (qualifier.as_deref(), name, readers::printed_key(name)) {
            (_, _, Some(key)) => {
                let source = first.iter().cloned().collect::<TokenStream>().to_string();
                let value = self.evaluate(&first, scope);
                self.note(Act::Prints { key: key.to_owned(), value, source }, line);
            }
            (Some("env" | ""), "var" | "var_os", _) => {
                texts(self).for_each(|name| self.note(Act::ReadsVariable { name }, line));
            }
            (Some("Command"), "new", _) => texts(self).for_each(|program| self.note(Act::Runs { program }, line)),
            _ if is_macro => {}
            (qualifier, _, _) => {
                let receiver = match &tokens[..at] {
                    [.., TokenTree::Ident(of), _, TokenTree::Ident(_)] => scope.get(&of.to_string()),
                    _ => None,
                };
                let script = self.script;
                for reader in readers::find(qualifier, name, |of| script.words.contains(of)) {
                    self.reads(reader, receiver, arguments, scope, line);
                }
            }
        }
    }

    fn reads(&mut self, reader: &Reader, receiver: Option<&Value>, arguments: &Group, scope: &Scope, line: usize) {
        let given = value::arguments(arguments.stream());
        let (value, source) = match reader.argument {
            None => (receiver.cloned().unwrap_or_else(Value::unknown), "read_dir".to_owned()),
            Some(index) => match (given.get(index), reader.default) {
                (Some(argument), _) => {
                    (self.evaluate(argument, scope), argument.iter().cloned().collect::<TokenStream>().to_string())
                }
                (None, Some(default)) => (Value::text(default), default.to_owned()),
                (None, None) => return,
            },
        };
        self.note(Act::Reads { value, source, reads: reader.reads, tells: reader.tells }, line);
    }

    /// `path.push("x")`, `path.pop()`, `list.push("x")`.
    fn change(&self, name: &str, method: &str, arguments: &Group, scope: &mut Scope) {
        let argument = self.context(scope).evaluate_stream(arguments.stream());
        let Some(value) = scope.get_mut(name) else { return };
        match method {
            "push" | "extend" if value.0.len() != 1 => value.0.extend(argument.0),
            "push" => *value = value.join(&argument),
            "pop" | "set_extension" | "set_file_name" | "clear" | "push_str" | "retain" => *value = Value::unknown(),
            _ => {}
        }
    }

    /// A literal that begins with `cargo:` is printed, whatever macro or constant it stands in.
    fn literal(&mut self, literal: &str, line: usize, rest: &[TokenTree], scope: &Scope) {
        let Some(text) = macros::string(literal) else { return };
        if !text.trim_start().starts_with("cargo:") {
            return self.note(Act::Mentions { text }, line);
        }
        let arguments: Vec<Vec<TokenTree>> = rest
            .split(|token| is_punct(token, ','))
            .filter(|part| !part.is_empty())
            .map(<[TokenTree]>::to_vec)
            .collect();
        let printed = format::instructions(&text, &arguments, self.context(scope));
        for found in printed {
            self.note(Act::Prints { key: found.key, value: found.value, source: found.source }, line);
        }
    }
}

/// How many tokens an attribute and its item take: to the first block or semicolon.
fn item_length(tokens: &[TokenTree]) -> usize {
    let ends = |token: &TokenTree| {
        is_punct(token, ';') || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
    };
    tokens.iter().position(ends).map_or(tokens.len(), |at| at + 1)
}
