//! `check --watch`: what it prints when an input or pyproject.toml changes, and that it prints nothing else.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use support::Sandbox;

const KEYS: &str = "[tool.uv]\ncache-keys = [\"pyproject.toml\", \"Cargo.toml\", \"Cargo.lock\", \"src/**/*.rs\"]\n";
const BUILD: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n\n";

/// Much longer than needed, since the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let mut command = sandbox.command();
        command.args(["check", "--watch", "--output-format", "concise"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    /// The next line must contain `text`. No other line may come before it.
    #[track_caller]
    fn says(&self, text: &str) {
        let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("`{text}` should have come"));
        assert!(line.contains(text), "`{text}` is not in `{line}`");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".git/HEAD", "").write("Cargo.lock", "version = 4\n").write("src/lib.rs", "");
    sandbox.write("Cargo.toml", "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    sandbox.write("pyproject.toml", format!("{BUILD}{KEYS}"));
    sandbox
}

/// Replaces a file atomically, as editors do. An incomplete file would have findings of its own.
fn put(sandbox: &Sandbox, file: &str, text: &str) {
    sandbox.write(".git/new", text);
    // Windows refuses while the file is being read. Editors then try again.
    let is_replaced = (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        std::fs::rename(sandbox.path(".git/new"), sandbox.path(file)).is_ok()
    });
    assert!(is_replaced, "{file}");
}

#[test]
fn each_change_of_the_verdict_is_told_once() {
    let sandbox = project();
    let watch = Watch::start(&sandbox, &[]);
    watch.says("clean: 1 project");
    // These changes do not affect the findings.
    sandbox.write("src/lib.rs", "// a comment\n").write("src/new.rs", "");
    sandbox.write("src/query.sql", "select 1").write("src/lib.rs", "const SQL: &str = include_str!(\"query.sql\");\n");
    watch.says("1 error, 0 warnings");
    watch.says("CK107");
    put(&sandbox, "pyproject.toml", &format!("{BUILD}{}", KEYS.replace(".rs\"]", ".rs\", \"src/query.sql\"]")));
    watch.says("clean: 1 project");
    put(&sandbox, "pyproject.toml", "[tool.uv\n");
    watch.says("error: pyproject.toml is not valid TOML");
    put(&sandbox, "pyproject.toml", BUILD);
    watch.says("1 error, 0 warnings");
    watch.says("CK101");
    put(&sandbox, "pyproject.toml", &format!("{BUILD}{}", KEYS.replace(".rs\"]", ".rs\", \"src/query.sql\"]")));
    watch.says("clean: 1 project");
}

#[test]
fn with_fix_it_mends_what_it_sees() {
    let sandbox = project();
    let watch = Watch::start(&sandbox, &["--fix"]);
    watch.says("clean: 1 project");
    sandbox.write("core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    sandbox.write("core/src/lib.rs", "");
    let dependency = "[dependencies]\ncore = { path = \"core\" }\n";
    put(&sandbox, "Cargo.toml", &(sandbox.read("Cargo.toml") + dependency));
    watch.says("0 errors, 0 warnings, 2 fixed");
    watch.says("clean: 1 project");
    assert!(sandbox.read("pyproject.toml").contains("core/src/**/*.rs"));
}

#[test]
fn it_is_for_people() {
    let sandbox = project();
    let run = sandbox.run(&["check", "--watch", "--output-format", "json"]);
    assert_eq!(run.code, Some(2), "{}", run.transcript());
    assert!(run.stderr.contains("--watch only supports"), "{}", run.transcript());
}
