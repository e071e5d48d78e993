//! Each shell loads its completions. If a shell is not installed, its test is reported as ignored.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use support::Sandbox;

/// A shell, and the arguments with which it reads a file of completions. If there are none, only the text is checked.
const SHELLS: [(&str, &[&str]); 5] = [
    ("bash", &["--norc", "-c", COMPLETE]),
    ("zsh", &["-n", "completions"]),
    ("fish", &["--no-execute", "completions"]),
    ("powershell", &[]),
    ("elvish", &[]),
];

/// bash actually completes a command line.
const COMPLETE: &str = "source completions; COMP_WORDS=(cachekeys check --output-format sa); COMP_CWORD=3; \
                        _cachekeys cachekeys sa --output-format; test \"${COMPREPLY[*]}\" = sarif";

fn main() -> ExitCode {
    let tests = SHELLS.into_iter().map(|(shell, arguments)| {
        // On Windows, a program named bash may belong to a Linux system that is not installed.
        let runs = cfg!(unix)
            && Command::new(shell).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        let missing = !arguments.is_empty() && !runs;
        let kind = if missing { "not installed" } else { "" };
        Trial::test(shell, move || reads(shell, arguments)).with_kind(kind).with_ignored_flag(missing)
    });
    libtest_mimic::run(&Arguments::from_args(), tests.collect()).exit_code()
}

fn reads(shell: &str, arguments: &[&str]) -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["completions", shell]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("output-format"), "{}", run.stdout);
    sandbox.write("completions", run.stdout);
    if !arguments.is_empty() {
        let output = Command::new(shell).args(arguments).current_dir(sandbox.path("")).output()?;
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
    Ok(())
}
