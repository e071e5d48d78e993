//! The thread that judges: whatever has come in while it was at work is taken together, and only the newest state is judged.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};

use cachekeys::Error;
use cachekeys::editor::{Analysis, Change, Session};
use gen_lsp_types::Uri;

use super::Event;

/// What the worker is to do, in this order.
pub(super) enum Job {
    /// To begin, or to begin anew with other settings: nothing that is known counts any more but the texts.
    Begin(Box<Session>),
    /// The text of a file in the editor; `None`: what is on the disk.
    Text { path: PathBuf, text: Option<String> },
    /// Files that have changed on the disk.
    Changed(Vec<(PathBuf, Change)>),
    /// To judge a file, in a state that has this number.
    Judge { uri: Uri, path: PathBuf, state: u64 },
}

/// What became of [`Job::Judge`].
pub(super) struct Judged {
    pub(super) uri: Uri,
    pub(super) state: u64,
    pub(super) verdict: Verdict,
    /// What the user should know besides.
    pub(super) notes: Vec<String>,
}

/// What is known of a file; `None` for one that `check` skips.
pub(super) type Verdict = Result<Option<Analysis>, Error>;

/// Works until the server has no more use for it.
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

    /// Judges the file that has waited longest.
    fn judge(&mut self) -> Option<Judged> {
        let session = self.session.as_mut().filter(|_| !self.waiting.is_empty())?;
        let (uri, path, state) = self.waiting.remove(0);
        let verdict = session.analyse(&path);
        Some(Judged { uri, state, verdict, notes: session.notes() })
    }
}
