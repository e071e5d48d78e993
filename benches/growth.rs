//! How the time of a check grows with the number of lines, files and projects. The number of files in `target` and `.venv` should
//! not matter.
//!
//! Run by hand: `cargo bench --bench growth`. Each row measures a size and its multiples up to eight times as large. The last
//! column is the one to look at: the time of the largest divided by that of the smallest. cargo is not asked, since its time
//! grows differently.

mod shapes;

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use shapes::Size;

const RUNS: usize = 15;
const FACTORS: [usize; 4] = [1, 2, 4, 8];

fn main() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let mut out = io::stdout().lock();
    writeln!(out, "{:34}{:>10}{:>10}{:>10}{:>10}{:>8}", "", "1", "2", "4", "8", "8 by 1")?;
    let size = |crates, files, lines| Size { crates, dependencies: 2, files, lines };
    let crates = |path: &Path, size: &Size| shapes::write(path, size, true);
    row(&mut out, home.path(), "lines, from 125 in 200 files", &|path, by| crates(path, &size(10, 20, 125 * by)))?;
    row(&mut out, home.path(), "files, from 100 of 100 lines", &|path, by| crates(path, &size(10, 10 * by, 100)))?;
    row(&mut out, home.path(), "crates, from 10", &|path, by| crates(path, &size(10 * by, 10, 100)))?;
    row(&mut out, home.path(), "projects, from 25 in a workspace", &|path, by| {
        shapes::many::write(path, 25 * by, true, true)
    })?;
    row(&mut out, home.path(), "keys, from 100", &|path, by| {
        crates(path, &size(2, 5, 100))?;
        let keys = (0..100 * by).fold(String::new(), |keys, index| keys + &format!("    \"a{index}/**/*.rs\",\n"));
        let text = std::fs::read_to_string(path.join("pyproject.toml"))?;
        std::fs::write(
            path.join("pyproject.toml"),
            text.replace("cache-keys = [\n", &format!("cache-keys = [\n{keys}")),
        )
    })?;
    row(&mut out, home.path(), "lines of one file, from 20,000", &|path, by| crates(path, &size(1, 1, 20_000 * by)))?;
    row(&mut out, home.path(), "names in a directory, from 1,000", &|path, by| {
        crates(path, &size(2, 5, 100))?;
        (0..1000 * by).try_for_each(|index| std::fs::write(path.join(format!("crates/part-000/src/n{index}")), ""))
    })?;
    row(&mut out, home.path(), "files in target, from 10,000", &|path, by| {
        crates(path, &size(10, 10, 100))?;
        files(&path.join("target/debug/deps"), 10_000 * by)
    })?;
    row(&mut out, home.path(), "files in .venv, from 10,000", &|path, by| {
        crates(path, &size(10, 10, 100))?;
        std::fs::create_dir_all(path.join(".venv"))?;
        std::fs::write(path.join(".venv/pyvenv.cfg"), "home = /usr/bin\n")?;
        files(&path.join(".venv/lib/python3.13/site-packages"), 10_000 * by)
    })
}

/// Measures the check of the projects that `write` creates, for each factor.
fn row(
    out: &mut impl Write,
    home: &Path,
    name: &str,
    write: &dyn Fn(&Path, usize) -> io::Result<()>,
) -> io::Result<()> {
    let mut times = Vec::new();
    for by in FACTORS {
        let project = home.join(format!("{by}"));
        write(&project, by)?;
        times.push(median(&project)?);
        std::fs::remove_dir_all(&project)?;
    }
    let [first, .., last] = times[..] else { return Ok(()) };
    write!(out, "{name:34}")?;
    times.iter().try_for_each(|time| write!(out, "{time:>7.1} ms"))?;
    writeln!(out, "{:>8.2}", last / first)
}

/// The median of several runs of a whole process in milliseconds, without the first run.
fn median(project: &Path) -> io::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..=RUNS {
        let mut check = Command::new(env!("CARGO_BIN_EXE_cachekeys"));
        check.args(["check", "--metadata", "manifest"]).current_dir(project).stdout(Stdio::null());
        let start = Instant::now();
        let status = check.status()?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        // Only a run that succeeded counts. Code 1 is a success: some keys match nothing and are reported.
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(io::Error::other(format!("{check:?} in {} gave {status}", project.display())));
        }
    }
    let times = &mut times[1..];
    times.sort_by(f64::total_cmp);
    Ok(times[RUNS / 2])
}

/// Creates empty files, a thousand in each directory.
fn files(directory: &Path, number: usize) -> io::Result<()> {
    for index in 0..number {
        let parent = directory.join(format!("d{}", index / 1000));
        if index.is_multiple_of(1000) {
            std::fs::create_dir_all(&parent)?;
        }
        std::fs::write(parent.join(format!("f{index}.rs")), "")?;
    }
    Ok(())
}
