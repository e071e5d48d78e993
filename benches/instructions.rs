//! Counts the instructions of whole checks. They depend on the code alone, not on how busy the machine is. Needs valgrind.
//!
//! Run by hand: `cargo bench --bench instructions > benches/INSTRUCTIONS.md`. cargo is not asked. The numbers of one machine can
//! be compared with each other.

mod shapes;

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use shapes::Size;

fn main() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let mut out = io::stdout().lock();
    writeln!(out, "# Instructions\n")?;
    writeln!(
        out,
        "Made by `cargo bench --bench instructions > benches/INSTRUCTIONS.md`: callgrind's count for whole processes, the"
    )?;
    writeln!(out, "kernel left out. `--help` is what every command pays.\n")?;
    writeln!(out, "| project | command | instructions, millions |\n|---|---|---:|")?;
    let start = home.path().join("start");
    std::fs::create_dir_all(&start)?;
    count(&mut out, &start, "none", &["--help"])?;
    for (name, size) in [
        ("one crate, 20 files of 200 lines", Size { crates: 1, dependencies: 0, files: 20, lines: 200 }),
        ("50 crates, 1,000 files of 200 lines", Size { crates: 50, dependencies: 5, files: 20, lines: 200 }),
    ] {
        for (keys, with) in [(true, "right keys"), (false, "no keys")] {
            let project = home.path().join(format!("{}-{keys}", size.crates));
            shapes::write(&project, &size, keys)?;
            count(&mut out, &project, &format!("{name}, {with}"), &["check", "--metadata", "manifest"])?;
        }
    }
    let project = home.path().join("many");
    shapes::many::write(&project, 50, true, true)?;
    count(&mut out, &project, "50 projects in one workspace, right keys", &["check", "--metadata", "manifest"])?;
    let project = home.path().join("1-true");
    count(&mut out, &project, "one crate, 20 files of 200 lines", &["status"])?;
    count(&mut out, &project, "one crate, 20 files of 200 lines", &["keys"])
}

fn count(out: &mut impl Write, project: &Path, name: &str, arguments: &[&str]) -> io::Result<()> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(env!("CARGO_BIN_EXE_cachekeys"));
    let output = valgrind.args(arguments).current_dir(project).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let number = collected.and_then(|(_, number)| number.trim().parse::<f64>().ok());
    let number = number.ok_or_else(|| io::Error::other(format!("{valgrind:?} counted nothing:\n{text}")))?;
    writeln!(out, "| {name} | `cachekeys {}` | {:.1} |", arguments.join(" "), number / 1e6)
}
