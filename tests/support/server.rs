//! A client of the language server that sends any message, even a malformed one, and keeps all answers.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "a module of a test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than any answer takes on a slow machine.
const LONG: Duration = Duration::from_mins(1);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// All messages of the server so far.
    pub seen: Vec<Value>,
}

/// How the server ended.
#[derive(Debug, PartialEq, Eq)]
pub struct End {
    pub code: Option<i32>,
    pub stderr: String,
}

impl Client {
    /// Starts the server. `command` has no subcommand yet.
    pub fn start(mut command: Command) -> Self {
        command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, messages, seen: Vec::new() }
    }

    /// Like [`Self::start`], and initializes the server with these capabilities of the client.
    pub fn initialized(command: Command, capabilities: &Value) -> Self {
        let mut client = Self::start(command);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        client.ask("initialize", params);
        client.notify("initialized", json!({}));
        client
    }

    /// Sends these bytes. A server that has ended does not read them.
    pub fn raw(&mut self, bytes: &[u8]) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
        }
    }

    pub fn framed(&mut self, content: &[u8]) {
        self.raw(format!("Content-Length: {}\r\n\r\n", content.len()).as_bytes());
        self.raw(content);
    }

    pub fn send(&mut self, message: &Value) {
        self.framed(message.to_string().as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        message["params"] = params;
        self.send(&message);
    }

    /// Sends a request, and waits for its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = format!("ask {}", self.seen.len());
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        message["params"] = params;
        self.send(&message);
        self.until(|message| message["id"] == *id && message.get("method").is_none())
    }

    /// Waits for the next message for which `is_it` is true.
    pub fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = match self.messages.recv_timeout(LONG) {
                Ok(message) => message,
                Err(error) => panic!("{error}; so far: {:#?}; {:?}", self.seen, self.child.try_wait()),
            };
            self.seen.push(message.clone());
            if is_it(&message) {
                return message;
            }
        }
    }

    /// The codes of the next diagnostics, sorted.
    pub fn codes(&mut self) -> Vec<String> {
        let published = self.until(|message| message["method"] == "textDocument/publishDiagnostics");
        let code = |diagnostic: &Value| diagnostic["code"].as_str().unwrap_or("none").to_owned();
        let mut codes: Vec<String> = published["params"]["diagnostics"].as_array().unwrap().iter().map(code).collect();
        codes.sort();
        codes
    }

    /// Closes the input of the server, and waits until it ends.
    pub fn close(mut self) -> End {
        self.stdin = None;
        self.end()
    }

    /// Shuts the server down as the protocol requires.
    pub fn shut_down(mut self) -> End {
        let answer = self.ask("shutdown", Value::Null);
        assert!(answer.get("error").is_none() && answer["result"].is_null(), "{answer}");
        self.notify("exit", Value::Null);
        self.end()
    }

    pub fn end(mut self) -> End {
        let mut stderr = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
        let status = self.child.wait().expect("it ends");
        while let Ok(message) = self.messages.recv_timeout(LONG) {
            self.seen.push(message);
        }
        End { code: status.code(), stderr: stderr.replace('\r', "") }
    }
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    stdout.read_line(&mut header).ok().filter(|read| *read > 0)?;
    let length = header.strip_prefix("Content-Length: ").and_then(|length| length.trim_end().parse().ok());
    let length: usize = length.unwrap_or_else(|| panic!("no message: {header:?}"));
    let mut empty = String::new();
    stdout.read_line(&mut empty).ok()?;
    assert_eq!(empty, "\r\n");
    let mut content = vec![0; length];
    stdout.read_exact(&mut content).ok()?;
    Some(serde_json::from_slice(&content).expect("JSON"))
}
