//! Removes control characters from text. File names come from the checked project, and may contain anything.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::fs::path::printable;

/// Writes the text that `work` produces, with its control characters escaped.
pub(crate) fn plain(out: &mut impl Write, work: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    work(&mut text)?;
    String::from_utf8_lossy(&text).split_inclusive('\n').try_for_each(|line| match line.strip_suffix('\n') {
        Some(line) => writeln!(out, "{}", printable(line)),
        None => write!(out, "{}", printable(line)),
    })
}

/// A source text for display, with question marks in place of control characters. Its length in bytes does not change.
pub(super) fn drawable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    // Control characters outside ASCII start with this byte in UTF-8.
    let may_steer = |byte: u8| (byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t')) || byte == 0xC2;
    if !text.bytes().any(may_steer) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| if steers(c) { "?".repeat(c.len_utf8()) } else { c.to_string() };
    Cow::Owned(text.chars().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_steers() {
        let mut out = Vec::new();
        plain(&mut out, |text| text.write_all("a\x1b[1m\nb\u{9b}é\r\n\tc".as_bytes())).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a\\u{1b}[1m\nb\\u{9b}é\\r\n\\tc");
        let text = "[a]\r\n\tb = \"\x1b\u{9b}é\"";
        assert_eq!(drawable(text), "[a]\r\n\tb = \"???é\"");
        assert_eq!(drawable(text).len(), text.len());
    }
}
