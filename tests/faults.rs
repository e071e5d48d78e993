//! Failures around a fix: no file is written incompletely, no change of another program is overwritten, and every failure is
//! reported.
//!
//! Runs on Unix only: it needs modes, signals, and a shell script in place of cargo. `bad_input.rs` tests what Windows refuses.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/limits.rs"]
mod limits;
mod support;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use limits::{LONG, PROJECT, as_user, project, set_mode, with_cargo, within};
use support::{Run, Sandbox};

/// cargo is not asked, since only the superuser can run the superuser's cargo.
const FIX: [&str; 4] = ["check", "--fix", "--metadata", "manifest"];

#[track_caller]
fn assert_untouched(sandbox: &Sandbox, run: &Run, code: i32, words: &str) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(run.code, Some(code), "{said}");
    assert!(said.contains(words), "`{words}` is not in:\n{said}");
    assert_eq!(sandbox.read("pyproject.toml"), PROJECT);
    assert_eq!(leftovers(sandbox), Vec::<String>::new());
}

fn leftovers(sandbox: &Sandbox) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.into_string().unwrap());
    names.filter(|name| name.starts_with(".pyproject.toml")).collect()
}

/// The text that a fix writes if nothing goes wrong.
fn fixed(arguments: &[&str], before: &str) -> String {
    let sandbox = project();
    sandbox.write("pyproject.toml", before);
    sandbox.run(arguments);
    let text = sandbox.read("pyproject.toml");
    assert_ne!(text, before);
    text
}

#[test]
fn what_is_protected_stays() {
    let sandbox = project();
    set_mode(&sandbox.path("pyproject.toml"), 0o444);
    assert_untouched(&sandbox, &within(as_user(&sandbox).args(FIX), LONG), 2, "it is write-protected");
    let sandbox = project();
    let mut command = as_user(&sandbox);
    set_mode(&sandbox.path(""), 0o555);
    let run = within(command.args(FIX), LONG);
    set_mode(&sandbox.path(""), 0o755);
    assert_untouched(&sandbox, &run, 2, "cannot fix pyproject.toml: permission denied");
}

#[test]
fn what_may_not_be_read_is_told() {
    for (path, code, words) in [
        ("pyproject.toml", 2, "cannot read pyproject.toml: permission denied"),
        ("Cargo.toml", 1, "CK303"),
        ("src", 2, "cannot read src: permission denied"),
        ("src/deep", 2, "cannot read src/deep: permission denied"),
        ("src/deep/a.rs", 1, "cannot read src/deep/a.rs: permission denied"),
        ("elsewhere", 2, "cannot read elsewhere: permission denied"),
    ] {
        let sandbox = project();
        sandbox.write("src/deep/a.rs", "").write("elsewhere/x", "");
        let all = fixed(&FIX, PROJECT);
        sandbox.write("pyproject.toml", &all);
        let mut command = as_user(&sandbox);
        assert_eq!(within(command.args(["check", "--metadata", "manifest"]), LONG).code, Some(0));
        let mut command = as_user(&sandbox);
        set_mode(&sandbox.path(path), 0o000);
        let run = within(command.args(["check", "--metadata", "manifest"]), LONG);
        set_mode(&sandbox.path(path), 0o755);
        let said = run.stdout + &run.stderr;
        assert_eq!(run.code, Some(code), "{path}: {said}");
        assert!(said.contains(words), "{path}: {said}");
        assert!(path == "elsewhere" || path == "pyproject.toml" || said.contains("CK303"), "{path}: {said}");
        assert!(path == "elsewhere" || !said.contains("no errors or warnings"), "{path}: {said}");
    }
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    let sandbox = project();
    // No file may grow, as on a full disk.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_cachekeys")]).args(FIX);
    let run = Run::of(command.current_dir(sandbox.path("")), &sandbox.path(""));
    assert_untouched(&sandbox, &run, 2, "cannot fix pyproject.toml: file too large");
    // Without the trap, the signal ends the command.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -f 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_cachekeys")]).args(FIX);
    let run = Run::of(command.current_dir(sandbox.path("")), &sandbox.path(""));
    assert_ne!(run.code, Some(0));
    assert_eq!(sandbox.read("pyproject.toml"), PROJECT);
    if cfg!(target_os = "linux") {
        let run = sandbox.run(&["check", "--output-file", "/dev/full"]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains("cannot write /dev/full"), "{}", run.stderr);
        let mut full = sandbox.command();
        let status =
            full.arg("check").stdout(std::fs::File::create("/dev/full").unwrap()).stderr(Stdio::null()).status();
        assert_eq!(status.unwrap().code(), Some(2));
    }
}

#[test]
fn what_changes_meanwhile_is_not_overwritten() {
    for (script, words, left) in [
        ("echo '# mine' >> pyproject.toml", "it changed during the check", Some(format!("{PROJECT}# mine\n"))),
        ("echo new > x; mv x pyproject.toml", "it changed during the check", Some("new\n".to_owned())),
        ("rm pyproject.toml", "no such file", None),
        ("rm pyproject.toml; mkdir pyproject.toml", "cannot fix pyproject.toml: ", None),
        ("rm pyproject.toml; mkfifo pyproject.toml", "cannot fix pyproject.toml: ", None),
    ] {
        let sandbox = project();
        // While cargo sleeps, the command has read the file and waits for the answer.
        let run = within(with_cargo(&sandbox, &format!("sleep 1; {script}; exit 1")).args(["check", "--fix"]), LONG);
        let said = run.stdout + &run.stderr;
        assert!(said.contains(words), "{script}: {said}");
        assert_ne!(run.code, Some(0), "{script}: {said}");
        let path = sandbox.path("pyproject.toml");
        match left {
            Some(text) => assert_eq!(std::fs::read_to_string(path).unwrap(), text, "{script}"),
            None => assert!(!path.is_file(), "{script}"),
        }
        assert_eq!(leftovers(&sandbox), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn what_goes_meanwhile_was_there_when_it_was_read() {
    let (disturbed, undisturbed) = (project(), project());
    // cargo fails, so the result is that of the manifests.
    let run = within(with_cargo(&disturbed, "sleep 1; rm -r src; exit 1").args(["check", "--fix"]), LONG);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    undisturbed.run(&["check", "--fix"]);
    assert_eq!(disturbed.read("pyproject.toml"), undisturbed.read("pyproject.toml"));
}

/// A small generator of random numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (z ^ (z >> 27)) % bound
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed is what replays a run")]
fn a_fix_that_is_killed_has_happened_or_not() {
    let seed =
        std::env::var("CACHEKEYS_SEED").map_or_else(|_| u64::from(std::process::id()), |seed| seed.parse().unwrap());
    println!("CACHEKEYS_SEED={seed}");
    let mut random = Random(seed);
    let new = fixed(&FIX, PROJECT);
    let sandbox = project();
    // Measure how long the command takes, to choose the moments to kill it.
    let started = Instant::now();
    sandbox.run(&FIX);
    let whole = u64::try_from(started.elapsed().as_micros()).unwrap();
    let (mut before, mut after) = (0, 0);
    for round in 0..200 {
        sandbox.write("pyproject.toml", PROJECT);
        let mut child = sandbox.command().args(FIX).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.below(whole * 3 / 2)));
        let signal = if round % 2 == 0 { "KILL" } else { "INT" };
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        sent.unwrap();
        child.wait().unwrap();
        let text = sandbox.read("pyproject.toml");
        assert!(text == PROJECT || text == new, "round {round}: {text}");
        if text == new { after += 1 } else { before += 1 }
    }
    // Both too early and too late must have happened, or the test would prove nothing.
    assert!(before > 5 && after > 5, "{before} before, {after} after");
    // The files that were left behind are not found as projects.
    let left = leftovers(&sandbox);
    println!("{before} before, {after} after, {} files left behind", left.len());
    sandbox.write(".pyproject.toml.abcdef", "[").write("pyproject.toml", &new);
    let files = sandbox.run(&["check", "--show-files"]);
    assert_eq!((files.stdout.as_str(), files.code), ("pyproject.toml\n", Some(0)), "{}", files.stderr);
    assert_eq!(sandbox.run(&["check"]).code, Some(0));
}

#[test]
fn two_fixes_at_once_are_one_after_the_other() {
    const DEAD: &str = "\n[tool.uv]\ncache-keys = [\n    \"pyproject.toml\",\n    \"gone.rs\",\n]\n";
    let before = format!("{PROJECT}{DEAD}");
    let safe = fixed(&FIX, &before);
    let harsh = [FIX.as_slice(), &["--unsafe-fixes"]].concat();
    let all = fixed(&harsh, &before);
    assert_ne!(safe, all);
    for round in 0..25 {
        let sandbox = project();
        sandbox.write("pyproject.toml", &before);
        let start = |arguments: &[&str]| {
            let mut command = sandbox.command();
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let children = [start(&FIX), start(&harsh), start(&FIX), start(&harsh)];
        for child in children {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let is_told =
                said.contains("it changed during the check") || said.contains("another program is writing to it");
            // The safe fix leaves a warning.
            assert!(matches!(output.status.code(), Some(0 | 1)) || is_told, "round {round}: {said}");
        }
        let text = sandbox.read("pyproject.toml");
        assert!(text == safe || text == all, "round {round}: {text}");
        assert_eq!(leftovers(&sandbox), Vec::<String>::new());
    }
}

#[test]
fn a_program_of_the_tests_is_one() {
    // Checks an assumption of the other tests: the script is run in place of cargo.
    let sandbox = project();
    let marker = tempfile::tempdir().unwrap();
    let marker = marker.path().join("asked");
    within(with_cargo(&sandbox, &format!("touch {}; exit 1", marker.display())).arg("check"), LONG);
    assert!(marker.exists());
}
