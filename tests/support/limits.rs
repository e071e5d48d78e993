//! Runs of the command with a time limit, with little memory, or without superuser rights.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses its part")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::support::{Run, Sandbox};

/// Longer than any run in these tests takes on a slow machine.
pub const LONG: Duration = Duration::from_mins(2);

/// Runs the command. Panics if it takes longer than `limit`, or if a signal ends it. It may use at most 1.5 GiB of memory, most
/// of which is reserved for the stacks of threads.
#[track_caller]
pub fn run(sandbox: &Sandbox, arguments: &[&str], limit: Duration) -> Run {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -v 1500000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_cachekeys")]).args(arguments);
    let command = sandbox.command();
    limited.current_dir(sandbox.path("")).envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    within(&mut limited, limit)
}

/// Like [`run`], for a command that the caller has prepared. Memory is not limited.
#[track_caller]
pub fn within(command: &mut Command, limit: Duration) -> Run {
    let out = tempfile::tempdir().expect("a temporary directory");
    let file = |name: &str| File::create(out.path().join(name)).expect("created");
    let started = Instant::now();
    let command = command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err"));
    let mut child = command.spawn().expect("it runs");
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if started.elapsed() > limit {
            child.kill().expect("killed");
            child.wait().expect("it ends");
            panic!("no end within {limit:?}: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text =
        |name: &str| String::from_utf8_lossy(&std::fs::read(out.path().join(name)).expect("readable")).into_owned();
    let run = Run { code: status.code(), stdout: text("out"), stderr: text("err") };
    assert!(run.code.is_some(), "{status}: {command:?}\n{}{}", run.stdout, run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run
}

pub static IS_ROOT: LazyLock<bool> = LazyLock::new(|| {
    let id = Command::new("id").arg("-u").output().expect("`id` is there");
    id.stdout.trim_ascii() == b"0"
});

/// The user `nobody`.
const NOBODY: &str = "65534";

/// A copy of the command that any user may run, because `target/` may only be readable by root.
static PROGRAM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let program = dir.path().join("cachekeys");
    std::fs::copy(env!("CARGO_BIN_EXE_cachekeys"), &program).expect("copied");
    set_mode(dir.path(), 0o755);
    set_mode(&program, 0o755);
    (dir, program)
});

/// The command as an ordinary user who owns the sandbox. If the tests run as root, it runs as `nobody`.
pub fn as_user(sandbox: &Sandbox) -> Command {
    let mut command = if *IS_ROOT {
        let owned =
            Command::new("chown").args(["-R", NOBODY]).arg(sandbox.path("")).status().expect("`chown` is there");
        assert!(owned.success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"]).arg(&PROGRAM.1);
        command
    } else {
        Command::new(&PROGRAM.1)
    };
    command.current_dir(sandbox.path("")).env_remove("CARGO_TARGET_DIR").env_remove("MATURIN_PEP517_ARGS");
    command
}

pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its owner may");
}

pub fn executable(sandbox: &Sandbox, path: &str, script: &str) {
    sandbox.write(path, format!("#!/bin/sh\n{script}\n"));
    set_mode(&sandbox.path(path), 0o755);
}

pub const PROJECT: &str = "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n";
pub const MANIFEST: &str = "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// A crate in a repository.
pub fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "").write("pyproject.toml", PROJECT);
    std::fs::create_dir(sandbox.path(".git")).expect("created");
    sandbox
}

#[track_caller]
pub fn check(sandbox: &Sandbox) -> String {
    let run = run(sandbox, &["check"], LONG);
    assert!(matches!(run.code, Some(1 | 2)), "{:?}: {}{}", run.code, run.stdout, run.stderr);
    run.stdout + &run.stderr
}

#[track_caller]
pub fn assert_says(said: &str, words: &str) {
    // Undo the line wrapping.
    let flat = said.replace(
        "
  ", " ",
    );
    assert!(flat.contains(words), "`{words}` is not in:\n{said}");
}

/// The command, with `script` in place of cargo.
pub fn with_cargo(sandbox: &Sandbox, script: &str) -> Command {
    let tools = tempfile::tempdir().unwrap().keep();
    let file = tools.join("cargo");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    set_mode(&file, 0o755);
    let mut command = sandbox.command();
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", tools.display())).env("RUSTUP_HOME", "/no/such/directory");
    command
}
