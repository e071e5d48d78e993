//! Shows a place in a file: its path, its line, and a mark below the span.

use std::ops::Range;
use std::path::Path;

use super::look::{Look, Role, display_width};
use super::{hyperlink, position};
use crate::fs::path::shown;
use crate::project::finding::Severity;

/// In columns. If less room than this remains beside a mark, its label goes below it.
const BESIDE: usize = 35;

/// The width of the line numbers in columns.
pub(super) fn gutter(text: &str, span: Option<&Range<usize>>) -> usize {
    let line = span.map_or(1, |span| position::line_and_column(text, span.start).0);
    line.to_string().len().max(2)
}

/// `path:line:column`, as a link if the terminal supports links.
pub(super) fn place(path: &Path, text: &str, span: Option<&Range<usize>>, look: Look) -> String {
    let at = match span.map(|span| position::line_and_column(text, span.start)) {
        Some((line, column)) => format!("{}:{line}:{column}", shown(path)),
        None => shown(path),
    };
    if look.links { hyperlink::to_file(path, &at) } else { at }
}

/// The first line of `span` with a mark below, and `label` beside the mark. `text` has no control characters.
pub(super) fn lines(text: &str, span: &Range<usize>, severity: Severity, label: &str, look: Look) -> Vec<String> {
    let (number, _) = position::line_and_column(text, span.start);
    let gutter = gutter(text, Some(span));
    let (before, marked, after) = parts(text, span);
    let room = look.width.saturating_sub(gutter + 3);
    let (before, marked, after) = cut(&before, &marked, &after, room);
    let bar = look.paint(Role::Frame, "|");
    let blank = " ".repeat(gutter);
    let source = format!("{before}{marked}{after}");
    let number = look.paint(Role::Frame, &format!("{number:>gutter$}"));
    let mark = "^".repeat(display_width(&marked).max(1));
    let mark = look.paint(Role::Severity(severity), &mark);
    let below = format!("{blank} {bar} {}{mark}", " ".repeat(display_width(&before)));
    let mut lines = vec![format!("{number} {bar} {source}").trim_end().to_owned()];
    // The label goes beside or below the mark if it fits in one line there. Otherwise it goes where there is more room.
    let (below_mark, width) = (display_width(&before), display_width(label));
    let beside_mark = below_mark + display_width(&marked).max(1) + 1;
    let is_beside = room >= beside_mark + width || room < below_mark + width && room >= beside_mark + BESIDE;
    let indent = if is_beside { beside_mark } else { below_mark.min(room.saturating_sub(width)) };
    let mut label = Look { width: room.saturating_sub(indent), ..look }.wrap(label, 0).into_iter();
    let first = if is_beside { label.next() } else { None };
    lines.push(format!("{below} {}", first.unwrap_or_default()).trim_end().to_owned());
    lines.extend(label.map(|line| format!("{blank} {bar} {}{line}", " ".repeat(indent))));
    lines
}

/// The parts of the line at the start of `span`: before, in and after the span. Tabs become spaces.
fn parts(text: &str, span: &Range<usize>) -> (String, String, String) {
    let start = text.floor_char_boundary(span.start);
    let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let end = text.ceil_char_boundary(span.end).clamp(start, to);
    let plain = |part: &str| part.replace('\t', "    ").replace(['\r', '\u{feff}'], "");
    (plain(&text[from..start]), plain(text[start..end].trim_end()), plain(&text[end..to]))
}

/// Shortens the parts to `room` columns. The marked part comes first, since a line may contain a thousand keys.
fn cut(before: &str, marked: &str, after: &str, room: usize) -> (String, String, String) {
    let widths = [before, marked, after].map(display_width);
    if widths.iter().sum::<usize>() <= room {
        return (before.to_owned(), marked.to_owned(), after.to_owned());
    }
    let marked = start(marked, room);
    let rest = room.saturating_sub(display_width(&marked));
    let behind = widths[2].min(rest - rest.min(widths[0]).min(rest / 2));
    let before = end(before, rest - behind);
    let after = start(after, room.saturating_sub(display_width(&before) + display_width(&marked)));
    (before, marked, after)
}

/// The start of a text, shortened to `room` columns.
pub(super) fn start(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += display_width(c.encode_utf8(&mut [0; 4]));
        width <= room
    };
    text.chars().take_while(fits).chain((room > 0).then_some('…')).collect()
}

/// The end of a text, shortened to `room` columns.
pub(super) fn end(text: &str, room: usize) -> String {
    let mirrored: String = text.chars().rev().collect();
    start(&mirrored, room).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, marked: &str, label: &str, width: usize) -> String {
        let start = text.find(marked).unwrap();
        let look = Look { color: false, links: false, width, infos: false, verbose: false, quiet: false };
        lines(text, &(start..start + marked.len()), Severity::Error, label, look).join("\n")
    }

    #[test]
    fn the_mark_is_below_what_is_meant() {
        let text = "\u{feff}[tool.uv]\r\n\tcache-keys = [\"日本\", \"b\"] # é\r\n";
        assert_eq!(drawn(text, "[tool.uv]", "here", 80), " 1 | [tool.uv]\n   | ^^^^^^^^^ here");
        let line = " 2 |     cache-keys = [\"日本\", \"b\"] # é";
        assert_eq!(drawn(text, "\"b\"", "", 80), format!("{line}\n   |                           ^^^"));
        assert_eq!(drawn(text, "\"b\"] # é\r\n", "", 80), format!("{line}\n   |                           ^^^^^^^^"));
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let keys: Vec<String> = (0..300).map(|number| format!("\"src/日本/{number}.rs\"")).collect();
        let text = format!("cache-keys = [{}]", keys.join(", "));
        for marked in ["cache-keys", "[", "\"src/日本/0.rs\"", "/150.rs", "299.rs\"]", &keys[100..200].join(", ")] {
            for width in 30..100 {
                let drawn = drawn(&text, marked, "a label of some words", width);
                assert!(drawn.lines().all(|line| display_width(line) <= width), "{width}:\n{drawn}");
                let [line, mark] = [0, 1].map(|index| drawn.lines().nth(index).unwrap());
                let shown: String = line.chars().filter(|c| *c != '…').collect();
                assert!(mark.contains('^') && shown.contains(&marked[..1]), "{width}:\n{drawn}");
            }
        }
    }
}
