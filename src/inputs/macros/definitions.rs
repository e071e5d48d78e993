//! The `macro_rules!` of the crates in the build, by name, and which of them embed files or read variables.
//!
//! Definitions are parsed only if their file names a file or variable, or if a call needs them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use proc_macro2::{TokenStream, TokenTree};
use rayon::prelude::*;

use super::expression::{Value, evaluate};
use super::glance::{LONGEST, hash};
use super::reference::argument;
use super::tables::{ATTRIBUTES, MACROS};
use crate::fs::Disk;
use crate::fs::disk::Glance;
use crate::fs::path::join;
use crate::inputs::sources::tokens;

/// What is known of macros.
#[derive(Debug, Default)]
pub(in crate::inputs) struct Definitions {
    files: Vec<Defining>,
    by_name: HashMap<Box<str>, Vec<usize>>,
    embedding: HashSet<String>,
    hashes: HashSet<u64>,
    /// The variables that build scripts set for the compiler, by package and name.
    variables: HashMap<PathBuf, HashMap<String, Value>>,
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

    /// Records a variable that the build script of the package in `package` sets for the compiler.
    pub(in crate::inputs) fn set(&mut self, package: &Path, name: String, value: Value) {
        self.variables.entry(package.to_owned()).or_default().insert(name, value);
    }

    /// The value that `env!` has for a variable in the package in `package`.
    pub(super) fn variable(&self, package: &Path, name: &str) -> Value {
        let found = self.variables.get(package).and_then(|variables| variables.get(name));
        found.cloned().unwrap_or(Value::Unknown)
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
            let none = Definitions::default();
            let origin = Origin { disk, file: &self.path, package: &self.package, definitions: &none };
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
                    self.embeds |=
                        super::string(&literal.to_string()).is_some_and(|text| names_a_file(&text, origin).is_some());
                }
                _ => {}
            }
        }
    }
}

/// The place of the file that is scanned.
pub(in crate::inputs) struct Origin<'a> {
    pub(in crate::inputs) disk: &'a Disk,
    pub(in crate::inputs) file: &'a Path,
    /// The directory of the crate's Cargo.toml.
    pub(in crate::inputs) package: &'a Path,
    /// The macros of all crates that are built.
    pub(in crate::inputs) definitions: &'a Definitions,
}

/// The file that a literal names: it has a `/` or a suffix, and is relative to the crate or to the source.
pub(in crate::inputs) fn names_a_file(text: &str, origin: &Origin<'_>) -> Option<PathBuf> {
    let text = text.strip_prefix("$CARGO_MANIFEST_DIR/").unwrap_or(text);
    let text = text.strip_prefix("./").unwrap_or(text);
    if text.starts_with('/') || !looks_like_a_path(text) {
        return None;
    }
    let beside = origin.file.parent().unwrap_or(Path::new(""));
    let base = [origin.package, beside].into_iter().find(|base| origin.disk.is_file_from(base, text))?;
    Some(join(base, text))
}

fn looks_like_a_path(text: &str) -> bool {
    let has_suffix = text.rsplit_once('.').is_some_and(|(stem, suffix)| {
        !stem.is_empty() && !suffix.is_empty() && suffix.chars().all(char::is_alphanumeric)
    });
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "*?<>|:\"\\".contains(c);
    text.len() <= LONGEST && (has_suffix || text.contains('/')) && !text.contains(is_odd)
}
