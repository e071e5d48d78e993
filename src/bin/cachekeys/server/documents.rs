//! The files that are open in the editor.

use std::collections::HashMap;
use std::path::PathBuf;

use gen_lsp_types::json_rpc::Id;
use gen_lsp_types::{
    CodeActionParams, HoverParams, InlayHintParams, TextDocumentContentChangeEvent, TextDocumentIdentifier, Uri,
};

use super::position::Encoding;
use super::worker::Verdict;

/// The documents, by the URIs that the client uses.
pub(super) type Documents = HashMap<Uri, Document>;

/// A pyproject.toml as it is in the editor.
pub(super) struct Document {
    pub(super) path: PathBuf,
    pub(super) version: i32,
    pub(super) text: String,
    /// The number of the state. It grows with each change of the text, the disk or the settings.
    pub(super) state: u64,
    /// The last result, and the state that it belongs to.
    pub(super) verdict: Option<(u64, Verdict)>,
    /// Requests that wait until the newest state has been checked.
    pub(super) waiting: Vec<(Id, Asked)>,
}

/// A request about a document.
pub(super) enum Asked {
    Actions(Box<CodeActionParams>),
    Hover(HoverParams),
    Hints(InlayHintParams),
}

impl Asked {
    pub(super) fn document(&self) -> &TextDocumentIdentifier {
        match self {
            Self::Actions(params) => &params.text_document,
            Self::Hover(params) => &params.text_document_position_params.text_document,
            Self::Hints(params) => &params.text_document,
        }
    }
}

impl Document {
    pub(super) fn new(path: PathBuf, version: i32, text: String) -> Self {
        Self { path, version, text, state: 0, verdict: None, waiting: Vec::new() }
    }

    /// Applies the edits of a change, one after the other.
    pub(super) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    self.text.replace_range(encoding.bytes(&self.text, change.range), &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
            }
        }
    }

    /// The result for the newest state; `None` if it has not been checked yet.
    pub(super) fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref().filter(|(state, _)| *state == self.state).map(|(_, verdict)| verdict)
    }
}
