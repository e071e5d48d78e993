//! Handles the notifications of the client: files are opened, edited, saved and closed, and files on the disk change.

use std::io::Write;

use gen_lsp_types::json_rpc::Id;
use gen_lsp_types::{
    CancelNotification, CancelParams, ConfigurationItem, ConfigurationParams, ConfigurationRequest,
    DidChangeConfigurationNotification, DidChangeConfigurationParams, DidChangeTextDocumentNotification,
    DidChangeTextDocumentParams, DidChangeWatchedFilesNotification, DidChangeWatchedFilesParams,
    DidCloseTextDocumentNotification, DidCloseTextDocumentParams, DidOpenTextDocumentNotification,
    DidOpenTextDocumentParams, DidSaveTextDocumentNotification, DidSaveTextDocumentParams, ErrorCodes,
    InitializedNotification, LspNotificationMethod, Notification, PublishDiagnosticsNotification,
    PublishDiagnosticsParams, RegistrationRequest, Uri,
};
use serde_json::Value;

use super::super::documents::Document;
use super::super::message::Fault;
use super::super::options::SECTION;
use super::super::requests::params;
use super::super::worker::Job;
use super::super::{uri, watch};
use super::Server;
use cachekeys::Error;
use cachekeys::editor::Change;

/// The protocol's error code for a request that the client has cancelled.
const CANCELLED: ErrorCodes = ErrorCodes::Custom(-32800);

impl<W: Write> Server<W> {
    /// Handles a notification. An unknown or malformed one changes nothing.
    pub(super) fn notification(&mut self, method: &str, given: Value) -> Result<Result<(), Fault>, Error> {
        let is = |known: LspNotificationMethod<'_>| known.as_str() == method;
        // Parses the parameters, or returns.
        macro_rules! react {
            ($react:ident) => {
                match params(given) {
                    Ok(params) => self.$react(params)?,
                    Err(fault) => return Ok(Err(fault)),
                }
            };
        }
        if is(InitializedNotification::METHOD) {
            self.initialized()?;
        } else if is(DidOpenTextDocumentNotification::METHOD) {
            react!(opened);
        } else if is(DidChangeTextDocumentNotification::METHOD) {
            react!(edited);
        } else if is(DidSaveTextDocumentNotification::METHOD) {
            react!(saved);
        } else if is(DidCloseTextDocumentNotification::METHOD) {
            react!(closed);
        } else if is(DidChangeWatchedFilesNotification::METHOD) {
            react!(reported);
        } else if is(DidChangeConfigurationNotification::METHOD) {
            react!(configured);
        } else if is(CancelNotification::METHOD) {
            react!(cancelled);
        }
        Ok(Ok(()))
    }

    fn initialized(&mut self) -> Result<(), Error> {
        if self.abilities.watches_files {
            self.asked_to_watch = Some(self.client.request::<RegistrationRequest>(watch::everywhere())?);
        }
        self.ask_settings()
    }

    fn ask_settings(&mut self) -> Result<(), Error> {
        if self.abilities.has_settings {
            let items = vec![ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) }];
            self.asked_settings = Some(self.client.request::<ConfigurationRequest>(ConfigurationParams { items })?);
        }
        Ok(())
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) -> Result<(), Error> {
        let opened = params.text_document;
        let Some(path) = uri::path(&opened.uri).filter(|path| watch::is_pyproject(path)) else { return Ok(()) };
        let mut document = Document::new(path, opened.version, opened.text);
        if let Some(before) = self.documents.remove(&opened.uri) {
            document.waiting = before.waiting;
        }
        self.documents.insert(opened.uri.clone(), document);
        self.text_changed(&opened.uri)
    }

    fn edited(&mut self, params: DidChangeTextDocumentParams) -> Result<(), Error> {
        let edited = params.text_document;
        let uri = edited.text_document_identifier.uri;
        let Some(document) = self.documents.get_mut(&uri) else { return Ok(()) };
        document.change(edited.version, params.content_changes, self.abilities.encoding);
        self.text_changed(&uri)
    }

    fn text_changed(&mut self, uri: &Uri) -> Result<(), Error> {
        let Some(document) = self.documents.get(uri) else { return Ok(()) };
        self.send(Job::Text { path: document.path.clone(), text: Some(document.text.clone()) })?;
        // Other documents are checked too: the root of a uv workspace, for example, decides how its members are installed.
        self.judge_all(Some(uri))
    }

    fn saved(&mut self, params: DidSaveTextDocumentParams) -> Result<(), Error> {
        let uri = params.text_document.uri;
        let Some(document) = self.documents.get(&uri) else { return Ok(()) };
        let path = document.path.clone();
        self.changed(vec![(path, Change::Content)])
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) -> Result<(), Error> {
        let uri = params.text_document.uri;
        let Some(document) = self.documents.remove(&uri) else { return Ok(()) };
        for (id, _) in document.waiting {
            self.client.respond(id, Ok(Value::Null))?;
        }
        self.client.notify::<PublishDiagnosticsNotification>(PublishDiagnosticsParams {
            uri,
            version: None,
            diagnostics: Vec::new(),
        })?;
        self.send(Job::Text { path: document.path, text: None })?;
        self.judge_all(None)
    }

    fn reported(&mut self, params: DidChangeWatchedFilesParams) -> Result<(), Error> {
        self.changed(watch::changes(params.changes))
    }

    fn configured(&mut self, params: DidChangeConfigurationParams) -> Result<(), Error> {
        let settings = params.settings;
        match settings.get(SECTION) {
            Some(given) if !self.abilities.has_settings => self.configure(given),
            _ => self.ask_settings(),
        }
    }

    fn cancelled(&mut self, params: CancelParams) -> Result<(), Error> {
        let id = Id::from(params.id);
        let waits = self.documents.values_mut().any(|document| {
            let before = document.waiting.len();
            document.waiting.retain(|(waiting, _)| *waiting != id);
            document.waiting.len() < before
        });
        if waits {
            self.client.respond(id, Err(Fault::new(CANCELLED, "cancelled")))?;
        }
        Ok(())
    }
}
