//! Compares the whole process of `cachekeys check` with a bare `cargo metadata --no-deps --offline`.
//!
//! Run by hand: `cargo bench --bench whole_process`, with sizes after `--` (see `--help`). There are four shapes: one crate, a
//! workspace of a million lines, many projects in one workspace, and many workspaces. Each has either the right keys or none. The
//! two commands take turns, and the result is the ratio of each pair, so that a slow phase of the machine affects both.

mod shapes;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Parser;

use shapes::Size;

/// Times `cachekeys check` against bare `cargo metadata --no-deps --offline`
#[derive(Debug, Parser)]
struct Options {
    /// Pairs of runs to measure
    #[arg(long, default_value_t = 41)]
    pairs: usize,
    /// Pairs of runs before these, which fill the caches and do not count
    #[arg(long, default_value_t = 5)]
    warm_up: usize,
    /// Crates in the workspace
    #[arg(long, default_value_t = 50)]
    crates: usize,
    /// Path dependencies of each crate
    #[arg(long, default_value_t = 5)]
    dependencies: usize,
    /// Rust files in each crate
    #[arg(long, default_value_t = 20)]
    files: usize,
    /// Lines in each Rust file
    #[arg(long, default_value_t = 1000)]
    lines: usize,
    /// Projects in one workspace
    #[arg(long, default_value_t = 200)]
    projects: usize,
    /// Projects that each have a workspace, compared with the sum of all calls of cargo
    #[arg(long, default_value_t = 100)]
    workspaces: usize,
    /// Measure only projects with this text in their names
    #[arg(default_value = "")]
    filter: String,
    /// Measure another build of the command
    #[arg(long, default_value = env!("CARGO_BIN_EXE_cachekeys"))]
    binary: PathBuf,
    /// Write the projects to this directory and keep them, for a profiler
    #[arg(long, value_name = "DIRECTORY")]
    keep: Option<PathBuf>,
    /// Passed by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    let temporary = tempfile::tempdir()?;
    let parent = options.keep.as_deref().unwrap_or(temporary.path());
    let cargo = cargo(temporary.path());
    let mut out = io::stdout().lock();
    writeln!(out, "{} pairs; the floor is {} metadata", options.pairs, cargo.display())?;
    writeln!(out, "{:44}{:>10}{:>10}{:>8}{:>15}{:>11}", "", "check", "cargo", "ratio", "quartiles", "peak")?;
    for shape in shapes(&options) {
        for keys in [true, false] {
            let name = format!("{}-{}-keys", shape.name, if keys { "right" } else { "no" });
            if !name.contains(&options.filter) {
                continue;
            }
            let project = parent.join(&name);
            (shape.write)(&project, keys)?;
            let pair = Pair { binary: &options.binary, cargo: &cargo, project: &project, calls: &shape.calls };
            pair.rehearse(i32::from(!keys))?;
            for _ in 0..options.warm_up {
                pair.time()?;
            }
            let times = (0..options.pairs).map(|_| pair.time()).collect::<io::Result<Vec<_>>>()?;
            let [_, ours, _] = quartiles(times.iter().map(|(ours, _)| ours * 1000.0));
            let [_, floor, _] = quartiles(times.iter().map(|(_, floor)| floor * 1000.0));
            let [low, ratio, high] = quartiles(times.iter().map(|(ours, floor)| ours / floor));
            let range = format!("{low:.2} to {high:.2}");
            let peak = pair.peak_memory()?.unwrap_or_else(|| "-".to_owned());
            writeln!(out, "{name:44}{ours:>7.1} ms{floor:>7.1} ms{ratio:>8.2}{range:>15}{peak:>11}")?;
        }
    }
    Ok(())
}

/// Writes a tree, either with the right keys or without keys.
type Write = dyn Fn(&Path, bool) -> io::Result<()>;

/// A kind of tree, and the directories in which cargo must be asked.
struct Shape {
    name: String,
    write: Box<Write>,
    /// The directories of the calls of cargo that are measured for comparison.
    calls: Vec<PathBuf>,
}

fn shapes(options: &Options) -> Vec<Shape> {
    let &Options { files, lines, dependencies, projects, workspaces, .. } = options;
    let crates = |crates: usize, lines: usize| Shape {
        name: format!("{crates}-crate{}", if crates == 1 { "" } else { "s" }),
        write: Box::new(move |path, keys| shapes::write(path, &Size { crates, dependencies, files, lines }, keys)),
        calls: vec![PathBuf::new()],
    };
    let many = |name: &str, projects: usize, one: bool, calls: Vec<PathBuf>| Shape {
        name: format!("{projects}-{name}"),
        write: Box::new(move |path, keys| shapes::many::write(path, projects, one, keys)),
        calls,
    };
    let own = (0..workspaces).map(|index| PathBuf::from(format!("python/project-{index:03}"))).collect();
    vec![
        crates(1, 200),
        crates(options.crates, lines),
        many("projects-in-one-workspace", projects, true, vec![PathBuf::new()]),
        many("workspaces", workspaces, false, own),
    ]
}

/// The two commands for one project.
struct Pair<'a> {
    binary: &'a Path,
    cargo: &'a Path,
    project: &'a Path,
    calls: &'a [PathBuf],
}

impl Pair<'_> {
    fn check(&self) -> Command {
        let mut command = self.command(self.binary);
        command.arg("check");
        command
    }

    fn metadata(&self, directory: &Path) -> Command {
        let mut command = self.command(self.cargo);
        command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        command.current_dir(self.project.join(directory));
        command
    }

    /// The output of both commands is discarded, so that the time does not include a reader.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.project).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // `cargo bench` sets variables that are not set in a user's shell. Some of them change what cargo does.
        for (name, _) in std::env::vars_os() {
            let is_of_cargo = name.to_str().is_some_and(|name| {
                name != "CARGO_HOME"
                    && (name.starts_with("CARGO") || name.starts_with("RUSTC") || name == "RUSTUP_TOOLCHAIN")
            });
            if is_of_cargo || name == "LD_LIBRARY_PATH" || name == "MATURIN_PEP517_ARGS" {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs each command once and checks its exit code, since the time of a failed command means nothing.
    fn rehearse(&self, expected: i32) -> io::Result<()> {
        for (mut command, expected) in [(self.check(), expected), (self.metadata(&self.calls[0]), 0)] {
            let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
            if output.status.code() != Some(expected) {
                let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
                return Err(io::Error::other(format!("{command:?} gave {}, not {expected}:\n{text}", output.status)));
            }
        }
        Ok(())
    }

    /// The times of the two commands in seconds, measured one after the other.
    fn time(&self) -> io::Result<(f64, f64)> {
        let time = |commands: Vec<Command>| {
            let start = Instant::now();
            for mut command in commands {
                command.status()?;
            }
            Ok::<f64, io::Error>(start.elapsed().as_secs_f64())
        };
        let calls = self.calls.iter().map(|directory| self.metadata(directory)).collect();
        Ok((time(vec![self.check()])?, time(calls)?))
    }

    /// The peak memory of the check itself, without the cargo that it starts. Only Linux reports it.
    ///
    /// It is read again and again during the run, since it is not available afterwards.
    fn peak_memory(&self) -> io::Result<Option<String>> {
        let mut child = self.check().spawn()?;
        let status = format!("/proc/{}/status", child.id());
        let mut peak = None;
        while child.try_wait()?.is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let kibibytes = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = kibibytes.map(|size| size.trim().to_owned()).or(peak);
        }
        Ok(peak)
    }
}

/// The lower quartile, the median and the upper quartile. Each is one of the values.
fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values.get(values.len().saturating_sub(1) * quarter / 4).copied().unwrap_or(f64::NAN))
}

/// The cargo that the command asks: that of rustup's default toolchain. It is called directly, since rustup's shim takes some
/// time itself. Without rustup, the cargo that runs this benchmark.
fn cargo(elsewhere: &Path) -> PathBuf {
    let rustup = |arguments: &[&str]| {
        // Run in a directory without a toolchain file.
        let output =
            Command::new("rustup").args(arguments).current_dir(elsewhere).env_remove("RUSTUP_TOOLCHAIN").output();
        let text = String::from_utf8(output.ok().filter(|output| output.status.success())?.stdout).ok()?;
        Some(text.trim().to_owned())
    };
    let default = rustup(&["default"]).and_then(|text| Some(text.split_whitespace().next()?.to_owned()));
    let program = default.and_then(|toolchain| rustup(&["which", "cargo", "--toolchain", &toolchain]));
    program.map(PathBuf::from).or_else(|| Some(std::env::var_os("CARGO")?.into())).unwrap_or_else(|| "cargo".into())
}
