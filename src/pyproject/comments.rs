//! Finds the comments of a TOML text. A `#` inside a string does not start a comment.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// The ranges of the comments, each from its `#` to the end of its line.
pub(crate) fn comments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let tokens = Source::new(text).lex().filter(|token| token.kind() == TokenKind::Comment);
    tokens.map(|token| {
        let (start, end) = (token.span().start(), token.span().end());
        let comment = text.get(start..end).unwrap_or_default();
        start..start + comment.trim_end_matches(['\r', '\n']).len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_from_strings() {
        let text = "\u{feff}# a\r\nb = '# c' # d\ne = \"\"\"\n# f\n\"\"\"\n[g] #h\n#";
        let found: Vec<&str> = comments(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["# a", "# d", "#h", "#"]);
    }
}
