//! Tests CK301 with cargo itself. After a change of the file, cargo calls the crate `Fresh`, and the rule reports the file. After
//! the line from the help is added to the build script, cargo compiles the crate again.
//!
//! Each folder of `tests/blind/` is a crate with one construct. `touched` contains what to change: a file, a `$VARIABLE` or
//! `commit`. `project` contains the directory of the project, if it is not the folder itself.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::Sandbox;

struct Case {
    sandbox: Sandbox,
    project: String,
    touched: String,
    /// The environment variable that was changed.
    set: Option<String>,
}

impl Case {
    fn new(folder: &Path) -> Self {
        let sandbox = Sandbox::copy_of(folder);
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).map(|text| text.trim().to_owned());
        let case = Self {
            sandbox,
            project: read("project").unwrap_or_default(),
            touched: read("touched").unwrap(),
            set: None,
        };
        if case.touched == "commit" {
            std::fs::remove_dir(case.sandbox.path(".git")).unwrap();
            case.sandbox.write(".gitignore", "target\n");
            case.git(&["init", "-q", "-b", "main"]);
            case.git(&["add", "."]);
            case.git(&["commit", "-q", "-m", "one"]);
        }
        case
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a", "-c", "commit.gpgsign=false"]).args(arguments);
        let output = git.current_dir(self.sandbox.path("")).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn touch(&mut self) {
        // On some file systems, cargo compares whole seconds.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        match self.touched.strip_prefix('$') {
            Some(name) => self.set = Some(format!("{name}={:?}", self.set)),
            None if self.touched == "commit" => self.git(&["commit", "-q", "--allow-empty", "-m", "more"]),
            None => {
                let file = format!("{}/{}", self.project, self.touched);
                let text = self.sandbox.read(file.trim_start_matches('/'));
                self.sandbox.write(file.trim_start_matches('/'), text + "\n");
            }
        }
    }

    /// Whether another `cargo check` calls the crate fresh.
    fn is_fresh(&self) -> bool {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["check", "-v", "--color", "never"]).current_dir(self.sandbox.path(&self.project));
        cargo.env("CARGO_TARGET_DIR", self.sandbox.path("target"));
        if let Some((name, value)) = self.set.as_deref().and_then(|set| set.split_once('=')) {
            cargo.env(name, value);
        }
        let output = cargo.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let of_crate = |word: &str| said.contains(&format!("{word} blind v0.1.0"));
        assert!(of_crate("Fresh") || of_crate("Checking") || of_crate("Compiling"), "{said}");
        of_crate("Fresh")
    }

    /// The message of the finding, and its help.
    fn report(&self) -> Option<(String, String)> {
        let project = format!("./{}", self.project);
        let run = self.sandbox.run(&["check", &project, "--select", "CK301", "--output-format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let finding = report["projects"][0]["findings"].get(0)?;
        let text = |field: &str| finding[field].as_str().unwrap().to_owned();
        Some((text("message"), text("help")))
    }

    /// Follows the help: prints the line at the start of the build script, which is created if it does not exist.
    fn follow(&self, help: &str) {
        let line = help.split('`').nth(1).unwrap();
        let lines = match line.strip_suffix('=') {
            Some(line) => vec![format!("{line}=.git/HEAD"), format!("{line}=.git/refs/heads/main")],
            None => vec![line.to_owned()],
        };
        let script = format!("{}/build.rs", self.project);
        let script = script.trim_start_matches('/');
        let text = std::fs::read_to_string(self.sandbox.path(script)).unwrap_or_else(|_| "fn main() {\n}\n".to_owned());
        let prints: String = lines.iter().flat_map(|line| ["    println!(\"", line, "\");\n"]).collect();
        self.sandbox.write(script, text.replace("fn main() {\n", &format!("fn main() {{\n{prints}")));
    }
}

#[test]
fn cargo_calls_the_crate_fresh_until_the_line_is_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/blind");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 8);
    for folder in cases {
        let shown = folder.file_name().unwrap().display().to_string();
        let mut case = Case::new(&folder);
        assert!(!case.is_fresh(), "{shown}: the first build");
        assert!(case.is_fresh(), "{shown}: nothing was touched");
        case.touch();
        assert!(case.is_fresh(), "{shown}: cargo watches {}, so it is not a case", case.touched);

        let (message, help) = case.report().unwrap_or_else(|| panic!("{shown}: not reported"));
        assert!(message.contains(case.touched.trim_start_matches('$')), "{shown}: {message}");
        case.follow(&help);
        assert!(!case.is_fresh(), "{shown}: the build script has changed");
        assert!(case.is_fresh(), "{shown}: `{help}` makes cargo build for ever");
        case.touch();
        assert!(!case.is_fresh(), "{shown}: `{help}` does not help");
        assert_eq!(case.report(), None, "{shown}: cured, and still reported");
    }
}
