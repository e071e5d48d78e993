//! The thread that checks files. It takes all jobs that arrived during a check together, and checks only the newest state of each
//! file.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};

use cachekeys::Error;
use cachekeys::editor::{Analysis, Change, Session};
use gen_lsp_types::Uri;

use super::Event;

/// The jobs of the worker. They are done in this order.
pub(super) enum Job {
    /// Start, or start again with other settings. Everything known is dropped, except for the texts in the editor.
    Begin(Box<Session>),
    /// Set the text of a file in the editor; `None`: use the file on the disk again.
    Text { path: PathBuf, text: Option<String> },
    /// Files have changed on the disk.
    Changed(Vec<(PathBuf, Change)>),
    /// Check a file, in the state with this number.
    Judge { uri: Uri, path: PathBuf, state: u64 },
}

/// The result of [`Job::Judge`].
pub(super) struct Judged {
    pub(super) uri: Uri,
    pub(super) state: u64,
    pub(super) verdict: Verdict,
    /// Further notes for the user.
    pub(super) notes: Vec<String>,
}

/// The analysis of a file; `None` if `check` skips it.
pub(super) type Verdict = Result<Option<Analysis>, Error>;

/// Does jobs until the server ends.
pub(super) fn work(jobs: &Receiver<Job>, events: &Sender<Event>) {
    let mut worker = Worker { session: None, texts: Vec::new(), waiting: Vec::new() };
    while let Ok(job) = jobs.recv() {
        worker.take(job);
        loop {
            for job in jobs.try_iter() {
                worker.take(job);
            }
            let Some(judged) = worker.judge() else { break };
            if events.send(Event::Judged(Box::new(judged))).is_err() {
                return;
            }
        }
    }
}

struct Worker {
    session: Option<Session>,
    texts: Vec<(PathBuf, String)>,
    /// Each file once, in its newest state.
    waiting: Vec<(Uri, PathBuf, u64)>,
}

impl Worker {
    fn take(&mut self, job: Job) {
        match job {
            Job::Begin(session) => {
                let session = self.session.insert(*session);
                self.texts.iter().for_each(|(path, text)| session.set_text(path, Some(text)));
            }
            Job::Text { path, text } => {
                if let Some(session) = &mut self.session {
                    session.set_text(&path, text.as_deref());
                }
                self.texts.retain(|(known, _)| *known != path);
                self.texts.extend(text.map(|text| (path, text)));
            }
            Job::Changed(changes) => {
                if let Some(session) = &mut self.session {
                    for (path, change) in changes {
                        session.forget(&path, change);
                    }
                }
            }
            Job::Judge { uri, path, state } => {
                self.waiting.retain(|(known, ..)| *known != uri);
                self.waiting.push((uri, path, state));
            }
        }
    }

    /// Checks the file that has waited longest.
    fn judge(&mut self) -> Option<Judged> {
        let session = self.session.as_mut().filter(|_| !self.waiting.is_empty())?;
        let (uri, path, state) = self.waiting.remove(0);
        let verdict = session.analyse(&path);
        Some(Judged { uri, state, verdict, notes: session.notes() })
    }
}
