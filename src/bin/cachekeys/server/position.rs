//! Converts byte offsets to positions of the protocol and back. A position is a line and a count of units in it; the client and
//! the server agree on the unit.

use std::ops::Range;

use gen_lsp_types::{Position, PositionEncodingKind};

/// The unit in which the client counts within a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// The first supported encoding among those that the client offers, in its order of preference.
    pub(super) fn agree(offered: &[PositionEncodingKind]) -> Self {
        let known = |kind: &PositionEncodingKind| match kind {
            PositionEncodingKind::UTF8 => Some(Self::Utf8),
            PositionEncodingKind::UTF16 => Some(Self::Utf16),
            PositionEncodingKind::UTF32 => Some(Self::Utf32),
            PositionEncodingKind::Custom(_) => None,
        };
        offered.iter().find_map(known).unwrap_or_default()
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// The position of a byte offset. An offset between `\r` and `\n` gives the end of the line.
    pub(super) fn position(self, text: &str, offset: usize) -> Position {
        let offset = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let line = lines(text).take_while(|line| line.start <= offset).last().unwrap_or_default();
        let before = &text[line.start..offset.min(line.end)];
        let number = lines(text).take_while(|line| line.start <= offset).count().saturating_sub(1);
        Position { line: narrow(number), character: narrow(before.chars().map(|c| self.units(c)).sum()) }
    }

    /// The byte offset of a position. A position past the end of a line gives that end, one within a character its start.
    pub(super) fn offset(self, text: &str, position: Position) -> usize {
        let Some(line) = lines(text).nth(position.line as usize) else { return text.len() };
        let mut units = 0;
        for (at, character) in text[line.clone()].char_indices() {
            units += self.units(character);
            if units > position.character as usize {
                return line.start + at;
            }
        }
        line.end
    }

    pub(super) fn range(self, text: &str, range: &Range<usize>) -> gen_lsp_types::Range {
        gen_lsp_types::Range { start: self.position(text, range.start), end: self.position(text, range.end) }
    }

    /// The bytes of a range. A range whose end lies before its start is empty.
    pub(super) fn bytes(self, text: &str, range: gen_lsp_types::Range) -> Range<usize> {
        let start = self.offset(text, range.start);
        start..self.offset(text, range.end).max(start)
    }
}

/// The lines without their line ends. The protocol knows `\n`, `\r\n` and `\r`.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |at| start + at);
        next = match &text.as_bytes()[end..] {
            [] => None,
            [b'\r', b'\n', ..] => Some(end + 2),
            _ => Some(end + 1),
        };
        Some(start..end)
    })
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn each_encoding_counts_in_its_own_way() {
        let text = "a\r\nü𝄞b\rc\n";
        for (offset, expected) in [
            (0, [(0, 0); 3]),
            (1, [(0, 1); 3]),
            (2, [(0, 1); 3]),
            (3, [(1, 0); 3]),
            (5, [(1, 2), (1, 1), (1, 1)]),
            (9, [(1, 6), (1, 3), (1, 2)]),
            (10, [(1, 7), (1, 4), (1, 3)]),
            (11, [(2, 0); 3]),
            (13, [(3, 0); 3]),
            (99, [(3, 0); 3]),
        ] {
            let found = ALL.map(|encoding| encoding.position(text, offset)).map(|at| (at.line, at.character));
            assert_eq!(found, expected, "{offset}");
        }
        for (line, character, expected) in [(0, 99, 1), (1, 1, 3), (1, 2, 5), (1, 3, 5), (9, 0, 13)] {
            let offset = Encoding::Utf8.offset(text, Position { line, character });
            assert_eq!(offset, expected, "{line}:{character}");
        }
    }

    proptest! {
        #[test]
        fn a_position_leads_back_to_its_offset(text in "([a-z#\"\\[]|\\r|\\n|\\r\\n|ü|€|𝄞|\u{feff}){0,40}") {
            let in_line_end = |at: usize| at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n');
            for encoding in ALL {
                let offsets = (0..=text.len()).filter(|at| text.is_char_boundary(*at) && !in_line_end(*at));
                let positions: Vec<_> = offsets.clone().map(|at| encoding.position(&text, at)).collect();
                prop_assert!(positions.windows(2).all(|pair| pair[0] < pair[1]), "{positions:?}");
                for (at, position) in offsets.zip(positions) {
                    prop_assert_eq!(encoding.offset(&text, position), at, "{:?} {:?}", encoding, position);
                }
            }
        }

        #[test]
        fn any_position_leads_into_the_text(text in "([a-z]|\\r|\\n|\\r\\n|ü|𝄞){0,20}", line in 0u32..9, character: u32) {
            for encoding in ALL {
                for character in [character, character % 9] {
                    let asked = Position { line, character };
                    let offset = encoding.offset(&text, asked);
                    prop_assert!(text.is_char_boundary(offset));
                    prop_assert!(encoding.position(&text, offset) <= asked);
                }
            }
        }
    }
}
