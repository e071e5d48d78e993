//! The state between the client and the worker.

mod notifications;

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use cachekeys::editor::{Analysis, Change, Session};
use cachekeys::{Error, Settings};
use gen_lsp_types::json_rpc::Id;
use gen_lsp_types::{
    ErrorCodes, InitializeParams, InlayHintRefreshRequest, MessageType, PublishDiagnosticsNotification,
    PublishDiagnosticsParams, RegistrationRequest, UnregistrationRequest, Uri,
};
use serde_json::{Value, json};

use super::abilities::Abilities;
use super::client::Client;
use super::documents::{Asked, Documents};
use super::message::{Fault, Message};
use super::options::Options;
use super::requests::{answer, asked, params};
use super::watch::Watching;
use super::worker::{Job, Judged};
use super::{Event, diagnostics, watch};

/// The phases of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Starting,
    Running,
    ShutDown,
}

pub(super) struct Server<W> {
    client: Client<W>,
    jobs: Sender<Job>,
    /// For the thread that watches the disk.
    events: Sender<Event>,
    /// The settings of the command line.
    settings: Settings,
    phase: Phase,
    abilities: Abilities,
    options: Options,
    /// The id of the request for the editor's settings.
    asked_settings: Option<Id>,
    /// The id of the request to watch files.
    asked_to_watch: Option<Id>,
    documents: Documents,
    /// Counts the states of all documents. Each edit is a new state.
    states: u64,
    /// The directories whose files the client was asked to watch.
    watched: BTreeSet<PathBuf>,
    /// Watches the directories if the client cannot.
    watching: Option<Watching>,
    /// Whether the inlay hints may have changed without an edit of the text. After an edit, the client asks for them again by
    /// itself.
    has_old_hints: bool,
    /// The notes that are already in the client's log.
    notes: Vec<String>,
}

impl<W: Write> Server<W> {
    pub(super) fn new(settings: Settings, jobs: Sender<Job>, events: Sender<Event>, output: W) -> Self {
        Self {
            client: Client::new(output),
            jobs,
            events,
            settings,
            phase: Phase::Starting,
            abilities: Abilities::default(),
            options: Options::default(),
            asked_settings: None,
            asked_to_watch: None,
            documents: Documents::new(),
            states: 0,
            watched: BTreeSet::new(),
            watching: None,
            has_old_hints: false,
            notes: Vec::new(),
        }
    }

    /// The exit code that the protocol requires: success only after `shutdown`.
    pub(super) fn exit_code(&self) -> u8 {
        u8::from(self.phase != Phase::ShutDown)
    }

    /// Reacts to a message. Breaks with the exit code at the last message.
    pub(super) fn handle(&mut self, message: Message) -> Result<ControlFlow<u8>, Error> {
        match message {
            Message::Request { id, method, params } => self.request(id, &method, params)?,
            Message::Notification { method, .. } if method == "exit" => {
                return Ok(ControlFlow::Break(self.exit_code()));
            }
            Message::Notification { method, params } if self.phase == Phase::Running => {
                if let Err(fault) = self.notification(&method, params)? {
                    self.client.log(MessageType::Warning, format!("{method}: {}", fault.message))?;
                }
            }
            Message::Notification { .. } => {}
            Message::Response { id, result } => self.answered(&id, result.as_ref())?,
            Message::Malformed { id, fault } => self.client.respond(id, Err(fault))?,
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Handles the client's answer to a request; `result` is `None` if the client refused.
    fn answered(&mut self, id: &Id, result: Option<&Value>) -> Result<(), Error> {
        let is = |asked: &mut Option<Id>| asked.take_if(|asked| asked == id).is_some();
        if is(&mut self.asked_settings) {
            let given = result.and_then(|result| result.get(0)).filter(|given| !given.is_null());
            return given.map_or(Ok(()), |given| self.configure(given));
        }
        if is(&mut self.asked_to_watch) && result.is_none() {
            self.abilities.watches_files = false;
            self.watch_alone();
            return self.watch();
        }
        Ok(())
    }

    /// Makes the server watch the disk by itself.
    fn watch_alone(&mut self) {
        self.watching = Watching::new(self.events.clone());
    }

    fn request(&mut self, id: Id, method: &str, given: Value) -> Result<(), Error> {
        let fault = |code, message: &str| Err(Fault::new(code, message));
        let answer = match (self.phase, method) {
            (Phase::Starting, "initialize") => self.initialize(given)?,
            (Phase::Starting, _) => fault(ErrorCodes::ServerNotInitialized, "`initialize` comes first"),
            (Phase::ShutDown, _) => fault(ErrorCodes::InvalidRequest, "the server is shut down"),
            (Phase::Running, "initialize") => fault(ErrorCodes::InvalidRequest, "the server is initialized"),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Running, _) => match asked(method, given) {
                Ok(asked) => return self.asked(id, asked),
                Err(fault) => Err(fault),
            },
        };
        Ok(self.client.respond(id, answer)?)
    }

    fn initialize(&mut self, given: Value) -> Result<Result<Value, Fault>, Error> {
        let params: InitializeParams = match params(given) {
            Ok(params) => params,
            Err(fault) => return Ok(Err(fault)),
        };
        self.phase = Phase::Running;
        self.abilities = Abilities::of(&params.capabilities);
        if !self.abilities.watches_files {
            self.watch_alone();
        }
        // The client accepts no requests before it has this answer. A request to refresh the hints would be one.
        match params.initialization_options.as_ref().map_or_else(|| Ok(Options::default()), Options::parse) {
            Ok(options) => self.options = options,
            Err(reason) => self.client.log(MessageType::Error, reason)?,
        }
        self.begin()?;
        Ok(Ok(json!(self.abilities.offer())))
    }

    /// Answers now, or when the newest state of the document has been checked.
    fn asked(&mut self, id: Id, asked: Asked) -> Result<(), Error> {
        let result = match self.documents.get_mut(&asked.document().uri) {
            Some(document) if document.verdict().is_none() => {
                document.waiting.push((id, asked));
                return Ok(());
            }
            Some(document) => answer(document, &asked, &self.abilities, &self.options),
            None => Value::Null,
        };
        Ok(self.client.respond(id, Ok(result))?)
    }

    /// Applies settings of the editor. Invalid settings change nothing.
    fn configure(&mut self, given: &Value) -> Result<(), Error> {
        let options = match Options::parse(given) {
            Ok(options) => options,
            Err(reason) => return Ok(self.client.log(MessageType::Error, reason)?),
        };
        let old = std::mem::replace(&mut self.options, options);
        if old.metadata != self.options.metadata {
            self.begin()?;
        }
        if old.inlay_hints != self.options.inlay_hints {
            self.refresh_hints()?;
        }
        Ok(())
    }

    /// Makes the worker start again with the current settings.
    fn begin(&mut self) -> Result<(), Error> {
        let mut settings = self.settings.clone();
        settings.crate_metadata = self.options.metadata.unwrap_or(settings.crate_metadata);
        self.send(Job::Begin(Box::new(Session::new(settings)?)))?;
        self.has_old_hints = true;
        self.judge_all(None)
    }

    fn refresh_hints(&mut self) -> Result<(), Error> {
        if self.abilities.refreshes_hints {
            self.client.request::<InlayHintRefreshRequest>(())?;
        }
        Ok(())
    }

    /// Has all documents checked again, one of them first.
    fn judge_all(&mut self, first: Option<&Uri>) -> Result<(), Error> {
        let mut all: Vec<Uri> = self.documents.keys().cloned().collect();
        all.sort_by_key(|uri| Some(uri) != first);
        all.iter().try_for_each(|uri| self.judge(uri))
    }

    fn judge(&mut self, uri: &Uri) -> Result<(), Error> {
        let Some(document) = self.documents.get_mut(uri) else { return Ok(()) };
        self.states += 1;
        document.state = self.states;
        let job = Job::Judge { uri: uri.clone(), path: document.path.clone(), state: document.state };
        self.send(job)
    }

    fn send(&self, job: Job) -> Result<(), Error> {
        self.jobs.send(job).map_err(|_| Error::Output(std::io::Error::other("the analysis has ended early")))
    }

    /// Handles a result of the worker. A result for an older state is dropped, since the newest state is being checked.
    pub(super) fn judged(&mut self, judged: Judged) -> Result<(), Error> {
        let Judged { uri, state, verdict, notes } = judged;
        let Some(document) = self.documents.get_mut(&uri).filter(|document| document.state == state) else {
            return Ok(());
        };
        let diagnostics = match &verdict {
            Ok(Some(analysis)) => diagnostics::of_findings(analysis, &self.abilities),
            Ok(None) => Vec::new(),
            Err(error) => vec![diagnostics::of_error(error, &document.path, &document.text, &self.abilities)],
        };
        document.verdict = Some((state, verdict));
        let version = self.abilities.versions_diagnostics.then_some(document.version);
        let published = PublishDiagnosticsParams { uri, version, diagnostics };
        self.client.notify::<PublishDiagnosticsNotification>(published)?;
        for (id, asked) in std::mem::take(&mut document.waiting) {
            let result = answer(document, &asked, &self.abilities, &self.options);
            self.client.respond(id, Ok(result))?;
        }
        for note in notes.into_iter().filter(|note| !self.notes.contains(note)).collect::<Vec<_>>() {
            self.client.log(MessageType::Info, note.as_str())?;
            self.notes.push(note);
        }
        if self.options.inlay_hints && std::mem::take(&mut self.has_old_hints) {
            self.refresh_hints()?;
        }
        self.watch()
    }

    /// Handles changes on the disk.
    pub(super) fn changed(&mut self, changes: Vec<(PathBuf, Change)>) -> Result<(), Error> {
        self.send(Job::Changed(changes))?;
        self.has_old_hints = true;
        self.judge_all(None)
    }

    /// Has the directories of all inputs watched.
    fn watch(&mut self) -> Result<(), Error> {
        let verdicts = self.documents.values().filter_map(|document| document.verdict.as_ref());
        let analyses = verdicts.filter_map(|(_, verdict)| verdict.as_ref().ok()?.as_ref());
        let directories: BTreeSet<PathBuf> = analyses.flat_map(Analysis::watched).collect();
        if !self.abilities.watches_files {
            if let Some(watching) = &mut self.watching {
                watching.follow(directories);
            }
            return Ok(());
        }
        if directories == self.watched || !self.abilities.watches_elsewhere {
            return Ok(());
        }
        if !self.watched.is_empty() {
            self.client.request::<UnregistrationRequest>(watch::no_directories())?;
        }
        if !directories.is_empty() {
            self.client.request::<RegistrationRequest>(watch::directories(&directories))?;
        }
        self.watched = directories;
        Ok(())
    }
}
