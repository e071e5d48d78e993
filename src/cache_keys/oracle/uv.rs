//! uv's own code, and the text it reads.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::SystemTime;

use serde::Serialize;
use toml_edit::Document;

use crate::cache_keys::{Key, grammar};

/// The newest time of all covered files, or the reason why uv rejects the keys.
pub(crate) type Answer = Result<Option<SystemTime>, String>;

pub(crate) type Version = (&'static str, fn(&Path) -> Answer);

/// The versions of uv's code, each with a function that asks it about a project: the version that this code is based on, and the
/// newest.
pub(crate) const VERSIONS: [Version; 2] = [
    ("0.0.72", |project| answer(uv_cache_info::CacheInfo::from_directory(project))),
    ("0.0.98", |project| NEWEST.lock().unwrap().ask(project)),
];

/// The running program `tests/newest-uv`.
static NEWEST: LazyLock<Mutex<Newest>> = LazyLock::new(|| Mutex::new(Newest::start()));

struct Newest {
    /// Ends when its standard input is closed.
    _child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Newest {
    /// `CACHEKEYS_NEWEST_UV` is the path of the program. If it is not set, cargo builds the program first.
    fn start() -> Self {
        let program = std::env::var_os("CACHEKEYS_NEWEST_UV").map_or_else(Self::build, PathBuf::from);
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (questions, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { questions, answers: BufReader::new(answers), _child: child }
    }

    fn build() -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = root.join("target/newest-uv");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--ignore-rust-version", "--target-dir"]).arg(&target);
        let built = cargo.arg("--manifest-path").arg(root.join("tests/newest-uv/Cargo.toml")).status().unwrap();
        assert!(built.success(), "tests/newest-uv does not compile");
        target.join("debug/newest-uv")
    }

    fn ask(&mut self, project: &Path) -> Answer {
        writeln!(self.questions, "{}", project.to_str().unwrap()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).map_err(|_| answer)
    }
}

fn answer(info: Result<impl Serialize, impl ToString>) -> Answer {
    let info = serde_json::to_value(info.map_err(|error| error.to_string())?).unwrap();
    Ok(serde_json::from_value(info["timestamp"].clone()).unwrap())
}

/// Writes the keys as the text of a pyproject.toml.
pub(crate) fn toml(keys: &[Key]) -> String {
    let string = |text: &str| {
        let escaped: Vec<String> = text.chars().map(|c| format!("\\U{:08X}", u32::from(c))).collect();
        format!("\"{}\"", escaped.concat())
    };
    let entries: Vec<String> = keys
        .iter()
        .map(|key| match key {
            Key::File(text) if text.len() % 2 == 0 => string(text),
            Key::File(text) => format!("{{ file = {} }}", string(text)),
            Key::Dir(text) => format!("{{ dir = {} }}", string(text)),
            Key::Env(name) => format!("{{ env = {} }}", string(name)),
            Key::Git { commit, tags } => format!("{{ git = {{ commit = {commit}, tags = {tags} }} }}"),
        })
        .collect();
    format!("[tool.uv]\ncache-keys = [{}]\n", entries.join(", "))
}

/// Reads the keys from the text of a pyproject.toml.
pub(crate) fn parsed(text: &str) -> Vec<Key> {
    let document = Document::parse(text).unwrap();
    let entries = grammar::parse(&document["tool"]["uv"]["cache-keys"], 0..0).unwrap();
    entries.into_iter().map(|entry| entry.key).collect()
}
