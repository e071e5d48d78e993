//! Parses messages of the client.

use gen_lsp_types::ErrorCodes;
use gen_lsp_types::json_rpc::Id;
use serde_json::Value;

/// A message of the client.
#[derive(Debug)]
pub(super) enum Message {
    Request {
        id: Id,
        method: String,
        params: Value,
    },
    Notification {
        method: String,
        params: Value,
    },
    Response {
        id: Id,
        result: Option<Value>,
    },
    /// A message of none of these kinds. It is answered with an error.
    Malformed {
        id: Id,
        fault: Fault,
    },
}

/// The error with which a request is answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: ErrorCodes,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(code: ErrorCodes, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Message {
    pub(super) fn parse(content: &[u8]) -> Self {
        let malformed = |id, code, message: String| Self::Malformed { id, fault: Fault::new(code, message) };
        let mut value: Value = match serde_json::from_slice(content) {
            Ok(value) => value,
            Err(error) => return malformed(Id::Null, ErrorCodes::ParseError, error.to_string()),
        };
        let Ok(id) = value.get("id").map(|id| serde_json::from_value::<Id>(id.clone())).transpose() else {
            let reason = "an id is a string or an integer".to_owned();
            return malformed(Id::Null, ErrorCodes::InvalidRequest, reason);
        };
        let mut take = |name: &str| value.get_mut(name).map(Value::take);
        let (method, params) = (take("method"), take("params").unwrap_or_default());
        match (method, id) {
            (Some(Value::String(method)), Some(id)) => Self::Request { id, method, params },
            (Some(Value::String(method)), None) => Self::Notification { method, params },
            (None, Some(id)) => Self::Response { id, result: take("result") },
            (_, id) => {
                let reason = "neither a request nor a response".to_owned();
                malformed(id.unwrap_or(Id::Null), ErrorCodes::InvalidRequest, reason)
            }
        }
    }
}
