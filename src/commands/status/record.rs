//! The RECORD of an installed distribution: which files were installed.
//!
//! Source of the facts: the packaging specification, "Recording installed projects": a CSV file of path, hash and size.

use std::path::Path;

use crate::fs::Disk;

/// The files that were installed.
#[derive(Debug, Default)]
pub(super) struct Record {
    files: Vec<File>,
    /// Why the installed files are not known.
    pub(super) fault: Option<&'static str>,
}

#[derive(Debug, PartialEq, Eq)]
struct File {
    /// Relative to site-packages, with `/`.
    path: String,
    size: Option<u64>,
}

impl Record {
    pub(super) fn of(disk: &Disk, dist_info: &Path) -> Self {
        match disk.text(dist_info.join("RECORD")) {
            Ok(text) => Self::parse(&text),
            Err(_) => Self { files: Vec::new(), fault: Some("it cannot be read") },
        }
    }

    fn parse(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let files: Vec<File> = lines.iter().filter_map(|line| file(line)).collect();
        let is_whole = text.ends_with('\n') && files.len() == lines.len();
        // A complete RECORD lists itself.
        let lists_itself = files.iter().any(|file| file.path.ends_with(".dist-info/RECORD"));
        let fault = match is_whole && lists_itself {
            true => None,
            false if text.is_empty() => Some("it is empty"),
            false => Some("it is truncated"),
        };
        Self { files, fault }
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    pub(super) fn size_of(&self, path: &str) -> Option<u64> {
        self.files.iter().find(|file| file.path == path)?.size
    }
}

/// A line: the path, which may be quoted, the hash and the size, which may be empty.
fn file(line: &str) -> Option<File> {
    let (path, rest) = match line.strip_prefix('"') {
        Some(quoted) => {
            let (path, rest) = quoted.split_once("\",")?;
            (path.replace("\"\"", "\""), rest)
        }
        None => line.split_once(',').map(|(path, rest)| (path.to_owned(), rest))?,
    };
    let (_, size) = rest.split_once(',')?;
    Some(File { path, size: size.parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_csv() {
        let path = |line| file(line).map(|file| (file.path, file.size));
        assert_eq!(path("ext/_n.so,sha256=x,1"), Some(("ext/_n.so".to_owned(), Some(1))));
        assert_eq!(path("\"a,\"\"b\"\".py\",,"), Some(("a,\"b\".py".to_owned(), None)));
        assert_eq!(path("ext/_n.so,sha"), None);
        assert_eq!(path(""), None);
    }

    #[test]
    fn a_record_lists_itself_to_the_end_of_its_last_line() {
        let whole = "ext.pth,sha256=x,30\next-1.dist-info/RECORD,,\next/_n.so,sha256=x,1\n";
        for (text, fault) in [
            (whole, None),
            ("", Some("it is empty")),
            (&whole[..whole.len() - 1], Some("it is truncated")),
            (&whole[..whole.len() - 9], Some("it is truncated")),
            (&whole[..20], Some("it is truncated")),
        ] {
            assert_eq!(Record::parse(text).fault, fault, "{text}");
        }
    }
}
