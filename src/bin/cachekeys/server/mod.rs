//! `server`: the language server protocol on standard input and output.
//!
//! There are three threads. One reads messages. One checks files ([`worker`]). This one holds the state between them ([`state`])
//! and answers at once, or as soon as the newest state of a file has been checked. The server writes nothing to the disk; the
//! client makes the edits.

mod abilities;
mod actions;
mod client;
mod diagnostics;
mod documents;
mod frame;
mod hints;
mod hover;
mod message;
mod options;
mod position;
mod requests;
mod state;
mod uri;
mod watch;
mod worker;

use std::io::{self, BufRead, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};

use cachekeys::editor::Change;
use cachekeys::{Error, Settings};

use message::Message;
use state::Server;
use worker::Judged;

/// What the server reacts to.
enum Event {
    Message(Message),
    Judged(Box<Judged>),
    /// Files that changed on the disk, if the server watches them instead of the client.
    Changed(Vec<(PathBuf, Change)>),
    /// The client has closed the stream, or sent a malformed message.
    End(io::Result<()>),
}

/// Serves one client until it disconnects. The exit code is 0 if the client requested a shutdown first.
pub(crate) fn serve(settings: Settings, output: &mut impl Write) -> Result<u8, Error> {
    let (events, received) = mpsc::channel();
    let (jobs, taken) = mpsc::channel();
    let (to_read, to_work) = (events.clone(), events.clone());
    std::thread::spawn(move || read(&mut io::stdin().lock(), &to_read));
    std::thread::spawn(move || worker::work(&taken, &to_work));
    let mut server = Server::new(settings, jobs, events, output);
    for event in received {
        let reaction = match event {
            Event::Message(message) => server.handle(message),
            Event::Judged(judged) => server.judged(*judged).map(ControlFlow::Continue),
            Event::Changed(changes) => server.changed(changes).map(ControlFlow::Continue),
            Event::End(Ok(())) => break,
            Event::End(Err(error)) => {
                writeln!(crate::stderr(), "error: cannot read what the client sends: {error}")?;
                return Ok(1);
            }
        };
        match reaction {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(code)) => return Ok(code),
            // The client has closed its input without an exit notification.
            Err(Error::Output(error)) if error.kind() == ErrorKind::BrokenPipe => break,
            Err(error) => return Err(error),
        }
    }
    Ok(server.exit_code())
}

/// Reads messages until the stream ends.
fn read(input: &mut impl BufRead, events: &Sender<Event>) {
    loop {
        let event = match frame::read(input) {
            Ok(Some(content)) => Event::Message(Message::parse(&content)),
            Ok(None) => Event::End(Ok(())),
            Err(error) => Event::End(Err(error)),
        };
        let is_last = matches!(event, Event::End(_));
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}
