//! Files that procedural macros open themselves. rustc does not know about them, so cargo does not watch them.
//!
//! A macro of a local crate may open files without telling rustc, which it could do with an `include_bytes!` in its output. Such
//! a macro reads the files that its source names and those that literals in its invocations name. sqlx's `query!` reads `.sqlx`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use memchr::memmem;
use proc_macro2::{TokenStream, TokenTree};
use rayon::prelude::*;

use super::{Collector, Origin};
use crate::crates::build_crate::Crate;
use crate::fs::Resolved;
use crate::inputs::Kind;
use crate::inputs::build_script::{self, Opened};
use crate::inputs::macros::{self, What};
use crate::inputs::sources::tokens;

/// The macros of a crate that opens files.
struct Opening {
    /// The names of function-like macros, derives and attributes.
    names: BTreeSet<String>,
    /// The sources of the macro.
    files: Vec<build_script::File>,
}

impl Collector<'_> {
    /// Adds the files that local macros and sqlx read untracked.
    pub(super) fn macros(&mut self) {
        for index in 0..self.crates.len() {
            let found = &self.crates[index];
            if found.is_proc_macro()
                && let Some(opening) = self.opening(index)
            {
                let manifest = &found.package().manifest;
                let depends = |user: &Crate| {
                    user.package().dependencies.iter().any(|dependency| dependency.manifest.as_ref() == Some(manifest))
                };
                let calls = |text: &str| {
                    opening.names.iter().any(|name| memmem::find(text.as_bytes(), name.as_bytes()).is_some())
                };
                let users = (0..self.crates.len()).filter(|user| depends(&self.crates[*user]));
                let users = users.map(|user| (user, self.texts_of(user, calls)));
                let users: Vec<_> = users.filter(|(_, callers)| !callers.is_empty()).collect();
                let packages: Vec<&Path> =
                    users.iter().map(|(user, _)| self.crates[*user].package().directory()).collect();
                let opened = build_script::opened(self.disk, &opening.files, &packages);
                for ((user, callers), opened) in users.iter().zip(opened) {
                    self.opened(*user, callers, &opening, opened);
                }
            }
            if found.package().dependencies.iter().any(|dependency| dependency.name == "sqlx") {
                self.sqlx(index);
            }
        }
    }

    fn texts_of(&self, index: usize, is_wanted: impl Fn(&str) -> bool + Sync) -> Vec<build_script::File> {
        let sources = self.files.iter().filter(|input| input.kind == Kind::Source && input.in_crate == Some(index));
        let paths: Vec<&Resolved> = sources.map(|input| &input.path).collect();
        let texts = paths.into_par_iter().filter_map(|path| {
            Some(build_script::File { path: path.to_path_buf(), text: self.disk.text(path).ok()?, helper: None })
        });
        texts.filter(|file| is_wanted(&file.text)).collect()
    }

    /// The macros of crate `index`, if it opens files without reporting them to rustc.
    fn opening(&self, index: usize) -> Option<Opening> {
        let files = self.texts_of(index, |_| true);
        let says = |word: &str| files.iter().any(|file| file.text.contains(word));
        let opens = says("fs::") || says("File::open");
        if !opens || ["include_str", "include_bytes", "tracked_path", "tracked::path"].into_iter().any(says) {
            return None;
        }
        let mut names = BTreeSet::new();
        for file in &files {
            declared(parse(&file.text), &mut names);
        }
        Some(Opening { names, files })
    }

    /// Adds the files that the macros read for crate `user`: `opened`, and those named in `callers`, the sources that call them.
    fn opened(&mut self, user: usize, callers: &[build_script::File], opening: &Opening, opened: Vec<Opened>) {
        let found = &self.crates[user];
        let package = found.package().directory().to_owned();
        let root = found.workspace.root.clone();
        let bases = |file: &Path| [package.clone(), root.to_path_buf(), file.parent().unwrap_or(&package).to_owned()];
        let literals_of = |file: &build_script::File| {
            let bases = bases(&file.path);
            let is_file = |text: &str| bases.iter().any(|base| self.disk.is_file_from(base, text));
            let mut literals = Vec::new();
            // Reading all callers as tokens would take longer than the rest of the analysis.
            if macros::has_string(&file.text, &is_file) {
                invoked(parse(&file.text), &opening.names, &mut literals);
            }
            literals
        };
        let mut read: Vec<(PathBuf, PathBuf, usize)> = Vec::new();
        let literals: Vec<_> = callers.par_iter().map(literals_of).collect();
        for (file, literals) in callers.iter().zip(literals) {
            for (text, line) in literals {
                let places = bases(&file.path).map(|base| base.join(&text));
                let place = places.into_iter().find(|place| self.disk.is_file(place));
                read.extend(place.map(|place| (place, file.path.clone(), line)));
            }
        }
        read.extend(opened.into_iter().map(|(path, file, line)| (path, opening.files[file].path.clone(), line)));
        for (path, file, line) in read {
            let by = "opened by a procedural macro";
            let origin = Origin { gives: Kind::Embedded, in_crate: Some(user), by, file: &file, line };
            self.refer_watched(What::File(vec![path]), &origin, Some(false));
        }
    }

    /// The query data that `cargo sqlx prepare` writes (sqlx's documentation, "Offline Mode").
    fn sqlx(&mut self, index: usize) {
        const QUERIES: &[&str] = &["query!", "query_as!", "query_scalar!", "query_unchecked!", "query_as_unchecked!"];
        let found = &self.crates[index];
        let places = [found.package().directory(), &*found.workspace.root].map(|place| place.join(".sqlx"));
        let Some(directory) = places.into_iter().find(|place| self.disk.is_dir(place)) else { return };
        let users = self.texts_of(index, |text| QUERIES.iter().any(|query| text.contains(query)));
        if let Some(user) = users.first() {
            let at = QUERIES.iter().filter_map(|query| user.text.find(query)).min().unwrap_or(0);
            let line = user.text[..at].lines().count().max(1);
            let origin =
                Origin { gives: Kind::Embedded, in_crate: Some(index), by: "read by query!", file: &user.path, line };
            self.refer_watched(What::Directory(directory), &origin, Some(false));
        }
    }
}

/// Reads a text as the source of a macro and as a caller of it.
#[cfg(any(test, fuzzing))]
pub(in crate::inputs) fn names_and_literals(text: &str) {
    let mut names = BTreeSet::new();
    declared(parse(text), &mut names);
    invoked(parse(text), &names, &mut Vec::new());
}

fn parse(text: &str) -> TokenStream {
    tokens::parse(text).unwrap_or_default()
}

/// The names of the macros that `#[proc_macro]`, `#[proc_macro_attribute]` and `#[proc_macro_derive(Name, attributes(a))]`
/// declare.
fn declared(stream: TokenStream, names: &mut BTreeSet<String>) {
    let mut is_macro = false;
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = group.stream().into_iter();
                match inner.next().map(|first| first.to_string()).as_deref() {
                    Some("proc_macro" | "proc_macro_attribute") => is_macro = true,
                    Some("proc_macro_derive") => names.extend(tokens::words(inner.collect())),
                    _ => declared(group.stream(), names),
                }
            }
            TokenTree::Ident(word) if word == "fn" && std::mem::take(&mut is_macro) => {
                names.extend(tokens.next().map(|name| name.to_string()));
            }
            _ => {}
        }
    }
    names.remove("attributes");
}

/// The string literals, with their lines, in `name!(…)` and `#[name(…)]`.
fn invoked(stream: TokenStream, names: &BTreeSet<String>, found: &mut Vec<(String, usize)>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let is_bang = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!');
        let is_hash = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#');
        let is_named = |token: &TokenTree| matches!(token, TokenTree::Ident(name) if names.contains(&name.to_string()));
        let is_invocation = match &tokens[..at] {
            [.., name, bang] if is_bang(bang) => is_named(name),
            [.., hash] if is_hash(hash) => group.stream().into_iter().next().is_some_and(|first| is_named(&first)),
            _ => false,
        };
        if is_invocation { found.extend(literals(group.stream())) } else { invoked(group.stream(), names, found) }
    }
}

fn literals(stream: TokenStream) -> impl Iterator<Item = (String, usize)> {
    tokens::literals(stream).filter_map(|literal| {
        let text = macros::string(&literal).filter(|text| !text.is_empty() && is_relative(text))?;
        Some((text, literal.span().start().line))
    })
}

fn is_relative(text: &str) -> bool {
    Path::new(text).is_relative() && text.len() < 200 && !text.contains('\n')
}
