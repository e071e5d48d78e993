//! Just enough Python to read calls with literal arguments.

use std::ops::Range;

/// Python source, and a copy of the same length in which comments and the contents of strings are blanked out.
pub(super) struct Source<'a> {
    text: &'a str,
    code: String,
}

/// A call: its range, and the ranges of its arguments.
pub(super) struct Call {
    pub(super) range: Range<usize>,
    arguments: Vec<Range<usize>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, code: blank(text) }
    }

    /// The source in a range, including strings.
    pub(super) fn text(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The source in a range, without the contents of strings.
    pub(super) fn code(&self, range: &Range<usize>) -> &str {
        self.code.get(range.clone()).unwrap_or_default()
    }

    /// The source from a position on, without the contents of strings.
    pub(super) fn rest(&self, at: usize) -> &str {
        self.code.get(at..).unwrap_or_default()
    }

    /// The positions where `name` is a whole word.
    pub(super) fn words(&self, name: &str) -> impl Iterator<Item = usize> {
        let is_free =
            move |at: usize| !self.code[..at].ends_with(is_name) && !self.code[at + name.len()..].starts_with(is_name);
        self.code.match_indices(name).map(|(at, _)| at).filter(move |at| is_free(*at))
    }

    /// `name`, and the aliases that `import name as other` gives it.
    pub(super) fn aliases(&self, name: &str) -> Vec<String> {
        let mut names = vec![name.to_owned()];
        for at in self.words(name) {
            let mut words = self.code[at + name.len()..].split_whitespace();
            if words.next() == Some("as") {
                let alias = words.next().unwrap_or_default();
                names.push(alias.trim_end_matches(|c| !is_name(c)).to_owned());
            }
        }
        names.retain(|name| !name.is_empty());
        names
    }

    /// The calls of a function, without its definition.
    pub(super) fn calls(&self, function: &str) -> Vec<Call> {
        let called = self.words(function).filter(|at| {
            let before = self.code[..*at].trim_end();
            !before.ends_with("class") && !before.ends_with("def")
        });
        called.filter_map(|at| self.call(at, at + function.len())).collect()
    }

    fn call(&self, start: usize, end: usize) -> Option<Call> {
        let rest = &self.code[end..];
        let open = end + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.code[open..].starts_with('(').then_some(())?;
        let (arguments, close) = self.split(open + 1);
        Some(Call { range: start..close + 1, arguments })
    }

    /// Splits at commas from `start` on, up to the bracket that closes the current one.
    fn split(&self, start: usize) -> (Vec<Range<usize>>, usize) {
        let (mut depth, mut from, mut parts) = (0_usize, start, Vec::new());
        let mut end = self.code.len();
        for (at, c) in self.code[start..].char_indices().map(|(at, c)| (start + at, c)) {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => {
                    end = at;
                    break;
                }
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(from..at);
                    from = at + 1;
                }
                _ => {}
            }
        }
        parts.push(from..end);
        let parts = parts.into_iter().map(|part| self.trimmed(part)).filter(|part| !part.is_empty()).collect();
        (parts, end)
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = self.code(&range);
        let start = range.start + text.len() - text.trim_start().len();
        start..start + text.trim().len()
    }

    /// The expression from `start` on, up to a comma, a closing bracket or the end of the line.
    pub(super) fn expression(&self, start: usize) -> Range<usize> {
        let mut depth = 0_usize;
        let end = self.code[start..].char_indices().find(|(_, c)| match c {
            '(' | '[' | '{' => {
                depth += 1;
                false
            }
            ')' | ']' | '}' if depth == 0 => true,
            ')' | ']' | '}' => {
                depth -= 1;
                false
            }
            ',' | '\n' => depth == 0,
            _ => false,
        });
        self.trimmed(start..end.map_or(self.code.len(), |(at, _)| start + at))
    }

    /// The value of the keyword argument `name`, else the positional argument at `index`.
    pub(super) fn argument(&self, call: &Call, name: &str, index: usize) -> Option<Range<usize>> {
        let mut positional = Vec::new();
        for range in &call.arguments {
            match self.keyword(range) {
                Some((key, value)) if key == name => return Some(value),
                Some(_) => {}
                None => positional.push(range.clone()),
            }
        }
        positional.into_iter().nth(index).filter(|range| !self.code(range).starts_with('*'))
    }

    /// Whether a call passes arguments on with `*args` or `**options`.
    pub(super) fn passes_on(&self, call: &Call) -> bool {
        call.arguments.iter().any(|range| self.code(range).starts_with('*'))
    }

    fn keyword(&self, range: &Range<usize>) -> Option<(&str, Range<usize>)> {
        let (name, value) = self.code(range).split_once('=')?;
        let value = self.trimmed(range.end - value.len()..range.end);
        let name = name.trim_end();
        (!name.is_empty() && name.chars().all(is_name) && !self.code(&value).starts_with('=')).then_some((name, value))
    }

    /// The text of a single string literal without escapes and without braces to be filled in.
    pub(super) fn literal(&self, range: &Range<usize>) -> Option<&'a str> {
        let text = self.text(range);
        let text = text.strip_prefix(['r', 'R', 'u', 'U']).unwrap_or(text);
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains([quote, '\\'])).then_some(inner)
    }

    /// The strings in the values of a dictionary, or a single string.
    pub(super) fn strings(&self, range: &Range<usize>) -> Vec<&'a str> {
        if !self.code(range).starts_with('{') {
            return self.literal(range).into_iter().collect();
        }
        let (entries, _) = self.split(range.start + 1);
        let values = entries.into_iter().filter_map(|entry| {
            let colon = entry.start + self.code(&entry).find(':')?;
            self.literal(&self.trimmed(colon + 1..entry.end))
        });
        values.collect()
    }
}

pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Blanks out comments and the contents of strings.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, blanked) = match c {
            '#' => (0, rest.find('\n').unwrap_or(rest.len())),
            '"' | '\'' => string(rest, c),
            _ => (c.len_utf8(), c.len_utf8()),
        };
        let (head, tail) = rest.split_at(blanked);
        // The quotes are kept.
        let inner = kept..blanked.saturating_sub(kept).max(kept);
        for (at, c) in head.char_indices() {
            if inner.contains(&at) { code.extend(std::iter::repeat_n(' ', c.len_utf8())) } else { code.push(c) }
        }
        rest = tail;
    }
    code
}

/// The length of the quotes of a string, and of the string with its quotes.
fn string(text: &str, quote: char) -> (usize, usize) {
    let triple = [quote; 3].iter().collect::<String>();
    let end = if text.starts_with(&triple) { triple } else { quote.to_string() };
    let mut at = end.len();
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(&end) {
            return (end.len(), at + end.len());
        }
        // A string in single quotes ends at the end of the line at the latest.
        if c == '\n' && end.len() == 1 {
            break;
        }
        at += c.len_utf8();
        if c == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    (end.len(), at)
}
