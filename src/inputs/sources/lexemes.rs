//! The words and signs of a Rust source, without its comments and literals (the Rust reference, "Lexical structure").

/// A word, or a character that is not part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lexeme<'t> {
    /// A keyword, an identifier (with its `r#`), the start of a number, the name of a lifetime.
    Word(&'t str),
    Sign(u8),
}

/// The lexemes of a source, in order. Ends early if a literal or comment is not closed.
#[derive(Clone)]
pub(super) struct Lexemes<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lexemes<'t> {
    type Item = Lexeme<'t>;

    fn next(&mut self) -> Option<Lexeme<'t>> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let length = match rest {
                [] => return None,
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => comment(rest),
                [b'"', ..] => string(rest),
                [b'\'', ..] => self.character(),
                [first, ..] if is_word(*first) => {
                    let word = &self.text[self.at..][..rest.iter().take_while(|byte| is_word(**byte)).count()];
                    let (hashes, behind) = hashes(&rest[word.len()..]);
                    match (word, behind.first()) {
                        ("r" | "br" | "cr", Some(b'"')) => word.len() + hashes + raw_string(behind, hashes),
                        ("r", Some(next)) if hashes == 1 && is_word(*next) => {
                            let length = behind.iter().take_while(|byte| is_word(**byte)).count() + 2;
                            return Some(self.word_of(length));
                        }
                        _ => return Some(self.word_of(word.len())),
                    }
                }
                [first, ..] if first.is_ascii_whitespace() => 1,
                [first, ..] => {
                    self.at += 1;
                    return Some(Lexeme::Sign(*first));
                }
            };
            self.at += length;
        }
    }
}

impl<'t> Lexemes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word, if a word comes next.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let mut ahead = self.clone();
        let Some(Lexeme::Word(word)) = ahead.next() else { return None };
        *self = ahead;
        Some(word)
    }

    /// Whether the sign comes next. If so, it is consumed.
    pub(super) fn sign(&mut self, sign: u8) -> bool {
        let mut ahead = self.clone();
        let is_next = ahead.next() == Some(Lexeme::Sign(sign));
        if is_next {
            *self = ahead;
        }
        is_next
    }

    /// The text between the bracket that comes next and its closing bracket.
    pub(super) fn group(&mut self, bracket: u8) -> Option<&'t str> {
        let mut ahead = self.clone();
        if !ahead.sign(bracket) {
            return None;
        }
        let (start, mut depth) = (ahead.at, 1_usize);
        while depth > 0 {
            match ahead.next()? {
                Lexeme::Sign(b'(' | b'[' | b'{') => depth += 1,
                Lexeme::Sign(b')' | b']' | b'}') => depth -= 1,
                _ => {}
            }
        }
        *self = ahead;
        Some(&self.text[start..self.at - 1])
    }

    fn word_of(&mut self, length: usize) -> Lexeme<'t> {
        let word = &self.text[self.at..][..length];
        self.at += length;
        Lexeme::Word(word)
    }

    /// The length of a character with its quotes, or of the quote of a lifetime.
    fn character(&self) -> usize {
        let inside = &self.text[self.at + 1..];
        let first = inside.chars().next().map_or(0, char::len_utf8);
        match inside.as_bytes() {
            // In `'\''`, the second quote is not the closing one.
            [b'\\', _, rest @ ..] => memchr::memchr(b'\'', rest).map_or(inside.len(), |end| end + 3) + 1,
            bytes if bytes.get(first) == Some(&b'\'') => first + 2,
            _ => 1,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The number of `#` at the start, and the text after them.
fn hashes(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| **byte == b'#').count();
    (count, &text[count..])
}

/// The length of a block comment, including nested ones.
fn comment(text: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1_usize);
    while depth > 0 {
        let Some(next) = memchr::memchr2(b'/', b'*', &text[at..]) else { return text.len() };
        at += next;
        match text[at..] {
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            _ => at += 1,
        }
    }
    at
}

/// The length of a string with its quotes.
fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        if text[at + next] == b'"' {
            return at + next + 1;
        }
        at += next + 2;
    }
    text.len()
}

/// The length of a raw string with its quotes and the `#` after it.
fn raw_string(text: &[u8], hashes: usize) -> usize {
    let is_end = |quote: &usize| text[quote + 1..].iter().take_while(|byte| **byte == b'#').count() >= hashes;
    let end = memchr::memchr_iter(b'"', text).skip(1).find(is_end);
    end.map_or(text.len(), |end| end + 1 + hashes)
}
