//! Scans the text between values (blanks, newlines, comments, commas), finds lines, and splits dotted keys.

use std::ops::Range;

use super::operation::{EditError, Splice};
use super::splices;

/// A stretch of text between values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    Newline,
    Comment,
    Comma,
}

/// The tokens from `range.start` to `range.end`, or to the first byte that belongs to a value.
pub(super) fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let bytes = text.as_bytes();
    let end = range.end.min(bytes.len());
    let until = |from: usize, stop: fn(u8) -> bool| (from..end).find(|&at| stop(bytes[at])).unwrap_or(end);
    let mut tokens = Vec::new();
    let mut at = range.start;
    while at < end {
        let (kind, next) = match bytes[at] {
            b' ' | b'\t' => (Kind::Blank, until(at, |byte| byte != b' ' && byte != b'\t')),
            b'\n' => (Kind::Newline, at + 1),
            b'\r' if bytes.get(at + 1) == Some(&b'\n') && at + 1 < end => (Kind::Newline, at + 2),
            b'#' => (Kind::Comment, until(at, |byte| byte == b'\r' || byte == b'\n')),
            b',' => (Kind::Comma, at + 1),
            _ => break,
        };
        tokens.push(Token { kind, range: at..next });
        at = next;
    }
    tokens
}

/// The start of the line that contains `at`. A byte-order mark is not part of the line.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    text.as_bytes()[..at].iter().rposition(|&byte| byte == b'\n').map_or(mark, |newline| newline + 1)
}

/// The start of the line after the one that contains `at`; the end of the text after the last line.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text.as_bytes()[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |newline| at + newline + 1)
}

/// The blanks at the start of the line that contains `at`.
pub(crate) fn indentation(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The column of `at`, in characters.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// Whether the line that starts at `start` is blank.
pub(super) fn is_blank(text: &str, start: usize) -> bool {
    start < text.len() && text[start..next_line(text, start)].trim().is_empty()
}

/// Whether the line that starts at `start` is a comment.
pub(super) fn is_comment(text: &str, start: usize) -> bool {
    text[start..].trim_start_matches([' ', '\t']).starts_with('#')
}

/// The start of the line before the one that starts at `start`.
pub(super) fn previous_line(text: &str, start: usize) -> Option<usize> {
    let newline = start.checked_sub(1)?;
    (text.as_bytes()[newline] == b'\n').then(|| line_start(text, newline))
}

/// The start of the comment lines directly above the line that starts at `start`. Only lines from `floor` on are considered.
/// There, all is blanks and comments; above it, a `#` may be part of a multi-line string.
pub(super) fn attached_comments(text: &str, start: usize, floor: usize) -> usize {
    let mut top = start;
    while let Some(above) = previous_line(text, top).filter(|&above| above >= floor && is_comment(text, above)) {
        top = above;
    }
    top
}

/// Skips the comment lines at `start`, unless something follows them directly: then they belong to it.
pub(super) fn past_comments(text: &str, start: usize) -> usize {
    let mut at = start;
    while at < text.len() && is_comment(text, at) {
        at = next_line(text, at);
    }
    if at == text.len() || is_blank(text, at) { at } else { start }
}

/// The end of the line that has a value or a header up to `at`. Comment lines below it that continue its comment in the same
/// column are included.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let tokens = tokens(text, at..text.len());
    let newline = tokens.iter().position(|token| token.kind == Kind::Newline);
    newline.map_or(text.len(), |newline| past_continuation(text, &tokens, newline))
}

/// The end of the newline `tokens[newline]`, or of the last comment line that continues the comment before it.
pub(super) fn past_continuation(text: &str, tokens: &[Token], newline: usize) -> usize {
    let end = tokens[newline].range.end;
    continuation(text, tokens, newline).last().map_or(end, |(_, end)| *end)
}

/// The comment lines below that continue the comment before `tokens[newline]` in the same column. For each, the blanks before the
/// comment and the end of its line.
fn continuation(text: &str, tokens: &[Token], newline: usize) -> Vec<(Range<usize>, usize)> {
    let mut lines = Vec::new();
    let comment = tokens[..newline].last().filter(|token| token.kind == Kind::Comment);
    let Some(column_of_first) = comment.map(|token| column(text, token.range.start)) else {
        return lines;
    };
    // The last line may have no newline. Then the comment is the last token.
    let mut rest = &tokens[newline + 1..];
    while let [blank, comment, after @ ..] = rest
        && (blank.kind, comment.kind) == (Kind::Blank, Kind::Comment)
        && column(text, comment.range.start) == column_of_first
    {
        lines.push((blank.range.clone(), after.first().map_or(comment.range.end, |newline| newline.range.end)));
        rest = after.get(1..).unwrap_or_default();
    }
    lines
}

/// Splices that keep the lines of a comment in one column, if `splices` move its first line. The comment is on the line of a
/// value that ends at `at`.
pub(super) fn realigned(text: &str, at: usize, splices: &[Splice]) -> Result<Vec<Splice>, EditError> {
    let tokens = tokens(text, at..text.len());
    let Some(newline) = tokens.iter().position(|token| token.kind == Kind::Newline) else { return Ok(Vec::new()) };
    let lines = continuation(text, &tokens, newline);
    let (Some(comment), Some((_, end))) = (newline.checked_sub(1), lines.last()) else { return Ok(Vec::new()) };
    let start = tokens[comment].range.start;
    let (before, others): (Vec<_>, _) = splices.iter().cloned().partition(|splice| splice.range.end <= start);
    if others.iter().any(|splice| splice.range.start < *end) {
        return Ok(Vec::new());
    }
    let head = splices::splice(&text[..start], &splices::sorted(before)?)?;
    let (old, new) = (column(text, start), column(&head, head.len()));
    let moved = lines.into_iter().filter_map(|(blank, _)| {
        if new > old {
            return Some(Splice::insert(blank.end, " ".repeat(new - old)));
        }
        let cut = blank.end.checked_sub(old - new).filter(|&cut| cut > blank.start)?;
        text[cut..blank.end].bytes().all(|byte| byte == b' ').then(|| Splice::delete(cut..blank.end))
    });
    Ok(moved.collect())
}

/// The line end that most lines of the text have; `\n` if it has none.
pub(crate) fn newline(text: &str) -> &'static str {
    let windows = text.matches("\r\n").count();
    let all = text.matches('\n').count();
    if windows * 2 > all { "\r\n" } else { "\n" }
}

/// The parts of the dotted key that starts at `start`, quotes included.
pub(super) fn key_parts(text: &str, start: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let blanks = |mut at: usize| {
        while matches!(bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    };
    let mut parts = Vec::new();
    let mut at = blanks(start);
    loop {
        let from = at;
        match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                at += 1;
                while let Some(&byte) = bytes.get(at) {
                    at += if byte == b'\\' && quote == b'"' { 2 } else { 1 };
                    if byte == quote {
                        break;
                    }
                }
            }
            _ => {
                while matches!(bytes.get(at), Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                {
                    at += 1;
                }
            }
        }
        if at == from || at > bytes.len() {
            return parts;
        }
        parts.push(from..at);
        at = blanks(at);
        if bytes.get(at) != Some(&b'.') {
            return parts;
        }
        at = blanks(at + 1);
    }
}
