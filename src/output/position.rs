//! Converts byte offsets to lines and columns. Both count from 1. Columns count Unicode scalar values.

/// The line and column of a byte offset. A byte-order mark does not count as a column.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[start..].chars().filter(|c| *c != '\u{feff}').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_count_characters() {
        let text = "\u{feff}a\r\nüb\n";
        for (offset, expected) in [(0, (1, 1)), (3, (1, 1)), (4, (1, 2)), (6, (2, 1)), (8, (2, 2)), (99, (3, 1))] {
            assert_eq!(super::line_and_column(text, offset), expected, "{offset}");
        }
    }
}
