//! Compares the scan of the sources with ripgrep's search for a few words in the same files. Both use all cores.
//!
//! Run by hand: `cargo bench --bench scan`, or with the paths of projects after `--`. The command does a whole check but does not
//! ask cargo. ripgrep reads the same `.rs` files and counts lines. The two take turns, and the result is the ratio of each pair.

mod shapes;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use shapes::Size;

const PAIRS: usize = 21;

/// The words that the command looks for, as a pattern of ripgrep.
const WORDS: &str = r"include_(str|bytes)!|macro_rules!|#\[path";

fn main() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let mut projects: Vec<PathBuf> =
        std::env::args_os().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from).collect();
    if projects.is_empty() {
        shapes::write(home.path(), &Size { crates: 50, dependencies: 2, files: 20, lines: 1000 }, true)?;
        projects.push(home.path().to_owned());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{:34}{:>9}{:>10}{:>10}{:>9}{:>16}", "", "files", "rg", "check", "ratio", "quartiles")?;
    projects.iter().try_for_each(|project| row(&mut out, project))
}

fn row(out: &mut impl Write, project: &Path) -> io::Result<()> {
    let files = sources(project)?;
    let (mut searches, mut checks, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=PAIRS {
        let search = time(Command::new("rg").args(["-c", WORDS]).args(&files).current_dir(project))?;
        let mut check = Command::new(env!("CARGO_BIN_EXE_cachekeys"));
        let check = time(check.args(["inputs", "--metadata", "manifest"]).current_dir(project))?;
        // The first pair reads the files from the disk and does not count.
        if pair > 0 {
            searches.push(search);
            checks.push(check);
            ratios.push(check / search);
        }
    }
    for times in [&mut searches, &mut checks, &mut ratios] {
        times.sort_by(f64::total_cmp);
    }
    let name = project.file_name().unwrap_or_default().to_string_lossy();
    let quartiles = format!("{:.2} to {:.2}", ratios[PAIRS / 4], ratios[PAIRS * 3 / 4]);
    let [search, check, ratio] = [&searches, &checks, &ratios].map(|times| times[PAIRS / 2]);
    writeln!(out, "{name:34}{:>9}{search:>7.1} ms{check:>7.1} ms{ratio:>9.2}{quartiles:>16}", files.len())
}

/// The Rust files that the command reads: sources and build scripts, relative to the project.
fn sources(project: &Path) -> io::Result<Vec<String>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cachekeys"));
    command.args(["inputs", "--metadata", "manifest", "--output-format", "json"]).current_dir(project);
    let report: serde_json::Value = serde_json::from_slice(&command.output()?.stdout)?;
    let projects = report["projects"].as_array().into_iter().flatten();
    let inputs = projects.flat_map(|project| {
        let directory = Path::new(project["pyproject"].as_str().unwrap_or_default()).parent().map(Path::to_owned);
        let inputs = project["inputs"].as_array().into_iter().flatten();
        inputs.filter_map(move |input| {
            let path = input["path"].as_str()?;
            let is_source = matches!(input["kind"].as_str(), Some("source" | "build-script"));
            is_source.then(|| directory.clone().unwrap_or_default().join(path).to_string_lossy().into_owned())
        })
    });
    let mut files: Vec<String> = inputs.collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// Milliseconds of a whole process.
fn time(command: &mut Command) -> io::Result<f64> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let time = start.elapsed().as_secs_f64() * 1000.0;
    // ripgrep finds nothing in the projects that this benchmark writes, so it exits with 1.
    if matches!(status.code(), Some(0 | 1)) {
        Ok(time)
    } else {
        Err(io::Error::other(format!("{command:?}: {status}")))
    }
}
