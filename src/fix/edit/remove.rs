//! Removes an item from a bracketed sequence, with its comma, its line and the comment after it on that line.

use std::ops::Range;

use super::operation::Splice;
use super::scan;
use super::sequence::{Gap, Sequence};

impl Sequence<'_> {
    /// The splices that remove item `index`, which must exist.
    pub(super) fn remove(&self, index: usize) -> Vec<Splice> {
        match self.range_on_shared_line(index) {
            Some(range) => vec![Splice::delete(range)],
            None => self.remove_line(index),
        }
    }

    /// The range to delete if other items or the brackets share the line, and no comment is in the way.
    fn range_on_shared_line(&self, index: usize) -> Option<Range<usize>> {
        let (item, before, after) = (&self.items[index], &self.gaps[index], &self.gaps[index + 1]);
        let previous = index.checked_sub(1).map(|previous| &self.items[previous]);
        let next = self.items.get(index + 1);
        let (starts_line, ends_line) = (before.newline().is_some(), after.newline().is_some());
        match (previous, next) {
            (None, None) if !starts_line && !ends_line => Some(self.start..self.end),
            // The next item moves up: it follows the same item as the removed one did, or the bracket if the list starts on its
            // line.
            (_, Some(next)) if !ends_line => Some(item.start..next.start),
            (None, Some(next)) if (!starts_line || after.comma_leads()) && !after.has_comment() => {
                Some(item.start..next.start)
            }
            // The previous item now ends the line, or is followed by the closing bracket.
            (Some(previous), _) if !starts_line || (!ends_line && !before.has_comment()) => {
                Some(match (before.comma_behind(), after.comma_behind()) {
                    (Some(separator), Some(comma)) => separator.end..comma.end,
                    _ => previous.end..item.end,
                })
            }
            _ => None,
        }
    }

    /// Deletes the lines of the item, and keeps the commas correct.
    fn remove_line(&self, index: usize) -> Vec<Splice> {
        let (item, before, after) = (&self.items[index], &self.gaps[index], &self.gaps[index + 1]);
        let line = self.own_lines(index);
        let has = |range: &Range<usize>| line.start <= range.start && range.end <= line.end;
        let separator = before.comma().filter(|comma| !has(comma));
        let comma = after.comma().filter(|comma| !has(comma));

        let (first, last) = (index == 0, index + 1 == self.items.len());
        let due = usize::from(!first && (!last || after.comma().is_some()));
        let left = usize::from(separator.is_some()) + usize::from(comma.is_some());
        let mut splices = Vec::new();
        if left < due {
            splices.push(Splice::insert(self.items[index - 1].end, ","));
        } else if left > due {
            splices.extend(match (comma, separator) {
                (Some(comma), _) => Some(self.delete_comma(after, line.end.max(item.end), comma)),
                (None, Some(comma)) => Some(self.delete_comma(before, before.range.start, comma)),
                (None, None) => None,
            });
        }
        splices.push(Splice::delete(line));
        splices
    }

    /// Deletes a comma and the blanks before it, up to `from`. If the comma starts its line, the blanks after it are deleted
    /// instead. If nothing else is on its line, the line is deleted.
    fn delete_comma(&self, gap: &Gap, from: usize, comma: Range<usize>) -> Splice {
        let blank =
            |range: Range<usize>| self.text.get(range).is_some_and(|text| text.trim_matches([' ', '\t']).is_empty());
        let (line, next_line) = (scan::line_start(self.text, comma.start), scan::next_line(self.text, comma.end));
        if blank(from..comma.start) && from > line {
            Splice::delete(from..comma.end)
        } else if line <= gap.range.start || !blank(line..comma.start) {
            Splice::delete(comma)
        } else if blank(comma.end..gap.range.end) {
            Splice::delete(comma.start..gap.range.end)
        } else if next_line <= gap.range.end && self.text[comma.end..next_line].trim().is_empty() {
            Splice::delete(line..next_line)
        } else {
            Splice::delete(comma)
        }
    }

    /// The lines of an item, as far as they contain nothing else.
    fn own_lines(&self, index: usize) -> Range<usize> {
        let (item, before, after) = (&self.items[index], &self.gaps[index], &self.gaps[index + 1]);
        let starts_line = before.newline().is_some();
        let start = if starts_line { scan::line_start(self.text, item.start) } else { self.start };
        let end = match after.line_end(self.text) {
            // The line of the opening bracket keeps its newline.
            Some(end) if !starts_line => self.text[..end].trim_end_matches('\n').trim_end_matches('\r').len(),
            Some(end) => self.past_blank_line(start, end),
            // The closing bracket takes the place of the item.
            None => return item.start..after.range.end,
        };
        start..end
    }

    /// If there are blank lines both before `start` and at `end`, the position after the second one: one of the two is enough.
    fn past_blank_line(&self, start: usize, end: usize) -> usize {
        let above = scan::previous_line(self.text, start);
        let between_blanks =
            above.is_some_and(|above| scan::is_blank(self.text, above)) && scan::is_blank(self.text, end);
        if between_blanks { scan::next_line(self.text, end) } else { end }
    }
}
