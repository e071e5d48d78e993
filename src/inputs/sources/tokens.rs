//! Rust source as tokens. A source that is too large, or nested so deep that following it would overflow the stack, is an error.

use std::fmt;

use proc_macro2::{Literal, TokenStream, TokenTree};

/// In bytes. Tokens take some forty times the memory of their text.
const LARGEST: usize = 8 << 20;

/// How deep groups may be nested. rustc's own limit for macros is 128.
pub(crate) const DEEPEST: usize = 256;

/// Why a source is not read as tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    Large,
    Deep,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Large => write!(f, "larger than {} MiB, so the files that it names are unknown", LARGEST >> 20),
            Self::Deep => write!(f, "nested deeper than {DEEPEST} levels, so the files that it names are unknown"),
        }
    }
}

/// The tokens of a source; none if it is not Rust, which rustc reports.
pub(crate) fn parse(text: &str) -> Result<TokenStream, Unfit> {
    let tokens: TokenStream = of_size(text)?.parse().unwrap_or_default();
    let opens = |byte: &u8| matches!(byte, b'(' | b'[' | b'{');
    // A source with few groups cannot be nested too deeply.
    if text.bytes().filter(|byte| opens(byte)).nth(DEEPEST).is_some() && is_deep(tokens.clone(), DEEPEST) {
        return Err(Unfit::Deep);
    }
    Ok(tokens)
}

/// All tokens in order, those in groups included, without the groups themselves.
fn flat(tokens: TokenStream) -> impl Iterator<Item = TokenTree> {
    let mut open = vec![tokens.into_iter()];
    std::iter::from_fn(move || {
        loop {
            match open.last_mut()?.next() {
                Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
                Some(token) => return Some(token),
                None => drop(open.pop()),
            }
        }
    })
}

/// The identifiers among all tokens.
pub(crate) fn words(tokens: TokenStream) -> impl Iterator<Item = String> {
    flat(tokens).filter_map(|token| if let TokenTree::Ident(word) = token { Some(word.to_string()) } else { None })
}

/// The literals among all tokens.
pub(crate) fn literals(tokens: TokenStream) -> impl Iterator<Item = Literal> {
    flat(tokens).filter_map(|token| if let TokenTree::Literal(literal) = token { Some(literal) } else { None })
}

/// Whether groups are nested more deeply. Does not recurse itself, because it protects recursive code.
pub(crate) fn is_deep(tokens: TokenStream, deepest: usize) -> bool {
    let mut open = vec![tokens.into_iter()];
    while let Some(innermost) = open.last_mut() {
        match innermost.next() {
            Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
            Some(_) => {}
            None => drop(open.pop()),
        }
        if open.len() > deepest + 1 {
            return true;
        }
    }
    false
}

/// A source without the test module at its end, as formatted by rustfmt. It is often half of the file and has no inputs.
pub(crate) fn without_tests(text: &str) -> &str {
    &text[..before_tests(text.as_bytes()).len()]
}

/// Like [`without_tests`], for a text that need not be UTF-8.
pub(crate) fn before_tests(text: &[u8]) -> &[u8] {
    const TESTS: &[u8] = b"\n#[cfg(test)]\n";
    // Searches from the start, which takes memchr a tenth of the time of a search from the end.
    let Some(at) = memchr::memmem::find_iter(text, TESTS).last() else { return text };
    let lines = text[at + TESTS.len()..].trim_ascii_end().split(|byte| *byte == b'\n');
    let mut lines = lines.skip_while(|line| line.starts_with(b"#["));
    let is_module = lines.next().is_some_and(|line| line.starts_with(b"mod ") && line.ends_with(b"{"));
    // The first line that is not indented must be the last one and close the module. It may be part of a string.
    let closes = lines.find(|line| !matches!(line, [] | [b' ' | b'\t', ..]));
    if is_module && closes == Some(b"}") && lines.next().is_none() { &text[..=at] } else { text }
}

/// The text, if it is not too large, without a byte order mark or `#!` line at its start.
pub(super) fn of_size(text: &str) -> Result<&str, Unfit> {
    if text.len() > LARGEST { Err(Unfit::Large) } else { Ok(without_shebang(text)) }
}

fn without_shebang(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.starts_with("#!") && !text.starts_with("#![") {
        text.find('\n').map_or("", |end| &text[end..])
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_module_for_tests_at_the_end_is_left_out() {
        for (text, expected) in [
            ("a!();\n\n#[cfg(test)]\nmod tests {\n    b!();\n\n    c!();\n}\n", "a!();\n\n"),
            ("a!();\n#[cfg(test)]\n#[allow(dead_code)]\nmod t {\n    b!();\n}", "a!();\n"),
            ("a!();\n#[cfg(test)]\nmod tests {\n}\nb!();\n", "a!();\n#[cfg(test)]\nmod tests {\n}\nb!();\n"),
            ("\n#[cfg(test)]\nmod t {\n}\n\nfn f() {\n}\n", "\n#[cfg(test)]\nmod t {\n}\n\nfn f() {\n}\n"),
            ("\n#[cfg(test)]\nmod t {\n  r\"\n}\n\";\n}\n", "\n#[cfg(test)]\nmod t {\n  r\"\n}\n\";\n}\n"),
            ("\n#[cfg(test)]\nmod tests;\nfn f() {\n}\n", "\n#[cfg(test)]\nmod tests;\nfn f() {\n}\n"),
            ("\n#[cfg(test)]\nuse a;\nfn f() {\n}\n", "\n#[cfg(test)]\nuse a;\nfn f() {\n}\n"),
        ] {
            assert_eq!(without_tests(text), expected, "{text}");
        }
    }

    #[test]
    fn depth_is_that_of_groups_and_nothing_else() {
        let nested = |levels: usize| format!("{}{}", "(".repeat(levels), ")".repeat(levels));
        let parsed = |text: &str| parse(text).map(|tokens| tokens.is_empty());
        for (text, expected) in [
            (nested(DEEPEST), Ok(false)),
            (nested(DEEPEST + 1), Err(Unfit::Deep)),
            (nested(1_000_000), Err(Unfit::Deep)),
            // Brackets side by side, in a comment, in a string.
            ("()".repeat(1000), Ok(false)),
            (format!("// {}", "(".repeat(1000)), Ok(true)),
            (format!("\"{}\"", "(".repeat(1000)), Ok(false)),
            // The closing brackets are in strings.
            (format!("{}{}", "(\")\"".repeat(1000), ")".repeat(1000)), Err(Unfit::Deep)),
            ("(".repeat(1000), Ok(true)),
            (" ".repeat(LARGEST + 1), Err(Unfit::Large)),
            ("#!/usr/bin/env run\na".to_owned(), Ok(false)),
        ] {
            assert_eq!(parsed(&text), expected, "{}", &text[..text.len().min(20)]);
        }
    }
}
