//! A cargo that hangs, prints garbage, crashes or does not exist neither changes the result nor delays it. No process is left
//! behind.
//!
//! Runs on Unix only, since a shell script replaces cargo.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/limits.rs"]
mod limits;
mod support;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use limits::{LONG, PROJECT, project, with_cargo, within};
use support::Sandbox;

#[test]
fn a_cargo_that_is_none_is_told() {
    let long = "CACHEKEYS_CARGO_TIMEOUT";
    for (script, words) in [
        ("sleep 600", "no answer within 0.5 s"),
        ("sleep 600 & wait", "no answer within 0.5 s"),
        ("exec >&- 2>&-; sleep 600", "no answer within 0.5 s"),
        ("yes", "cachekeys read the manifests itself"),
        ("echo garbage", "cargo's output cannot be read"),
        ("printf '{\"packages\":'", "cargo's output cannot be read"),
        ("head -c 100000 /dev/urandom", "cachekeys read the manifests itself"),
        ("kill -9 $$", "cargo failed without a message (signal: 9 (SIGKILL))"),
        ("exit 3", "cargo failed without a message (exit status: 3)"),
        ("echo 'error: no' >&2; exit 101", ": no"),
    ] {
        let sandbox = project();
        let started = Instant::now();
        let run = within(with_cargo(&sandbox, script).arg("check").env(long, "0.5"), LONG);
        assert!(started.elapsed() < Duration::from_secs(20), "{script}");
        // The project is checked by its manifests.
        assert_eq!(run.code, Some(1), "{script}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("CK101") && !run.stdout.contains("CK303"), "{script}: {}", run.stdout);
        assert!(run.stderr.contains(words), "{script}: {}", run.stderr);
        let run = within(with_cargo(&sandbox, script).args(["check", "--metadata", "cargo"]).env(long, "0.5"), LONG);
        assert!(run.stdout.contains("CK303"), "{script}: {}", run.stdout);
    }
    // cargo is asked once, not once for each project.
    let sandbox = project();
    for name in ["a", "b", "c", "d", "e", "f"] {
        sandbox.write(&format!("{name}/pyproject.toml"), PROJECT).write(&format!("{name}/src/lib.rs"), "");
        sandbox.write(&format!("{name}/Cargo.toml"), format!("{}[workspace]\n", limits::MANIFEST));
    }
    let started = Instant::now();
    let run = within(with_cargo(&sandbox, "sleep 600").arg("check").env(long, "2"), LONG);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!(cores > 2 || started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    for wrong in ["x", "-1", "1e30", "nan"] {
        let run = within(sandbox.command().arg("check").env(long, wrong), LONG);
        assert_eq!(run.code, Some(2), "{wrong}");
        assert!(run.stderr.contains("must be a number of seconds"), "{}", run.stderr);
    }
}

#[test]
fn a_cargo_that_nobody_waits_for_is_neither_started_nor_left() {
    let sandbox = project();
    sandbox.write("plain/Cargo.toml", "[workspace]\nmembers = []\n");
    let log = Sandbox::new();
    let script = format!("echo $$ >> '{}'; exec sleep 600", log.path("started").display());
    let started = |arguments: &[&str]| {
        log.write("started", "");
        let mut command = with_cargo(&sandbox, &script);
        let run = within(command.args(arguments).env("CACHEKEYS_CARGO_TIMEOUT", "1"), LONG);
        assert!(matches!(run.code, Some(0..=2)), "{arguments:?}: {}", run.transcript());
        log.read("started").lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for arguments in [&["keys"][..], &["check", "--show-files"], &["status"]] {
        assert_eq!(started(arguments), [""; 0], "{arguments:?}");
    }
    for (arguments, is_awaited) in [
        (&["check"][..], true),
        (&["check", ".", "no-such-path"], false),
        (&["check", "plain"], false),
        (&["inputs"], true),
    ] {
        let started = started(arguments);
        // If cargo's answer is not needed, the process may be stopped before it has logged its start.
        assert!(!started.is_empty() || !is_awaited, "{arguments:?}");
        for process in started {
            let is_there = Command::new("kill").args(["-0", &process]).stderr(Stdio::null()).status().unwrap();
            assert!(!is_there.success(), "{arguments:?}: {process} is still there");
        }
    }
}

#[test]
fn a_cargo_on_path_that_no_system_runs_is_passed_over_or_told() {
    let sandbox = project();
    for (make, words) in [
        ("mkdir tools/cargo", "cargo not found"),
        ("mkfifo tools/cargo", "cargo not found"),
        (": > tools/cargo", "cannot run"),
        ("ln -s nowhere tools/cargo", "cargo not found"),
        ("ln -s cargo tools/cargo", "cargo not found"),
        ("echo '#!/no/such/interpreter' > tools/cargo; chmod +x tools/cargo", "cannot run"),
    ] {
        // The tools are outside the checkout, since programs in it are never run.
        let tools = Sandbox::new();
        let make = format!("mkdir -p tools; {make}");
        assert!(Command::new("sh").args(["-c", &make]).current_dir(tools.path("")).status().unwrap().success());
        let mut command = sandbox.command();
        command.env("PATH", tools.path("tools")).env("RUSTUP_HOME", "/no/such/directory");
        let run = within(command.arg("check"), LONG);
        assert_eq!(run.code, Some(1), "{make}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(words), "{make}: {}", run.stderr);
    }
}
