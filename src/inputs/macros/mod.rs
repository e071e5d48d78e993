//! What Rust source names at compile time: embedded files and directories, variables.
//!
//! Most files name nothing: a search for a few words decides which are read as tokens at all. Tokens, not a syntax tree:
//! groups are enough to leave `#[cfg(test)]` out and to see into `macro_rules!`.

mod docs;
mod expression;
mod tables;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::sources::modules::is_test;
use super::sources::tokens::{self, Unfit};
use crate::fs::Disk;
pub(super) use docs::documentation;
pub(super) use expression::string;
use expression::{Value, evaluate};
use tables::{ATTRIBUTES, MACROS, Relative, Takes};

/// Something that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) what: What,
    /// The macro or attribute: `include_str!`.
    pub(super) by: &'static str,
    /// From 1.
    pub(super) line: usize,
}

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// What stands in `#[path = "…"]` and `#[cfg_attr(…, path = "…")]`.
pub(super) const PATH_WORDS: [&str; 3] = ["#[path", ", path = \"", ", path=\""];

/// The words that a file must have to be read as tokens: few that stand in other source too.
fn words() -> Vec<String> {
    let macros = MACROS.iter().map(|entry| format!("{}!", entry.name));
    let attributes = ATTRIBUTES.iter().map(|entry| format!("#[{}", entry.name));
    macros.chain(attributes).chain(PATH_WORDS.map(str::to_owned)).collect()
}

/// Searches with the vector instructions of the machine, many times as fast as the automaton that serves without them.
static FAST: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(words()));
static SLOW: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(words()).ok());

/// Whether a file is worth being read as tokens.
pub(super) fn may_refer(text: &[u8]) -> bool {
    match &*FAST {
        Some(words) => words.find(text).is_some(),
        None => SLOW.as_ref().is_none_or(|words| words.is_match(text)),
    }
}

/// What `text` names. Nothing, where it is no Rust.
pub(super) fn references(text: &str, origin: &Origin<'_>) -> Result<Vec<Reference>, Unfit> {
    let mut found = Vec::new();
    let tokens = tokens::parse(text)?;
    // An attribute of pyo3's: `#[pyclass]`, `#[pyfunction]`, `#[pymethods]`, `#[pymodule]`.
    let has_python = text.contains("#[py");
    Scan { origin, has_python, found: &mut found }.stream(tokens);
    Ok(found)
}

struct Scan<'a> {
    origin: &'a Origin<'a>,
    /// Whether doc comments may become `__doc__`.
    has_python: bool,
    found: &'a mut Vec<Reference>,
}

impl Scan<'_> {
    fn stream(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => at = self.attribute(&tokens, at),
                TokenTree::Ident(name) => {
                    if let [TokenTree::Punct(bang), TokenTree::Group(arguments), ..] = &tokens[at..]
                        && bang.as_char() == '!'
                    {
                        self.invocation(&name.to_string(), arguments, name.span().start().line);
                    }
                }
                TokenTree::Group(group) => self.stream(group.stream()),
                _ => {}
            }
        }
    }

    /// Reads the attribute behind the `#` before `at`, and passes over what belongs to tests alone. Returns where to go on.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        match &tokens[at..] {
            // `#![doc = include_str!("README.md")]` is documentation, and none of Python's.
            [TokenTree::Punct(bang), TokenTree::Group(group), ..] if bang.as_char() == '!' && is_attribute(group) => {
                at + 2
            }
            [TokenTree::Group(group), ..] if is_attribute(group) => {
                if is_test(group) || group.stream().to_string() == "test" {
                    let ends = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(punct) => punct.as_char() == ';',
                        _ => false,
                    };
                    let rest = tokens[at + 1..].iter().position(ends);
                    return rest.map_or(tokens.len(), |rest| at + 1 + rest + 1);
                }
                self.derived(group);
                // The docs of an item are no part of the binary, unless pyo3 makes Python's of them.
                if self.has_python || !is_doc(group) {
                    self.stream(group.stream());
                }
                at + 1
            }
            _ => at,
        }
    }

    fn invocation(&mut self, name: &str, arguments: &Group, line: usize) {
        let Some(entry) = MACROS.iter().find(|entry| entry.name == name) else { return };
        let first: TokenStream = arguments
            .stream()
            .into_iter()
            .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
            .collect();
        let value = match (first.is_empty(), entry.default) {
            (true, Some(default)) => Value::Text(default.to_owned()),
            _ => evaluate(first.clone(), self.origin.package),
        };
        self.add(entry.takes, entry.relative, entry.by, value, || first.to_string(), line);
    }

    /// `#[folder = "x"]`, `#[grammar = "x"]`, `#[template(path = "x")]`.
    fn derived(&mut self, attribute: &Group) {
        let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
        let Some(TokenTree::Ident(name)) = tokens.first() else { return };
        let line = name.span().start().line;
        let name = name.to_string();
        let Some(entry) = ATTRIBUTES.iter().find(|entry| entry.name == name) else { return };
        let value = match (&tokens[1..], entry.field) {
            ([TokenTree::Punct(equals), rest @ ..], None) if equals.as_char() == '=' => rest.iter().cloned().collect(),
            ([TokenTree::Group(group)], Some(field)) => match field_of(group, field) {
                Some(value) => value,
                None => return,
            },
            _ => return,
        };
        let text = TokenStream::to_string(&value);
        if entry.relative == Relative::Templates
            && let Some(config) = template_config(self.origin.package)
        {
            self.found.push(Reference { what: What::File(vec![config]), by: entry.by, line });
        }
        self.add(entry.takes, entry.relative, entry.by, evaluate(value, self.origin.package), || text, line);
    }

    fn add(
        &mut self,
        takes: Takes,
        relative: Relative,
        by: &'static str,
        value: Value,
        source: impl FnOnce() -> String,
        line: usize,
    ) {
        let what = match (value, takes) {
            // What the build itself wrote.
            (Value::Output, _) => return,
            (Value::Unknown, _) => What::Unknown(source()),
            (Value::Text(name), Takes::Variable) => What::Variable(name),
            (Value::Text(path), Takes::File) => self.file(relative, &path),
            (Value::Text(path), Takes::Directory) => match self.places(relative, &path).into_iter().next() {
                Some(directory) => What::Directory(directory),
                None => return,
            },
        };
        self.found.push(Reference { what, by, line });
    }

    /// A template may include any other of its directory, which then counts as a whole.
    fn file(&self, relative: Relative, path: &str) -> What {
        let places = self.places(relative, path);
        let is_template = matches!(relative, Relative::Templates);
        let found = is_template.then(|| places.iter().position(|place| place.is_file())).flatten();
        match found.and_then(|found| templates(self.origin.disk, self.origin.package).into_iter().nth(found)) {
            Some(directory) => What::Directory(directory),
            None => What::File(places),
        }
    }

    fn places(&self, relative: Relative, path: &str) -> Vec<PathBuf> {
        let beside = self.origin.file.parent().unwrap_or(Path::new(""));
        let package = self.origin.package;
        // include_dir! expands variables by itself.
        let path = path.replace("$CARGO_MANIFEST_DIR", &package.to_string_lossy());
        match relative {
            Relative::File => vec![beside.join(path)],
            Relative::Package => vec![package.join(path)],
            Relative::PackageThenSource => vec![package.join(&path), package.join("src").join(&path)],
            Relative::Templates => {
                templates(self.origin.disk, package).into_iter().map(|directory| directory.join(&path)).collect()
            }
        }
    }
}

fn template_config(package: &Path) -> Option<PathBuf> {
    ["askama.toml", "rinja.toml"].map(|name| package.join(name)).into_iter().find(|config| config.is_file())
}

/// The directories of templates: `dirs` of askama.toml or rinja.toml, else `templates` (askama's book, "Configuration").
fn templates(disk: &Disk, package: &Path) -> Vec<PathBuf> {
    let configured = template_config(package).and_then(|config| {
        let document = toml_edit::Document::parse(disk.text(config).ok()?).ok()?;
        let dirs = document.get("general")?.get("dirs")?.as_array()?;
        Some(dirs.iter().filter_map(|dir| Some(package.join(dir.as_str()?))).collect::<Vec<_>>())
    });
    configured.unwrap_or_else(|| vec![package.join("templates")])
}

/// `#[doc = …]` and `#[cfg_attr(…, doc = …)]`.
fn is_doc(group: &Group) -> bool {
    let text = group.stream().to_string();
    text.starts_with("doc") || (text.starts_with("cfg_attr") && text.contains("doc ="))
}

fn is_attribute(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
}

/// The tokens behind `field =`, up to the next comma.
fn field_of(group: &Group, field: &str) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let at = tokens.windows(2).position(|pair| {
        matches!(pair, [TokenTree::Ident(name), TokenTree::Punct(equals)] if name == field && equals.as_char() == '=')
    })?;
    let value = tokens[at + 2..].iter();
    Some(
        value
            .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
            .cloned()
            .collect(),
    )
}
