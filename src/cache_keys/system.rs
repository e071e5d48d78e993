//! The system on which uv reads a list. uv joins the parts of a glob with the separator of its system, and its matcher reads `\`
//! as an escape. The same list may therefore cover other files on Windows.

/// A family of systems that read a list alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum System {
    /// Linux, macOS and the like.
    Unix,
    Windows,
}

impl System {
    /// The system that this program runs on.
    pub(crate) const HERE: Self = if cfg!(windows) { Self::Windows } else { Self::Unix };

    /// The system that this program does not run on.
    pub(crate) const ELSEWHERE: Self = if cfg!(windows) { Self::Unix } else { Self::Windows };

    /// The separator that uv puts between the parts of a pattern.
    pub(super) fn separator(self) -> &'static str {
        match self {
            Self::Unix => "/",
            Self::Windows => "\\",
        }
    }

    pub(super) fn is_separator(self, found: char) -> bool {
        found == '/' || self == Self::Windows && found == '\\'
    }

    /// The parts of a path or glob: `/` for the root, a drive, `..` and names. `.` is dropped, and so are repeated separators.
    pub(super) fn parts(self, text: &str) -> Vec<&str> {
        let (drive, rest) = text.split_at(self.drive(text));
        let root = rest.starts_with(|first| self.is_separator(first)).then_some("/");
        let names = rest.split(|found| self.is_separator(found)).filter(|name| !matches!(*name, "" | "."));
        (!drive.is_empty()).then_some(drive).into_iter().chain(root).chain(names).collect()
    }

    /// The length of `C:` in front of a path.
    pub(super) fn drive(self, text: &str) -> usize {
        let has_drive =
            self == Self::Windows && matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
        if has_drive { "C:".len() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::System::{Unix, Windows};

    #[test]
    fn a_path_has_the_parts_that_its_system_sees() {
        for (text, unix, windows) in [
            ("src/**//*.rs", &["src", "**", "*.rs"][..], &["src", "**", "*.rs"][..]),
            ("./a/./../b/", &["a", "..", "b"], &["a", "..", "b"]),
            ("src\\lib.rs", &["src\\lib.rs"], &["src", "lib.rs"]),
            ("/a", &["/", "a"], &["/", "a"]),
            ("C:/a", &["C:", "a"], &["C:", "/", "a"]),
            ("", &[], &[]),
        ] {
            assert_eq!(Unix.parts(text), unix, "{text}");
            assert_eq!(Windows.parts(text), windows, "{text}");
        }
    }
}
