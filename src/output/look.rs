//! How text for people is drawn: colours that carry meaning, and lines that fit the terminal.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::project::finding::Severity;

/// How a report is drawn.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Look {
    /// ANSI colours.
    pub color: bool,
    /// Links on the places of findings.
    pub links: bool,
    /// In columns.
    pub width: usize,
    /// Whether infos are shown.
    pub infos: bool,
    /// Whether every place is shown in full, with every name.
    pub verbose: bool,
    /// Whether only findings are shown.
    pub quiet: bool,
}

/// What a colour means. Each is said in words or signs too.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    Severity(Severity),
    Added,
    Removed,
    Help,
    /// What stands around the text: line numbers, arrows.
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

    /// `text` in lines as wide as the terminal at most, where no word is wider. Those after the first are indented.
    pub(super) fn wrap(self, text: &str, indent: usize) -> Vec<String> {
        let indent = " ".repeat(indent);
        let options = Options::new(self.width)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        textwrap::wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
    }
}
