//! Inlay hints: the number of files beside each key.

use cachekeys::editor::Analysis;
use gen_lsp_types::{InlayHint, Label, Range};

use super::abilities::Abilities;
use super::hover::count;

/// The hints in a part of the text.
pub(super) fn hints(analysis: &Analysis, range: Range, abilities: &Abilities) -> Vec<InlayHint> {
    let asked = abilities.encoding.bytes(analysis.text(), range);
    let keys = analysis.keys().into_iter();
    let there = keys.filter(|key| asked.start <= key.span.end && key.span.end <= asked.end);
    there
        .filter(|key| matches!(key.kind, "file" | "glob"))
        .map(|key| InlayHint {
            position: abilities.encoding.position(analysis.text(), key.span.end),
            label: Label::String(count(key.files.len(), "file", "files")),
            kind: None,
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
        .collect()
}
