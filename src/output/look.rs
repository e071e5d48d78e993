//! The style of text for people: colours with a meaning, and lines that fit the terminal.

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::project::finding::Severity;

/// The style of a report.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Look {
    /// ANSI colours.
    pub color: bool,
    /// Whether places are links.
    pub links: bool,
    /// The width in columns.
    pub width: usize,
    /// Whether infos are shown.
    pub infos: bool,
    /// Whether every place is shown in full, with every name.
    pub verbose: bool,
    /// Whether only findings are shown.
    pub quiet: bool,
}

/// The meaning of a colour. Words or signs express it too.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    Severity(Severity),
    Added,
    Removed,
    Help,
    /// The frame around the text: line numbers, arrows.
    Frame,
}

impl Look {
    pub(super) fn paint(self, role: Role, text: &str) -> String {
        let style = match role {
            Role::Severity(Severity::Error) => AnsiColor::Red.on_default().bold(),
            Role::Severity(Severity::Warning) => AnsiColor::Yellow.on_default().bold(),
            Role::Severity(Severity::Info) => AnsiColor::Cyan.on_default().bold(),
            Role::Added => AnsiColor::Green.on_default(),
            Role::Removed => AnsiColor::Red.on_default(),
            Role::Help => Style::new().bold(),
            Role::Frame => Style::new().dimmed(),
        };
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Wraps `text` to the width of the terminal, unless a single word is wider. Lines after the first are indented.
    pub(super) fn wrap(self, text: &str, indent: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut width = 0;
        for (index, paragraph) in text.split('\n').enumerate() {
            for (at, word) in paragraph.split(' ').enumerate() {
                let more = display_width(word) + usize::from(at > 0);
                if at == 0 && index > 0 || at > 0 && width > indent && width + more > self.width {
                    lines.push(" ".repeat(indent));
                    width = indent;
                } else if at > 0 {
                    lines.last_mut().into_iter().for_each(|line| line.push(' '));
                    width += 1;
                }
                lines.last_mut().into_iter().for_each(|line| line.push_str(word));
                width += display_width(word);
            }
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }
}

/// The width in columns, without the escape sequences for colours and links.
pub(super) fn display_width(text: &str) -> usize {
    strip_str(text).map(UnicodeWidthStr::width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_between_words() {
        let look = Look { color: true, links: false, width: 12, infos: false, verbose: false, quiet: false };
        let head = look.paint(Role::Severity(Severity::Error), "error");
        let lines = |text: &str| look.wrap(text, 2).iter().map(|line| strip_str(line).to_string()).collect::<Vec<_>>();
        assert_eq!(lines(&format!("{head}: it is so, and so on")), ["error: it is", "  so, and so", "  on"]);
        assert_eq!(
            lines("  a    b 日本日本日本 a-very-long-word x"),
            ["  a    b", "  日本日本日本", "  a-very-long-word", "  x"]
        );
        assert_eq!(lines("one\ntwo"), ["one", "  two"]);
        assert_eq!(lines(""), [""]);
    }
}
