//! The `macro_rules!` of the crates in the build, by name, and which of them embed files or read variables.
//!
//! Definitions are parsed only if their file names a file or variable, or if a call needs them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use proc_macro2::{TokenStream, TokenTree};
use rayon::prelude::*;

use super::expression::evaluate;
use super::glance::hash;
use super::origin::{Origin, names_a_file};
use super::reference::argument;
use super::tables::{ATTRIBUTES, MACROS};
use super::variables::{Value, Variables};
use crate::fs::Disk;
use crate::fs::disk::Glance;
use crate::inputs::sources::tokens;

/// What is known of macros.
#[derive(Debug, Default)]
pub(in crate::inputs) struct Definitions {
    files: Vec<Defining>,
    by_name: HashMap<Box<str>, Vec<usize>>,
    embedding: HashSet<String>,
    hashes: HashSet<u64>,
    pub(in crate::inputs) variables: Variables,
}

/// A file that defines macros.
#[derive(Debug)]
struct Defining {
    path: PathBuf,
    package: PathBuf,
    glance: Arc<Glance>,
    definitions: OnceLock<Vec<Definition>>,
}

/// A `macro_rules!`.
#[derive(Debug)]
struct Definition {
    name: String,
    /// The text of its arms, because tokens cannot be sent to other threads.
    body: String,
    /// The macros that its arms call.
    calls: Vec<String>,
    /// Whether one of its arms names a file or variable, apart from the macros that it calls.
    embeds: bool,
}

impl Definitions {
    /// Records a source of the package in `package`.
    pub(in crate::inputs) fn add(&mut self, path: &Path, package: &Path, glance: &Arc<Glance>) {
        if glance.defines.is_empty() {
            return;
        }
        for name in &glance.defines {
            self.by_name.entry(name.clone()).or_default().push(self.files.len());
        }
        self.files.push(Defining {
            path: path.to_owned(),
            package: package.to_owned(),
            glance: Arc::clone(glance),
            definitions: OnceLock::new(),
        });
    }

    /// Determines which macros embed something, directly or through macros that they call.
    pub(in crate::inputs) fn settle(&mut self, disk: &Disk) {
        loop {
            let may_embed = |file: &&Defining| file.glance.names || self.calls_one(&file.glance);
            let found: Vec<String> = self
                .files
                .par_iter()
                .filter(may_embed)
                .flat_map_iter(|file| file.load(disk))
                .filter(|found| found.embeds || found.calls.iter().any(|call| self.embedding.contains(call)))
                .filter(|found| !self.embedding.contains(&found.name))
                .map(|found| found.name.clone())
                .collect();
            if found.is_empty() {
                return;
            }
            self.hashes.extend(found.iter().map(|name| hash(name.as_bytes())));
            self.embedding.extend(found);
        }
    }

    /// Whether a source calls a macro that embeds something.
    pub(in crate::inputs) fn calls_one(&self, glance: &Glance) -> bool {
        !self.hashes.is_empty() && glance.calls.iter().any(|call| self.hashes.contains(call))
    }

    pub(super) fn embeds(&self, name: &str) -> bool {
        self.embedding.contains(name)
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The arms of the macros of that name: those of the package, or else those of other packages. There may be several, for
    /// different configurations.
    pub(super) fn bodies<'d>(&'d self, disk: &Disk, name: &str, package: &Path) -> Vec<&'d str> {
        let files = self.by_name.get(name).into_iter().flatten().map(|index| &self.files[*index]);
        let (own, others): (Vec<_>, Vec<_>) = files.partition(|file| file.package == package);
        let files = if own.is_empty() { others } else { own };
        let definitions = files.into_iter().flat_map(|file| file.load(disk));
        definitions.filter(|found| found.name == name).map(|found| found.body.as_str()).collect()
    }
}

impl Defining {
    fn load(&self, disk: &Disk) -> &[Definition] {
        self.definitions.get_or_init(|| {
            let text = disk.text(&self.path).unwrap_or_default();
            let none = Variables::default();
            let origin = Origin { disk, file: &self.path, package: &self.package, variables: &none };
            let mut found = Vec::new();
            define(tokens::parse(tokens::without_tests(&text)).unwrap_or_default(), &origin, &mut found);
            found
        })
    }
}

/// The macros that `tokens` define, at any depth.
fn define(tokens: TokenStream, origin: &Origin<'_>, found: &mut Vec<Definition>) {
    let tokens = Vec::from_iter(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        match &tokens[..at] {
            [.., TokenTree::Ident(rules), TokenTree::Punct(bang), TokenTree::Ident(name)]
                if rules == "macro_rules" && bang.as_char() == '!' =>
            {
                let body = group.stream();
                let mut definition =
                    Definition { name: name.to_string(), body: body.to_string(), calls: Vec::new(), embeds: false };
                definition.look(body, origin);
                found.push(definition);
            }
            _ => define(group.stream(), origin, found),
        }
    }
}

impl Definition {
    /// Records the macros that the arms call, and whether they name something themselves.
    fn look(&mut self, tokens: TokenStream, origin: &Origin<'_>) {
        let tokens = Vec::from_iter(tokens);
        for (at, token) in tokens.iter().enumerate() {
            match (token, &tokens[..at]) {
                (TokenTree::Group(group), before) => {
                    match before {
                        [.., TokenTree::Ident(name), TokenTree::Punct(bang)] if bang.as_char() == '!' => {
                            let name = name.to_string();
                            // Files that the build wrote and variables that cargo sets are not inputs.
                            let is_output =
                                || evaluate(argument(&group.stream()), origin, &mut |_, _| None) == Value::Output;
                            self.embeds |= MACROS.iter().any(|entry| entry.name == name) && !is_output();
                            self.calls.push(name);
                        }
                        [.., TokenTree::Punct(hash)] if hash.as_char() == '#' => {
                            let name = group.stream().into_iter().next().map(|name| name.to_string());
                            self.embeds |= ATTRIBUTES.iter().any(|entry| Some(entry.name) == name.as_deref());
                        }
                        _ => {}
                    }
                    self.look(group.stream(), origin);
                }
                (TokenTree::Literal(literal), _) => {
                    self.embeds |= super::string(literal).is_some_and(|text| names_a_file(&text, origin).is_some());
                }
                _ => {}
            }
        }
    }
}
