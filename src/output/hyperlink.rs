//! Links in a terminal: clicking on the text opens the file.

use std::path::Path;

use url::Url;

/// `text` as a link to a file (escape sequence OSC 8). If the file has no URL, the text is unchanged.
pub(super) fn to_file(path: &Path, text: &str) -> String {
    match std::path::absolute(path).map_err(drop).and_then(Url::from_file_path) {
        Ok(url) => format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"),
        Err(()) => text.to_owned(),
    }
}
