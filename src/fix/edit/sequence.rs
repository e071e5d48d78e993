//! A bracketed sequence (an array, or the pairs of an inline table) as its items and the gaps around them.

use std::ops::Range;

use toml_edit::{Array, InlineTable};

use super::operation::{EditError, Splice};
use super::scan::{self, Kind, Token};
use super::view::{View, span};

/// Items between brackets. There is a gap before each item and one after the last.
pub(super) struct Sequence<'t> {
    pub(super) text: &'t str,
    /// The end of the opening bracket.
    pub(super) start: usize,
    /// The start of the closing bracket.
    pub(super) end: usize,
    pub(super) items: Vec<Range<usize>>,
    pub(super) gaps: Vec<Gap>,
    /// Whether a sequence on one line usually has blanks inside its brackets. Inline tables do, arrays do not.
    pub(super) padded: bool,
    /// The indentation and line end to use if the sequence itself shows none.
    pub(super) step: String,
    pub(super) newline: &'static str,
}

/// The text between two items, or between an item and a bracket: blanks, comments and at most one comma.
pub(super) struct Gap {
    pub(super) range: Range<usize>,
    pub(super) tokens: Vec<Token>,
}

impl<'t> Sequence<'t> {
    pub(super) fn of_array(view: &'t View, array: &Array) -> Result<Self, EditError> {
        let span_of_array = array.span().ok_or(EditError::Broken("an array without a place"))?;
        let items = array.iter().map(span).collect::<Result<_, _>>()?;
        Self::new(view, span_of_array, items, false)
    }

    /// The pairs of an inline table, in the order of the text, each from its (dotted) key to its value.
    pub(super) fn of_table(view: &'t View, table: &InlineTable) -> Result<Self, EditError> {
        let span_of_table = table.span().ok_or(EditError::Broken("a table without a place"))?;
        let mut values = table.get_values().iter().map(|(_, value)| span(value)).collect::<Result<Vec<_>, _>>()?;
        values.sort_by_key(|value| value.start);
        let mut from = span_of_table.start + 1;
        let pairs = values.into_iter().map(|value| {
            let gap = scan::tokens(view.text(), from..value.start);
            let key = gap.last().map_or(from, |token| token.range.end);
            from = value.end;
            key..value.end
        });
        Self::new(view, span_of_table, pairs.collect(), true)
    }

    fn new(view: &'t View, span: Range<usize>, items: Vec<Range<usize>>, padded: bool) -> Result<Self, EditError> {
        let text = view.text();
        let (start, end) = (span.start + 1, span.end.saturating_sub(1));
        let mut gaps = Vec::with_capacity(items.len() + 1);
        let mut from = start;
        for until in items.iter().map(|item| item.start).chain([end]) {
            gaps.push(Gap::new(text, from..until)?);
            from = items.get(gaps.len() - 1).map_or(end, |item| item.end);
        }
        let (step, newline) = (view.indentation_step(), scan::newline(text));
        Ok(Self { text, start, end, items, gaps, padded, step, newline })
    }

    /// The line end of gap `near`. If that gap has none, the first line end of the sequence.
    pub(super) fn newline_near(&self, near: usize) -> &str {
        let mut gaps = self.gaps.get(near).into_iter().chain(&self.gaps);
        gaps.find_map(Gap::newline).map_or(self.newline, |token| &self.text[token.range.clone()])
    }

    /// Whether item `index` stands on the line of the opening bracket. Only newlines in gaps count, not those inside items.
    pub(super) fn on_first_line(&self, index: usize) -> bool {
        self.gaps[..=index].iter().all(|gap| gap.newline().is_none())
    }

    /// Whether the sequence stands on one line and contains no comments between its items.
    pub(super) fn is_one_line(&self) -> bool {
        self.gaps.iter().all(|gap| gap.newline().is_none() && !gap.has_comment())
    }

    /// The splices that put each item on a line of its own.
    pub(super) fn broken(&self) -> Vec<Splice> {
        let outer = scan::indentation(self.text, self.start);
        let inner = format!("{}{outer}{}", self.newline, self.step);
        let last = self.gaps.len() - 1;
        let between = |(at, gap): (usize, &Gap)| {
            let content = match at {
                0 => inner.clone(),
                _ if at == last => format!(",{}{outer}", self.newline),
                _ => format!(",{inner}"),
            };
            Splice::replace(gap.range.clone(), content)
        };
        if self.items.is_empty() { Vec::new() } else { self.gaps.iter().enumerate().map(between).collect() }
    }

    /// The usual separator between two items on one line near item `index`: a comma and blanks.
    pub(super) fn separator_near(&self, index: usize) -> &str {
        let inner = 1..self.items.len().max(1);
        let mut candidates: Vec<_> = inner.filter(|&gap| self.gaps[gap].newline().is_none()).collect();
        candidates.sort_by_key(|gap| gap.abs_diff(index));
        candidates.first().map_or(", ", |&gap| &self.text[self.gaps[gap].range.clone()])
    }
}

impl Gap {
    fn new(text: &str, range: Range<usize>) -> Result<Self, EditError> {
        let tokens = scan::tokens(text, range.clone());
        let end = tokens.last().map_or(range.start, |token| token.range.end);
        if range.start <= range.end && end == range.end {
            Ok(Self { range, tokens })
        } else {
            Err(EditError::Broken("something other than blanks, comments and commas between the entries"))
        }
    }

    fn position(&self, kind: Kind) -> Option<usize> {
        self.tokens.iter().position(|token| token.kind == kind)
    }

    pub(super) fn newline(&self) -> Option<&Token> {
        self.position(Kind::Newline).map(|at| &self.tokens[at])
    }

    pub(super) fn comma(&self) -> Option<Range<usize>> {
        self.position(Kind::Comma).map(|at| self.tokens[at].range.clone())
    }

    pub(super) fn has_comment(&self) -> bool {
        self.position(Kind::Comment).is_some()
    }

    /// Whether the comma stands on a later line than the item before it.
    pub(super) fn comma_leads(&self) -> bool {
        match (self.position(Kind::Comma), self.position(Kind::Newline)) {
            (Some(comma), Some(newline)) => newline < comma,
            _ => false,
        }
    }

    /// The comma, if it is on the line of the item before it.
    pub(super) fn comma_behind(&self) -> Option<Range<usize>> {
        self.comma().filter(|_| !self.comma_leads())
    }

    /// Whether a comment follows on the line of the item before the gap.
    pub(super) fn has_trailing_comment(&self) -> bool {
        match (self.position(Kind::Comment), self.position(Kind::Newline)) {
            (Some(comment), Some(newline)) => comment < newline,
            (comment, _) => comment.is_some(),
        }
    }

    /// The end of the line of the item before the gap, after its newline and the comment lines that continue its comment.
    pub(super) fn line_end(&self, text: &str) -> Option<usize> {
        let newline = self.position(Kind::Newline)?;
        Some(scan::past_continuation(text, &self.tokens, newline))
    }

    /// Blanks and comma at the start of the last line of the gap, if the comma is there: `  , `.
    pub(super) fn lead<'t>(&self, text: &'t str) -> Option<&'t str> {
        let newline = self.tokens.iter().rposition(|token| token.kind == Kind::Newline)?;
        let line = &self.tokens[newline + 1..];
        let leads = line.iter().any(|token| token.kind == Kind::Comma);
        leads.then(|| &text[self.tokens[newline].range.end..self.range.end])
    }
}
