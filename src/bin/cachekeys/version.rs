//! `--version -v`: the versions that a bug report should name.

use std::env::consts::{ARCH, OS};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// The programs that a verdict depends on.
const PROGRAMS: [&str; 3] = ["uv", "cargo", "maturin"];

/// Whether the arguments are `-V -v`, without a command.
pub(crate) fn are_asked(arguments: impl Iterator<Item = OsString>) -> bool {
    let arguments: Vec<String> = arguments.skip(1).map(|given| given.to_string_lossy().into_owned()).collect();
    let has = |long: &str, short: char| {
        let is_short = |given: &String| given.starts_with('-') && !given.starts_with("--") && given.contains(short);
        arguments.iter().any(|given| given == long || is_short(given))
    };
    has("--version", 'V') && has("--verbose", 'v') && arguments.iter().all(|given| given.starts_with('-'))
}

/// One line for this program, the system, and each of the others.
pub(crate) fn text() -> String {
    let mut text = format!("cachekeys {} ({ARCH} {OS})\n", env!("CARGO_PKG_VERSION"));
    for program in PROGRAMS {
        let _ = writeln!(text, "{}", version(program).unwrap_or_else(|| format!("{program} not found")));
    }
    text
}

fn version(program: &str) -> Option<String> {
    // Run outside the checkout: its toolchain file may select another cargo, or download one.
    let mut command = Command::new(program);
    let output = command
        .arg("--version")
        .current_dir(std::env::temp_dir())
        .env("RUSTUP_AUTO_INSTALL", "0")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stdout);
    let line = told.lines().next().filter(|_| output.status.success())?;
    Some(line.to_owned())
}
