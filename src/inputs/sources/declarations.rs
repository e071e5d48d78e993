//! Finds each `mod name;` of a source by words and brackets alone. Reading the source as tokens takes twenty times as long.

use proc_macro2::{TokenStream, TokenTree};

use super::lexemes::{Lexeme, Lexemes};
use super::tokens::{self, DEEPEST, Unfit};

/// A `mod name;` in a source.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    /// The inline modules around it.
    pub(super) inline: Vec<String>,
    pub(super) name: String,
    /// `#[path = "…"]`.
    pub(super) path: Option<String>,
    /// `#[cfg(test)]`.
    pub(super) test: bool,
}

/// The modules that a source declares; none if it is not Rust.
pub(super) fn declarations(text: &str) -> Result<Vec<Declaration>, Unfit> {
    let text = tokens::without_tests(text);
    // Most files declare no modules, and only have inline modules for tests.
    if may_declare(text) { collect(tokens::of_size(text)?) } else { Ok(Vec::new()) }
}

/// Whether a text contains `mod name;`, even in a comment.
fn may_declare(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "mod").any(|at| {
        let name = text[at + "mod".len()..].trim_start();
        let behind = name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '#');
        behind.len() < name.len() && behind.trim_start().starts_with(';')
    })
}

/// Goes through all brackets, so that modules declared inside `cfg_if! { … }` and similar macros are found.
fn collect(source: &str) -> Result<Vec<Declaration>, Unfit> {
    let mut lexemes = Lexemes::new(source);
    // The open brackets. If a bracket is the body of a module, the name of that module.
    let mut open: Vec<(u8, Option<String>)> = Vec::new();
    let (mut attributes, mut found, mut is_deep) = (Vec::new(), Vec::new(), false);
    while let Some(lexeme) = lexemes.next() {
        match lexeme {
            Lexeme::Sign(b'#') => attributes.extend(lexemes.group(b'[')),
            Lexeme::Word("mod") => {
                let Some(name) = lexemes.word() else { continue };
                let name = name.trim_start_matches("r#").to_owned();
                let attributes = std::mem::take(&mut attributes);
                let test = attributes.iter().any(|attribute| is_test(attribute));
                let path = attributes.iter().find_map(|attribute| path_of(attribute));
                if lexemes.sign(b';') {
                    let inline = open.iter().filter_map(|(_, module)| module.clone()).collect();
                    found.push(Declaration { inline, name, path, test });
                } else if !(test && lexemes.group(b'{').is_some()) && lexemes.sign(b'{') {
                    open.push((b'{', Some(path.unwrap_or(name))));
                }
            }
            // A visibility comes between the attributes and their `mod`.
            Lexeme::Word("pub") if !attributes.is_empty() => drop(lexemes.group(b'(')),
            Lexeme::Sign(bracket @ (b'(' | b'[' | b'{')) => {
                attributes.clear();
                open.push((bracket, None));
                is_deep |= open.len() > DEEPEST;
            }
            Lexeme::Sign(bracket @ (b')' | b']' | b'}')) => {
                attributes.clear();
                if open.pop().is_none_or(|(opening, _)| !closes(opening, bracket)) {
                    return Ok(Vec::new());
                }
            }
            _ => attributes.clear(),
        }
    }
    match (open.is_empty(), is_deep) {
        (false, _) => Ok(Vec::new()),
        (true, true) => Err(Unfit::Deep),
        (true, false) => Ok(found),
    }
}

fn closes(opening: u8, bracket: u8) -> bool {
    matches!((opening, bracket), (b'(', b')') | (b'[', b']') | (b'{', b'}'))
}

/// `cfg(test)`, `cfg(doctest)`, `cfg(any(test, doc))`: code that is never in a wheel. `any(test, …)` with anything else may be
/// compiled.
pub(crate) fn is_test(attribute: &str) -> bool {
    let text: String = attribute.split_whitespace().collect();
    let predicate = text.strip_prefix("cfg(").and_then(|text| text.strip_suffix(')'));
    let any = predicate.and_then(|predicate| predicate.strip_prefix("any(")?.strip_suffix(')'));
    any.or(predicate).is_some_and(|all| all.split(',').all(|one| matches!(one, "test" | "doctest" | "doc" | "docsrs")))
}

/// The string of `path = "…"`, even inside `cfg_attr(…, path = "…")`.
fn path_of(attribute: &str) -> Option<String> {
    attribute.contains("path").then(|| path_in(attribute.parse().ok()?)).flatten()
}

fn path_in(attribute: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    for window in tokens.windows(3) {
        if let [TokenTree::Ident(name), TokenTree::Punct(equals), TokenTree::Literal(literal)] = window
            && name == "path"
            && equals.as_char() == '='
        {
            let text = literal.to_string();
            return Some(text.trim_start_matches('r').trim_matches(['#', '"']).to_owned());
        }
    }
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => path_in(group.stream()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let show = |declaration: Declaration| {
            let mut parts = declaration.inline;
            parts.push(declaration.name);
            let path = declaration.path.map(|path| format!(" = {path}")).unwrap_or_default();
            parts.join("::") + &path + if declaration.test { " for tests" } else { "" }
        };
        declarations(text).unwrap().into_iter().map(show).collect()
    }

    #[test]
    fn declarations_are_found_wherever_they_stand() {
        for (text, expected) in [
            ("mod a;\npub(crate) mod b;\nmod r#type;", vec!["a", "b", "type"]),
            ("mod a { pub mod b; mod c { mod d; } }", vec!["a::b", "a::c::d"]),
            ("#[cfg(test)]\nmod tests;\n#[cfg(test)] mod t { mod u; }\nmod v;", vec!["tests for tests", "v"]),
            ("#[cfg(doctest)]\nmod d;\n#[cfg(any(test, doc))] mod e;", vec!["d for tests", "e for tests"]),
            ("#[cfg(any(test, unix))] mod f; #[cfg(not(test))] mod g;", vec!["f", "g"]),
            ("#[cfg(unix)]\n#[path = \"sys/unix.rs\"]\npub(crate) mod sys;", vec!["sys = sys/unix.rs"]),
            ("#[cfg_attr(windows, path = \"win.rs\")] mod os;", vec!["os = win.rs"]),
            ("cfg_if! { if #[cfg(unix)] { mod unix; } else { mod other; } }", vec!["unix", "other"]),
            ("#[cfg(test)]\n/// For tests.\n// Of them.\npub(super) mod h;", vec!["h for tests"]),
            ("#[cfg(test)]\nfn f() {}\nmod i;", vec!["i"]),
            ("// mod no;\nconst S: &str = \"mod no;\";\nfn f() { let model = 1; }", vec![]),
            ("/* mod no; /* */ mod no; */ const S: &str = \"\\\"mod no;\"; mod a;", vec!["a"]),
            ("const S: &str = r##\"\"# mod no; \"##; const B: &[u8] = br\"\\\"; mod a;", vec!["a"]),
            ("const C: char = '\"'; fn f<'a>(_: &'a str) { '\\''; '{'; '\u{e9}' } mod a; // \"", vec!["a"]),
            ("macro_rules! m { ($name:ident) => { mod $name; mod a; } }", vec!["a"]),
            ("#!/usr/bin/env run\nmod a;", vec!["a"]),
            ("fn broken( { mod a;", vec![]),
            ("mod a; fn broken(]", vec![]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_not_told() {
        let nested = |levels: usize| format!("mod a; {}{}", "(".repeat(levels), ")".repeat(levels));
        assert_eq!(names(&nested(DEEPEST)), ["a"]);
        assert_eq!(declarations(&nested(DEEPEST + 1)), Err(Unfit::Deep));
    }
}
