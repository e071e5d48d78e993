//! Texts are in plain English. Phrases that readers did not understand must not come back, and words must be spelled right.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/environment.rs"]
mod environment;
#[path = "support/packages.rs"]
mod packages;

use std::path::Path;
use std::process::Command;

use packages::Toolbox;
use proc_macro2::{TokenStream, TokenTree};

/// Phrases to avoid, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    ("is no", "is not a"),
    ("are no", "are not"),
    ("there is none", "it does not exist"),
    ("there are none", "none exist"),
    ("is not there", "does not exist"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("speak", "apply"),
    ("speaks", "applies"),
    ("is told", "is given"),
    ("be told", "be determined"),
    ("are told", "are reported"),
    ("nobody tells", "without a warning"),
    ("held against", "compared with"),
    ("hangs on", "depends on"),
    ("foretold", "predicted"),
    ("keep quiet", "ignore"),
    ("leave aside", "ignore"),
    ("leaves aside", "ignores"),
    ("pass over", "skip"),
    ("passes over", "skips"),
    ("passed over", "skipped"),
    ("says nothing", "is empty"),
    ("knows nothing of", "does not track"),
    ("know nothing of", "do not track"),
    ("its kin", "similar ones"),
    ("misspelt", "misspelled"),
    ("for ever", "at every sync"),
    ("comes to rest", "rebuilds at every sync"),
    ("1 files", "1 file"),
    ("1 inputs", "1 input"),
    ("1 keys", "1 key"),
    ("1 errors", "1 error"),
    ("1 warnings", "1 warning"),
    ("1 projects", "1 project"),
];

/// The texts that users read: strings and documentation in the sources, the site, the changelog, reports.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for part in ["src", "docs", "snapshots", "README.md", "CHANGELOG.md", "action.yml", ".pre-commit-hooks.yaml"] {
        for entry in walkdir::WalkDir::new(root.join(part)).into_iter().map(Result::unwrap) {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            // The snapshots of Windows contain the same texts as the others.
            if !path.is_file() || name.contains(".windows.") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            if path.extension().is_some_and(|suffix| suffix == "rs") {
                literals(text.parse().unwrap(), &mut |literal| texts.push((name.clone(), literal)));
            } else {
                texts.push((name, text));
            }
        }
    }
    texts
}

/// Collects the string literals of a source. Documentation comments are among them.
fn literals(tokens: TokenStream, found: &mut dyn FnMut(String)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => found(literal.to_string()),
            _ => {}
        }
    }
}

/// The first line that contains the phrase as whole words.
fn line_with<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_found = |(at, _): &(usize, &str)| {
        let (before, after) = (&text[..*at], &text[at + phrase.len()..]);
        // "there is no build" and "is no longer" are plain English.
        let is_allowed = phrase.ends_with(" no") && (before.ends_with("here ") || after.starts_with(" longer"));
        !is_word(before.chars().next_back()) && !is_word(after.chars().next()) && !is_allowed
    };
    let (at, _) = text.match_indices(phrase).find(is_found)?;
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..].lines().next()
}

#[test]
fn no_phrase_comes_back() {
    let mut found = Vec::new();
    for (name, text) in texts() {
        for (phrase, better) in PHRASES {
            found.extend(line_with(&text, phrase).map(|line| format!("{name}: `{phrase}` ({better}): {line}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn phrases_are_found_as_words() {
    assert_eq!(line_with("a\nit is no input\nb", "is no"), Some("it is no input"));
    for text in ["it is not", "there is no build", "it is no longer", "this is none"] {
        assert_eq!(line_with(text, "is no"), None, "{text}");
    }
}

/// `[tool.typos]` in pyproject.toml lists words that typos would report but that are intended.
#[test]
fn words_are_spelled_right() {
    let mut typos = Command::new(Toolbox::get().program("typos"));
    let output = typos.args(["--format", "brief"]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
