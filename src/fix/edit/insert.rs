//! Inserts an item into a bracketed sequence, with the layout of its neighbours.

use super::operation::Splice;
use super::scan::{self, Kind};
use super::sequence::{Gap, Sequence};

impl Sequence<'_> {
    /// The splices that insert `content` as item number `index`, which is at most the number of items.
    pub(super) fn insert(&self, index: usize, content: &str) -> Vec<Splice> {
        if self.items.is_empty() {
            vec![self.fill(content)]
        } else if index == self.items.len() {
            self.append(content)
        } else if index == 0 {
            vec![self.prepend(content)]
        } else {
            vec![self.between(index, content)]
        }
    }

    /// Inserts into an empty sequence.
    fn fill(&self, content: &str) -> Splice {
        let gap = &self.gaps[0];
        let Some(newline) = gap.newline() else {
            let inner = &self.text[gap.range.clone()];
            return match (inner, self.padded) {
                ("", true) => Splice::insert(self.start, format!(" {content} ")),
                _ => Splice::insert(self.end, format!("{content}{inner}")),
            };
        };
        // Insert after the last comment, with the same indentation, unless the comment is on the line of the bracket.
        let comment = gap.tokens.iter().rfind(|token| token.kind == Kind::Comment);
        let own_line = comment.filter(|comment| comment.range.start > newline.range.start);
        let indentation = own_line.map_or_else(
            || format!("{}{}", scan::indentation(self.text, self.start), self.step),
            |comment| scan::indentation(self.text, comment.range.start).to_owned(),
        );
        let at = own_line.map_or(newline.range.end, |comment| scan::next_line(self.text, comment.range.end));
        Splice::insert(at, format!("{indentation}{content},{}", self.newline_near(0)))
    }

    /// Inserts before the first item.
    fn prepend(&self, content: &str) -> Splice {
        let (first, gap) = (self.items[0].start, &self.gaps[0]);
        let next_gap = self.gaps.get(1).filter(|_| self.items.len() > 1);
        // A comment after the first item belongs only to that item, so the new item gets a line of its own.
        let own_line = self.gaps[1].newline().is_some() && (next_gap.is_some() || self.gaps[1].has_trailing_comment());
        let hangs = gap.newline().is_none() && own_line;
        let leads = !gap.has_comment() && next_gap.is_some_and(Gap::comma_leads);
        if gap.newline().is_some() && !leads {
            let indentation = scan::indentation(self.text, first);
            let at = self.behind_heading(scan::line_start(self.text, first));
            return Splice::insert(at, format!("{indentation}{content},{}", self.newline_near(0)));
        }
        let separator = match next_gap {
            Some(gap) if leads && !gap.has_comment() => self.text[gap.range.clone()].to_owned(),
            Some(gap) if leads => format!("{}{}", self.newline_near(1), gap.lead(self.text).unwrap_or(", ")),
            _ if hangs => format!(",{}{}", self.newline_near(1), self.indentation_near(0)),
            _ => self.separator_near(1).to_owned(),
        };
        Splice::insert(first, format!("{content}{separator}"))
    }

    /// Where to insert before the first line with an item, which starts at `line`: above the comment lines that belong to it.
    fn behind_heading(&self, line: usize) -> usize {
        let top = scan::attached_comments(self.text, line, self.start);
        let first = scan::line_end(self.text, self.start);
        // If there are only blank lines above the comment, the item is inserted above these too: they separate the comment, not
        // the new item.
        let heading = scan::tokens(self.text, first..top).iter().any(|token| token.kind == Kind::Comment);
        if heading { top } else { first }
    }

    /// Inserts between two items.
    fn between(&self, index: usize, content: &str) -> Splice {
        let gap = &self.gaps[index];
        let Some(line_end) = gap.line_end(self.text) else {
            return Splice::insert(self.items[index].start, format!("{content}{}", self.separator_near(index)));
        };
        let newline = self.newline_near(index);
        if gap.comma_leads() {
            return Splice::insert(line_end, format!("{}{content}{newline}", self.lead_near(index)));
        }
        Splice::insert(line_end, format!("{}{content},{newline}", self.indentation_near(index - 1)))
    }

    /// Inserts after the last item.
    fn append(&self, content: &str) -> Vec<Splice> {
        let index = self.items.len();
        let (last, gap) = (self.items[index - 1].clone(), &self.gaps[index]);
        let comma = gap.comma_behind();
        if self.on_first_line(index - 1) && !gap.has_trailing_comment() {
            let separator = self.separator_near(index);
            return vec![match comma {
                Some(comma) => {
                    let (before, after) = separator.split_once(',').unwrap_or_default();
                    Splice::insert(comma.end, format!("{after}{content}{before},"))
                }
                None => Splice::insert(last.end, format!("{separator}{content}")),
            }];
        }
        let newline = self.newline_near(index);
        let leads = gap.comma_leads() || (index > 1 && comma.is_none() && self.gaps[index - 1].comma_leads());
        let indentation = self.indentation_near(index - 1);
        match (gap.line_end(self.text), leads, comma) {
            (Some(end), true, _) => vec![Splice::insert(end, format!("{}{content}{newline}", self.lead_near(index)))],
            (None, true, _) => vec![Splice::insert(last.end, format!("{newline}{}{content}", self.lead_near(index)))],
            (Some(end), false, Some(_)) => vec![Splice::insert(end, format!("{indentation}{content},{newline}"))],
            (None, false, Some(comma)) => {
                vec![Splice::insert(comma.end, format!("{newline}{indentation}{content},"))]
            }
            (Some(end), false, None) => {
                vec![Splice::insert(last.end, ","), Splice::insert(end, format!("{indentation}{content}{newline}"))]
            }
            (None, false, None) => vec![Splice::insert(last.end, format!(",{newline}{indentation}{content}"))],
        }
    }

    /// The indentation of a line after item `index`.
    fn indentation_near(&self, index: usize) -> String {
        let of = |item: usize| scan::indentation(self.text, self.items[item].start).to_owned();
        if !self.on_first_line(index) {
            return of(index);
        }
        // The item is on the line of the bracket. Use the indentation of the first item below it, if there is one.
        match (index + 1..self.items.len()).find(|&item| !self.on_first_line(item)) {
            Some(item) => of(item),
            None => format!("{}{}", scan::indentation(self.text, self.start), self.step),
        }
    }

    /// The start of a line that begins with a comma, as in the gaps near `index`.
    fn lead_near(&self, index: usize) -> String {
        let gaps = [Some(index), index.checked_sub(1), Some(index + 1)];
        let lead = gaps.into_iter().flatten().find_map(|gap| self.gaps.get(gap)?.lead(self.text));
        lead.map_or_else(|| format!("{}, ", self.indentation_near(index - 1)), str::to_owned)
    }
}
