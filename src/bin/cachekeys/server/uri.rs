//! Converts between paths and the URIs of the protocol.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use url::Url;

/// The path of a file; `None` for other URIs, such as that of a text that was never saved.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let url = Url::parse(&uri.0).ok().filter(|url| url.scheme() == "file")?;
    url.to_file_path().ok()
}

/// The URI of a file with an absolute path.
pub(super) fn of(path: &Path) -> Option<Uri> {
    Url::from_file_path(path).ok().map(|url| Uri(url.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_have_a_path() {
        for uri in ["untitled:Untitled-1", "https://example.org/a", "pyproject.toml", "", "\0"] {
            assert_eq!(path(&uri.into()), None, "{uri}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_is_encoded_and_decoded() {
        for (uri, expected) in [
            ("file:///a/pyproject.toml", "/a/pyproject.toml"),
            ("file:///a%20b/%C3%BC/x%23%25.toml", "/a b/ü/x#%.toml"),
            ("file://localhost/a", "/a"),
            ("file:///a/./b/../c", "/a/c"),
        ] {
            assert_eq!(path(&uri.into()), Some(expected.into()), "{uri}");
        }
        assert_eq!(of(Path::new("/a b/ü#%")), Some("file:///a%20b/%C3%BC%23%25".into()));
        assert_eq!(of(Path::new("a")), None);
    }

    #[test]
    #[cfg(windows)]
    fn a_drive_may_be_encoded() {
        for uri in ["file:///c%3A/a%20b/x.toml", "file:///C:/a%20b/x.toml", "file:///c:/a%20b/x.toml"] {
            let found = path(&uri.into()).map(|path| path.to_string_lossy().to_lowercase());
            assert_eq!(found.as_deref(), Some(r"c:\a b\x.toml"), "{uri}");
        }
        assert_eq!(path(&"file://host/share/x".into()), Some(r"\\host\share\x".into()));
        assert_eq!(of(Path::new(r"C:\a b\x")), Some("file:///C:/a%20b/x".into()));
    }
}
