//! Parses the requests about documents, and answers them.

use gen_lsp_types::{CodeActionRequest, ErrorCodes, HoverRequest, InlayHintRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::abilities::Abilities;
use super::documents::{Asked, Document};
use super::message::Fault;
use super::options::Options;
use super::{actions, hints, hover};

/// Parses a request about a document.
pub(super) fn asked(method: &str, given: Value) -> Result<Asked, Fault> {
    let is = |known: gen_lsp_types::LspRequestMethod<'_>| known.as_str() == method;
    if is(CodeActionRequest::METHOD) {
        params(given).map(|params| Asked::Actions(Box::new(params)))
    } else if is(HoverRequest::METHOD) {
        params(given).map(Asked::Hover)
    } else if is(InlayHintRequest::METHOD) {
        params(given).map(Asked::Hints)
    } else {
        Err(Fault::new(ErrorCodes::MethodNotFound, format!("unknown method `{method}`")))
    }
}

/// Parses the parameters of a method.
pub(super) fn params<P: DeserializeOwned>(given: Value) -> Result<P, Fault> {
    serde_json::from_value(given).map_err(|error| Fault::new(ErrorCodes::InvalidParams, error.to_string()))
}

/// The answer to a request, after the newest state of its document has been checked.
pub(super) fn answer(document: &Document, asked: &Asked, abilities: &Abilities, options: &Options) -> Value {
    let Some(Ok(Some(analysis))) = document.verdict() else { return Value::Null };
    match asked {
        Asked::Actions(params) => json!(actions::actions(analysis, document.version, params, abilities)),
        Asked::Hover(params) => {
            json!(hover::hover(analysis, params.text_document_position_params.position, abilities))
        }
        Asked::Hints(params) if options.inlay_hints => json!(hints::hints(analysis, params.range, abilities)),
        Asked::Hints(_) => Value::Null,
    }
}
