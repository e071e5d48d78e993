//! Sends messages to the client.

use std::io::{self, Write};

use gen_lsp_types::json_rpc::{Error, Id, RequestObject, ResponseObject};
use gen_lsp_types::{LogMessageNotification, LogMessageParams, MessageType, Notification, Request};
use serde::Serialize;
use serde_json::{Value, json};

use super::frame;
use super::message::Fault;

/// The client, represented by its input stream.
pub(super) struct Client<W> {
    output: W,
    /// How many requests were sent.
    requests: i64,
}

impl<W: Write> Client<W> {
    pub(super) fn new(output: W) -> Self {
        Self { output, requests: 0 }
    }

    /// Sends the response to a request.
    pub(super) fn respond(&mut self, id: Id, answer: Result<Value, Fault>) -> io::Result<()> {
        match answer {
            Ok(result) => self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result })),
            Err(Fault { code, message }) => {
                self.send(&ResponseObject::from_error(id, Error { code, message, data: None }))
            }
        }
    }

    pub(super) fn notify<N: Notification>(&mut self, params: N::Params) -> io::Result<()> {
        self.send(&RequestObject::from_notification::<N>(params))
    }

    /// Sends a request, and returns its id.
    pub(super) fn request<R: Request>(&mut self, params: R::Params) -> io::Result<Id> {
        self.requests += 1;
        let id = Id::Number(self.requests);
        self.send(&RequestObject::from_request::<R>(id.clone(), params))?;
        Ok(id)
    }

    /// Writes to the log that an editor keeps for each server.
    pub(super) fn log(&mut self, kind: MessageType, message: impl Into<String>) -> io::Result<()> {
        self.notify::<LogMessageNotification>(LogMessageParams { kind, message: message.into() })
    }

    fn send(&mut self, message: &impl Serialize) -> io::Result<()> {
        frame::write(&mut self.output, &serde_json::to_vec(message)?)
    }
}
