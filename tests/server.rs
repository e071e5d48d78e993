//! The language server, tested with its messages: how it starts and ends, and that no message or sequence of messages makes it
//! fail. `server_clients.rs` tests it with clients of other projects. proptest keeps the seeds of failures in
//! `proptest-regressions/`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[cfg(unix)]
#[path = "support/limits.rs"]
mod limits;
#[path = "support/server.rs"]
mod server;
mod support;

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};
use server::{Client, End};
use support::{Sandbox, copy};
use url::Url;

/// The example, in a repository.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &sandbox.path(""));
    sandbox.write(".git/HEAD", "");
    sandbox
}

/// Runs the command without cargo, which does not exist under wine.
fn command(sandbox: &Sandbox) -> Command {
    let mut command = sandbox.command();
    command.args(["--metadata", "manifest"]);
    command
}

fn uri(sandbox: &Sandbox, path: &str) -> String {
    Url::from_file_path(sandbox.path(path)).unwrap().into()
}

fn opened(uri: &str, text: &str) -> Value {
    json!({ "textDocument": { "uri": uri, "languageId": "toml", "version": 1, "text": text } })
}

fn ended(code: i32) -> End {
    End { code: Some(code), stderr: String::new() }
}

#[test]
fn it_ends_with_its_client() {
    let sandbox = sandbox();
    let start = || Client::initialized(command(&sandbox), &json!({}));
    assert_eq!(start().shut_down(), ended(0));
    let mut exits = start();
    exits.notify("exit", Value::Null);
    assert_eq!(exits.end(), ended(1));
    assert_eq!(start().close(), ended(1));
    let mut shut_down = start();
    shut_down.ask("shutdown", Value::Null);
    assert_eq!(shut_down.close(), ended(0));
    assert_eq!(Client::start(command(&sandbox)).close(), ended(1));
}

#[test]
fn its_answer_is_the_first_that_a_client_gets() {
    let sandbox = sandbox();
    let mut client = Client::start(command(&sandbox));
    let able = json!({ "workspace": { "inlayHint": { "refreshSupport": true } } });
    let given = json!({ "inlayHints": true, "metadata": "cargo" });
    client.ask("initialize", json!({ "capabilities": able, "initializationOptions": given }));
    assert_eq!(client.seen.len(), 1, "{:?}", client.seen);
    client.notify("textDocument/didOpen", opened(&uri(&sandbox, "stale-extension/pyproject.toml"), ""));
    client.until(|message| message["method"] == "workspace/inlayHint/refresh");
    assert_eq!(client.shut_down(), ended(0));
}

#[test]
fn each_fault_has_its_code() {
    let sandbox = sandbox();
    let mut client = Client::start(command(&sandbox));
    let code = |answer: Value| answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("no fault: {answer}"));
    assert_eq!(code(client.ask("textDocument/hover", json!({}))), -32002);
    assert_eq!(code(client.ask("initialize", json!({ "capabilities": 1 }))), -32602);
    assert!(client.ask("initialize", json!({ "capabilities": {} }))["result"]["capabilities"].is_object());
    assert_eq!(code(client.ask("initialize", json!({ "capabilities": {} }))), -32600);
    assert_eq!(code(client.ask("textDocument/definition", json!({}))), -32601);
    assert_eq!(code(client.ask("textDocument/hover", json!({ "position": "here" }))), -32602);
    for (content, expected) in [
        ("{", -32700),
        ("", -32700),
        ("\u{feff}{}", -32700),
        ("[]", -32600),
        ("1", -32600),
        ("{\"jsonrpc\":\"2.0\"}", -32600),
        ("{\"id\":{},\"method\":\"shutdown\"}", -32600),
        ("{\"id\":null,\"method\":7}", -32600),
    ] {
        client.framed(content.as_bytes());
        let answer = client.until(|message| message["id"].is_null() && message.get("method").is_none());
        assert_eq!(code(answer), expected, "{content}");
    }
    client.framed(&[b'['; 5000]);
    assert_eq!(code(client.until(|message| message.get("error").is_some())), -32700);
    client.ask("shutdown", Value::Null);
    assert_eq!(code(client.ask("textDocument/hover", json!({}))), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), ended(0));
}

#[test]
fn what_has_no_form_ends_it_with_a_word() {
    let sandbox = sandbox();
    for (bytes, words) in [
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "a header that has no value"),
        ("Content-Length: 99999999999999999\r\n\r\n{", "a message that is too large"),
        ("Content-Length: x\r\n\r\n", "a length that is not a number"),
        ("Content-Length: 10\r\n\r\n{}", "a message that does not end"),
    ] {
        let mut client = Client::start(command(&sandbox));
        client.raw(bytes.as_bytes());
        let stderr = format!("error: cannot read what the client sends: {words}\n");
        assert_eq!(client.close(), End { code: Some(1), stderr }, "{bytes}");
    }
}

#[test]
fn only_a_pyproject_on_the_disk_is_judged() {
    let sandbox = sandbox();
    let mut client = Client::initialized(command(&sandbox), &json!({}));
    let text = sandbox.read("stale-extension/pyproject.toml");
    for other in
        ["untitled:Untitled-1", "https://example.org/pyproject.toml", &uri(&sandbox, "stale-extension/Cargo.toml")]
    {
        client.notify("textDocument/didOpen", opened(other, &text));
        let hover = json!({ "textDocument": { "uri": other }, "position": { "line": 15, "character": 1 } });
        assert_eq!(client.ask("textDocument/hover", hover)["result"], Value::Null);
    }
    client.notify("textDocument/didOpen", opened(&uri(&sandbox, "stale-extension/pyproject.toml"), &text));
    assert_eq!(client.codes(), ["CK103", "CK104", "CK201", "CK202", "CK302"]);
    assert_eq!(client.shut_down(), ended(0));
}

#[test]
fn a_client_that_refuses_to_watch_is_not_needed() {
    let sandbox = sandbox();
    let able = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::initialized(command(&sandbox), &able);
    let asked = client.until(|message| message["method"] == "client/registerCapability");
    client.send(&json!({ "jsonrpc": "2.0", "id": asked["id"], "error": { "code": -32603, "message": "no" } }));
    let text = sandbox.read("stale-extension/pyproject.toml").replace("**/*.rs", "src/**/*.rs");
    client.notify("textDocument/didOpen", opened(&uri(&sandbox, "stale-extension/pyproject.toml"), &text));
    assert_eq!(client.codes(), ["CK103", "CK104", "CK302"]);
    // The server answers in order, so it watches files by itself when this answer arrives.
    assert_eq!(client.ask("textDocument/definition", json!({}))["error"]["code"], -32601);
    sandbox.write("stale-extension/build.rs", "fn main() {}");
    while !client.codes().contains(&"CK106".to_owned()) {}
    assert_eq!(client.shut_down(), ended(0));
}

#[test]
fn many_edits_at_once_lead_to_the_last() {
    let sandbox = sandbox();
    let uri = uri(&sandbox, "stale-extension/pyproject.toml");
    let text = sandbox.read("stale-extension/pyproject.toml");
    let capabilities = json!({ "textDocument": { "publishDiagnostics": { "versionSupport": true } } });
    let mut client = Client::initialized(command(&sandbox), &capabilities);
    client.notify("textDocument/didOpen", opened(&uri, &text));
    let last = 300;
    for version in 2..=last {
        let text = if version == last { text.replace("**/*.rs", "src/**/*.rs") } else { "x = [".to_owned() };
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        client.notify("textDocument/didChange", params);
    }
    // The request follows the edits, and is answered about the last one.
    let hover = json!({ "textDocument": { "uri": uri }, "position": { "line": 19, "character": 20 } });
    let hover = client.ask("textDocument/hover", hover);
    assert!(hover["result"]["contents"]["value"].as_str().unwrap().starts_with("src/**/*.rs covers"), "{hover}");
    let published = client.seen.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
    let published: Vec<_> = published.collect();
    assert_eq!(published.last().unwrap()["params"]["version"], last);
    assert!(published.len() < 100, "{} verdicts on {last} texts", published.len());
    assert_eq!(client.shut_down(), ended(0));
}

/// Tests in which a shell script replaces cargo.
#[cfg(unix)]
mod cargo {
    use std::time::Instant;

    use super::*;
    use limits::with_cargo;

    #[test]
    fn it_is_asked_again_only_where_a_manifest_changes() {
        let sandbox = sandbox();
        let real = std::env::var("CARGO").expect("cargo runs the tests");
        let script = format!("echo >> {}; exec {real} \"$@\"", sandbox.path("asked").display());
        let asked = || sandbox.read("asked").lines().count();
        let mut client = Client::initialized(
            with_cargo(&sandbox, &script),
            &json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } }),
        );
        let uri_of = |path: &str| uri(&sandbox, &format!("stale-extension/{path}"));
        let text = sandbox.read("stale-extension/pyproject.toml");
        client.notify("textDocument/didOpen", opened(&uri_of("pyproject.toml"), &text));
        assert_eq!(client.codes(), ["CK103", "CK104", "CK201", "CK202", "CK302"]);
        let first = asked();
        assert!(first > 0);
        let document = json!({ "uri": uri_of("pyproject.toml"), "version": 2 });
        let edit = json!([{ "text": text.replace("**/*.rs", "src/**/*.rs") }]);
        client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": edit }));
        assert_eq!(client.codes(), ["CK103", "CK104", "CK302"]);
        let changed = |path: &str, kind: u8| json!({ "changes": [{ "uri": uri_of(path), "type": kind }] });
        client.notify("workspace/didChangeWatchedFiles", changed("src/lib.rs", 2));
        assert_eq!(client.codes(), ["CK103", "CK104", "CK302"]);
        assert_eq!(asked(), first);
        for (times, (path, kind)) in (2..).zip([("Cargo.toml", 2), (".cargo/config.toml", 1), ("src/bin/a.rs", 1)]) {
            client.notify("workspace/didChangeWatchedFiles", changed(path, kind));
            assert_eq!(client.codes(), ["CK103", "CK104", "CK302"]);
            assert_eq!(asked(), times * first, "{path}");
        }
        assert_eq!(client.shut_down(), ended(0));
    }

    #[test]
    fn one_that_hangs_keeps_nobody_waiting_who_ends() {
        let sandbox = sandbox();
        let started = Instant::now();
        let mut client = Client::initialized(with_cargo(&sandbox, "exec sleep 30"), &json!({}));
        let uri = uri(&sandbox, "stale-extension/pyproject.toml");
        client.notify("textDocument/didOpen", opened(&uri, &sandbox.read("stale-extension/pyproject.toml")));
        let hover = json!({ "textDocument": { "uri": uri }, "position": { "line": 15, "character": 1 } });
        client.send(&json!({ "jsonrpc": "2.0", "id": 7, "method": "textDocument/hover", "params": hover }));
        client.notify("$/cancelRequest", json!({ "id": 7 }));
        let cancelled = client.until(|message| message["id"] == 7);
        assert_eq!(cancelled["error"]["code"], -32800, "{cancelled}");
        assert_eq!(client.ask("textDocument/definition", json!({}))["error"]["code"], -32601);
        assert_eq!(client.shut_down(), ended(0));
        assert!(started.elapsed().as_secs() < 20);
    }
}

/// A message of the client in a random sequence.
#[derive(Debug, Clone)]
enum Said {
    Bytes(Vec<u8>),
    Notification(String, Value),
    Request(String, Value),
    Response(Value),
}

/// A placeholder for the name of the file in random parameters.
const FILE: &str = "the file";

fn json_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        4 => select(vec![FILE, "", "file:///", "toml", "source.fixAll", "pyproject.toml", "untitled:1", "[tool.uv]\ncache-keys = [\"**/*.rs\"]\n"]).prop_map(str::to_owned),
        1 => "\\PC{0,9}",
    ];
    let number = prop_oneof![(-3i64..40), any::<i64>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let name = select(vec![
        "textDocument", "uri", "version", "text", "position", "line", "character", "range", "start", "end", "context",
        "only", "diagnostics", "contentChanges", "changes", "type", "settings", "cachekeys", "inlayHints", "metadata",
        "id", "event", "added", "removed", "capabilities", "languageId",
    ]);
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..5)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

fn range() -> impl Strategy<Value = Value> {
    let position = (0u32..30, prop_oneof![0u32..40, any::<u32>()]);
    (position.clone(), position).prop_map(|((line, character), (to, until))| {
        json!({ "start": { "line": line, "character": character }, "end": { "line": to, "character": until } })
    })
}

/// Parameters that are mostly valid for a method.
fn proper() -> impl Strategy<Value = Said> {
    let text = select(vec![
        "", "]", "\n", "ü𝄞\r\n", "{ file = \"src/*.rs\" },", "[tool.uv]\n", "# cachekeys: ignore[CK103]\n",
    ]);
    let document = json!({ "uri": FILE, "version": 3 });
    let of = move |fields: Value| {
        let mut params = fields;
        params["textDocument"] = document.clone();
        params
    };
    let (with_range, with_place, with_edit) = (of.clone(), of.clone(), of.clone());
    prop_oneof![
        4 => (range(), text).prop_map(move |(range, text)| {
            Said::Notification("textDocument/didChange".to_owned(), with_edit(json!({ "contentChanges": [{ "range": range, "text": text }] })))
        }),
        2 => range().prop_map(move |range| {
            let params = with_range(json!({ "range": range, "context": { "diagnostics": [] } }));
            Said::Request("textDocument/codeAction".to_owned(), params)
        }),
        1 => Just(Said::Notification("textDocument/didOpen".to_owned(), opened(FILE, "x = 1\n"))),
        2 => range().prop_map(move |range| {
            Said::Request("textDocument/hover".to_owned(), with_place(json!({ "position": range["start"] })))
        }),
        1 => Just(Said::Notification("textDocument/didClose".to_owned(), of(json!({})))),
        1 => Just(Said::Notification("textDocument/didSave".to_owned(), of(json!({})))),
        1 => (1u8..5).prop_map(|kind| {
            let params = json!({ "changes": [{ "uri": FILE, "type": kind }] });
            Said::Notification("workspace/didChangeWatchedFiles".to_owned(), params)
        }),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let method = select(vec![
        "initialize",
        "initialized",
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didSave",
        "textDocument/didClose",
        "textDocument/codeAction",
        "textDocument/hover",
        "textDocument/inlayHint",
        "workspace/didChangeWatchedFiles",
        "workspace/didChangeConfiguration",
        "workspace/didChangeWorkspaceFolders",
        "$/cancelRequest",
        "$/setTrace",
        "",
        "shut down",
    ]);
    let (notified, requested) = (method.clone(), method);
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Said::Bytes),
        1 => json_value().prop_map(|value| Said::Bytes(value.to_string().into_bytes())),
        3 => (notified, json_value()).prop_map(|(method, params)| Said::Notification(method.to_owned(), params)),
        3 => (requested, json_value()).prop_map(|(method, params)| Said::Request(method.to_owned(), params)),
        1 => (0i64..9, json_value()).prop_map(|(id, result)| Said::Response(json!({ "jsonrpc": "2.0", "id": id, "result": result }))),
        8 => proper(),
    ]
}

/// The number of cases in a normal test run.
const CASES: u32 = 60;

#[test]
fn no_sequence_of_messages_is_too_much() {
    let sandbox = sandbox();
    let uri = uri(&sandbox, "stale-extension/pyproject.toml");
    let text = sandbox.read("stale-extension/pyproject.toml");
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let seeds = FileFailurePersistence::Direct("proptest-regressions/server.txt");
    let config = ProptestConfig { cases, failure_persistence: Some(Box::new(seeds)), ..ProptestConfig::default() };
    let everything = json!({
        "workspace": { "configuration": true, "inlayHint": { "refreshSupport": true }, "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true } },
        "textDocument": { "publishDiagnostics": { "relatedInformation": true }, "hover": { "contentFormat": ["markdown"] } },
    });
    proptest!(config, |(all in prop::collection::vec(said(), 1..30), is_able: bool)| {
        let capabilities = if is_able { everything.clone() } else { json!({}) };
        let mut client = Client::initialized(command(&sandbox), &capabilities);
        client.notify("textDocument/didOpen", opened(&uri, &text));
        let named = |value: &Value| -> Value {
            serde_json::from_str(&value.to_string().replace(&format!("\"{FILE}\""), &format!("\"{uri}\""))).unwrap()
        };
        let mut requests = Vec::new();
        for (number, said) in all.iter().enumerate() {
            match said {
                Said::Bytes(bytes) => client.framed(bytes),
                Said::Notification(method, params) => client.notify(method, named(params)),
                Said::Request(method, params) => {
                    let id = format!("request {number}");
                    client.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": named(params) }));
                    requests.push(id);
                }
                Said::Response(response) => client.send(response),
            }
        }
        // The server still works as before.
        let document = json!({ "textDocument": { "uri": uri } });
        client.notify("textDocument/didClose", document);
        client.notify("textDocument/didOpen", opened(&uri, &text));
        let hover = json!({ "textDocument": { "uri": uri }, "position": { "line": 15, "character": 1 } });
        let hover = client.ask("textDocument/hover", hover);
        let value = hover["result"]["contents"]["value"].as_str().unwrap_or_default();
        prop_assert!(value.contains("4 keys for 6 inputs of the build"), "{}", hover);
        let seen = client.seen.clone();
        prop_assert_eq!(client.shut_down(), ended(0));
        for id in requests {
            let answers = seen.iter().filter(|message| message["id"] == *id).count();
            prop_assert_eq!(answers, 1, "{}", id);
        }
    });
}
