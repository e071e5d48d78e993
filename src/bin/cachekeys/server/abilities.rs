//! What the client can do, and what the server offers it.

use std::borrow::Cow;

use gen_lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProvider, HoverProvider, InitializeResult,
    InlayHintProvider, MarkupKind, Save, ServerCapabilities, ServerInfo, TextDocumentSync, TextDocumentSyncKind,
    TextDocumentSyncOptions, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};

use super::position::Encoding;

/// Applies all safe fixes at once; editors can run it on save.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::Custom(Cow::Borrowed("source.fixAll.cachekeys"));

/// What the client can do.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub(super) struct Abilities {
    pub(super) encoding: Encoding,
    pub(super) renders_markdown: bool,
    pub(super) versions_edits: bool,
    pub(super) versions_diagnostics: bool,
    pub(super) shows_related: bool,
    pub(super) watches_files: bool,
    pub(super) watches_elsewhere: bool,
    pub(super) has_settings: bool,
    pub(super) refreshes_hints: bool,
}

impl Abilities {
    pub(super) fn of(client: &ClientCapabilities) -> Self {
        let general = client.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let document = client.text_document.as_ref();
        let formats = document.and_then(|document| document.hover.as_ref()?.content_format.as_deref());
        let diagnostics = document.and_then(|document| document.publish_diagnostics.as_ref());
        let workspace = client.workspace.as_ref();
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let is = |ability: Option<bool>| ability == Some(true);
        Self {
            encoding: Encoding::agree(offered),
            renders_markdown: formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            versions_edits: is(workspace.and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes)),
            versions_diagnostics: is(diagnostics.and_then(|diagnostics| diagnostics.version_support)),
            shows_related: is(diagnostics.and_then(|found| found.diagnostics_capabilities.related_information)),
            watches_files: is(watching.and_then(|watching| watching.dynamic_registration)),
            watches_elsewhere: is(watching.and_then(|watching| watching.relative_pattern_support)),
            has_settings: is(workspace.and_then(|workspace| workspace.configuration)),
            refreshes_hints: is(workspace.and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support)),
        }
    }

    /// The capabilities that the server offers to this client.
    pub(super) fn offer(&self) -> InitializeResult {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::Bool(true)),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, FIX_ALL]),
            ..CodeActionOptions::default()
        };
        // Each document stands alone, so a new folder changes nothing.
        let folders = WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: None };
        InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(self.encoding.kind()),
                text_document_sync: Some(TextDocumentSync::Options(sync)),
                code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
                hover_provider: Some(HoverProvider::Bool(true)),
                inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
                workspace: Some(WorkspaceOptions { workspace_folders: Some(folders), ..WorkspaceOptions::default() }),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "cachekeys".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        }
    }
}
