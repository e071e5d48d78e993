//! The language server with a client of another project, pygls. The scenarios are in `support/editor.py`.

#[path = "support/environment.rs"]
mod environment;
mod support;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use environment::{PYTHON, interpreter, isolate, must, once, program};
use support::{Run, Sandbox, copy};

/// Pinned, so that the results do not change over time.
const PYGLS: &str = "2.1.1";

/// A Python with pygls, which is installed on the first call.
fn python() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    (interpreter(), PYGLS).hash(&mut hasher);
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pygls-{:016x}", hasher.finish()));
    let python = program(&dir.join("venv"), "python");
    once(&dir, || {
        must(Command::new(PYTHON).args(["-m", "venv"]).arg(dir.join("venv")));
        let mut pip = Command::new(&python);
        must(pip.args(["-m", "pip", "--disable-pip-version-check", "install"]).arg(format!("pygls=={PYGLS}")));
    });
    python
}

fn scenario(name: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    sandbox.write(".git/HEAD", "");
    copy(&here.join("examples"), &sandbox.path(""));
    let mut editor = Command::new(python());
    isolate(&mut editor).env_remove("CARGO_TARGET_DIR").current_dir(sandbox.path(""));
    editor.arg(here.join("tests/support/editor.py")).arg(name).arg(env!("CARGO_BIN_EXE_cachekeys"));
    let run = Run::of(editor.arg(sandbox.path("stale-extension")), &sandbox.path(""));
    assert_eq!(run.code, Some(0), "{}", run.transcript());
}

macro_rules! scenarios {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            scenario(stringify!($name));
        })*

        #[test]
        fn all_are_run() {
            let text = include_str!("support/editor.py");
            let defined = text.lines().filter_map(|line| line.strip_prefix("async def ")?.split_once('('));
            let names: Vec<&str> = defined.map(|(name, _)| name).filter(|name| *name != "main").collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

scenarios! {
    diagnostics_are_those_of_the_text
    fixes_are_those_of_the_command
    an_unsafe_fix_is_marked
    an_ignored_finding_is_gone
    hover_says_what_a_key_covers
    hints_are_off_until_asked_for
    changes_on_the_disk_count
    changes_are_seen_without_the_client
    positions_are_in_the_encoding_agreed_on
    a_folder_may_come_later
}
