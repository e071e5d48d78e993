//! Asking cargo: which cargo, how it is called, and its answer in this crate's own terms.
//!
//! Only `cargo metadata --no-deps --offline` is ever run. The full form resolves, writes Cargo.lock and runs the compiler
//! wrapper that a checkout's `.cargo/config.toml` may name; this form runs and writes nothing (cargo book, "cargo metadata").

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use cargo_metadata::{CrateType, DependencyKind, Metadata, MetadataCommand, TargetKind};

use super::workspace::{Dependency, Package, Target, TargetRole, Workspace};
use crate::disk;
use crate::paths::{self, Resolver};

/// A `cargo metadata` that is on its way.
pub(crate) struct Query {
    /// The line that is the answer, and then, where there is one, the rest.
    answer: Receiver<Vec<u8>>,
    process: Process,
}

/// A cargo that says nothing for so long waits for something that will not come, such as the lock of another.
const LIMIT: Duration = Duration::from_mins(1);

impl Query {
    /// Starts cargo for `manifest`, in `directory`, which is where maturin runs it: cargo's configuration follows the
    /// current directory, not the manifest (cargo book, "Configuration: Hierarchical structure").
    pub(crate) fn start(manifest: &Path, directory: &Path) -> Result<Self, String> {
        let cargo =
            find(directory).ok_or("no cargo found: rustup has no default toolchain, and PATH has no `cargo`")?;
        let mut command = MetadataCommand::new();
        command.cargo_path(&cargo.program).manifest_path(manifest).no_deps();
        command.other_options(vec!["--offline".to_owned()]).current_dir(directory);
        let mut command = command.cargo_command();
        command
            // Lets a stable cargo read manifests with `cargo-features`; with `--no-deps` nothing is compiled.
            .env("RUSTC_BOOTSTRAP", "1")
            // Where `cargo` is rustup's shim after all, it must neither install a toolchain nor obey the checkout's.
            .env("RUSTUP_AUTO_INSTALL", "0")
            .env("CARGO_TERM_COLOR", "never");
        if let Some(toolchain) = cargo.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        Self::spawn(command).map_err(|error| format!("cannot run {}: {error}", cargo.program.display()))
    }

    fn spawn(mut command: Command) -> std::io::Result<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let (sender, answer) = mpsc::channel();
        std::thread::spawn(move || read(stdout, &sender));
        Ok(Self { answer, process: Process { stderr: child.stderr.take().map(drain), child } })
    }

    /// Waits for cargo's answer; its own words where it refuses. Then cargo still has to clean up after itself, which nobody
    /// need wait for yet.
    pub(crate) fn finish(self) -> (Result<Workspace, String>, Process) {
        self.finish_within(LIMIT)
    }

    fn finish_within(mut self, limit: Duration) -> (Result<Workspace, String>, Process) {
        let deadline = Instant::now() + limit;
        let mut json = Vec::new();
        let answer = loop {
            match self.answer.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => json.extend(bytes),
                Err(RecvTimeoutError::Timeout) => {
                    self.process.stop();
                    break Err(format!("cargo did not answer within {} seconds", limit.as_secs()));
                }
                Err(RecvTimeoutError::Disconnected) => break self.process.end().and_then(|()| parse(&json)),
            }
            if let Ok(workspace) = parse(&json) {
                break Ok(workspace);
            }
        };
        (answer, self.process)
    }
}

/// What a pipe holds on Linux.
const PIPE: usize = 1 << 16;

/// Hands on what cargo says: the first line as soon as it is there.
fn read(stdout: ChildStdout, answer: &Sender<Vec<u8>>) {
    let mut stdout = BufReader::with_capacity(PIPE, stdout);
    let (mut line, mut rest) = (Vec::new(), Vec::new());
    // A pipe that breaks ends the answer; the exit status or the parser says what is the matter. Where nobody listens any
    // more the pipe is closed, so that cargo does not wait to get rid of the rest.
    let _ = stdout.read_until(b'\n', &mut line);
    if answer.send(line).is_ok() {
        let _ = stdout.read_to_end(&mut rest);
        let _ = answer.send(rest);
    }
}

/// A cargo that runs, or has run. Waited for when dropped, so that none outlives its caller.
pub(crate) struct Process {
    child: Child,
    /// Drained while we do something else: a full pipe would stop cargo.
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Process {
    /// Waits for the end; cargo's complaint where it failed.
    fn end(&mut self) -> Result<(), String> {
        let status = self.child.wait().map_err(|error| format!("cargo was lost: {error}"))?;
        let stderr = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        if status.success() {
            return Ok(());
        }
        Err(complaint(&String::from_utf8_lossy(&stderr), &status.to_string()))
    }

    /// Ends it by force. What it has started itself may still hold the pipe, so nobody waits for that to be empty.
    fn stop(&mut self) {
        self.stderr = None;
        let _ = self.child.kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

fn drain(mut pipe: ChildStderr) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a failure is complaint enough.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn parse(json: &[u8]) -> Result<Workspace, String> {
    let json = std::str::from_utf8(json).map_err(|_| "cargo's answer is not UTF-8".to_owned())?;
    MetadataCommand::parse(json)
        .map(|metadata| workspace(&metadata))
        .map_err(|error| format!("cargo's answer cannot be read: {error}"))
}

/// cargo's complaint without its prefixes and its drawings of source: what failed first, and the causes.
fn complaint(stderr: &str, status: &str) -> String {
    let is_drawing = |line: &str| {
        line.starts_with("-->") || line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|')
    };
    let lines = stderr.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("warning:"));
    let lines = lines.skip_while(|line| !line.starts_with("error"));
    let lines = lines.filter(|line| *line != "Caused by:" && !is_drawing(line));
    let lines = lines.map(|line| line.strip_prefix("error: ").unwrap_or(line).trim_end_matches(':'));
    let lines: Vec<&str> = lines.map(|line| line.split(" (os error").next().unwrap_or(line)).collect();
    if lines.is_empty() { format!("cargo failed without a word ({status})") } else { lines.join(": ") }
}

struct Cargo {
    program: PathBuf,
    /// The toolchain to force upon rustup's shim.
    toolchain: Option<OsString>,
}

/// The cargo that builds by default: that of rustup's default toolchain, called directly, else `cargo` from PATH.
///
/// Never one that the checkout chooses: a rust-toolchain.toml with `path = "/…"` makes rustup's shim run a program of the
/// checkout, and PATH entries that are relative or inside the repository are passed over.
fn find(directory: &Path) -> Option<Cargo> {
    let rustup = home("RUSTUP_HOME", ".rustup");
    if let Some(program) = rustup.as_deref().and_then(default_toolchain_cargo) {
        return Some(Cargo { program, toolchain: None });
    }
    let checkout = paths::repository(directory).unwrap_or(directory);
    let program = std::env::split_paths(&std::env::var_os("PATH")?)
        .filter(|entry| entry.is_absolute() && !paths::real_directory(entry).starts_with(checkout))
        .map(|entry| entry.join(format!("cargo{}", std::env::consts::EXE_SUFFIX)))
        .find(|program| program.is_file())?;
    if !is_rustup_shim(&program) {
        return Some(Cargo { program, toolchain: None });
    }
    // The shim without a default toolchain: any installed one can read manifests.
    let toolchains = std::fs::read_dir(rustup?.join("toolchains")).ok()?;
    let toolchain = toolchains.filter_map(|entry| Some(entry.ok()?.file_name())).min()?;
    Some(Cargo { program, toolchain: Some(toolchain) })
}

/// The directory that a variable names, else one in the user's home.
pub(super) fn home(variable: &str, default: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    set.filter(|path| path.is_absolute()).or_else(|| Some(std::env::home_dir()?.join(default)))
}

/// Reads the name from rustup's settings (`default_toolchain` in `settings.toml`), so that rustup need not run.
fn default_toolchain_cargo(rustup: &Path) -> Option<PathBuf> {
    let text = disk::text(rustup.join("settings.toml")).ok()?;
    let settings = toml_edit::Document::parse(text).ok()?;
    let name = settings.get("default_toolchain")?.as_str()?;
    let host = settings.get("default_host_triple").and_then(toml_edit::Item::as_str);
    let names = [Some(name.to_owned()), host.map(|host| format!("{name}-{host}"))];
    names
        .into_iter()
        .flatten()
        .map(|name| {
            let cargo = format!("cargo{}", std::env::consts::EXE_SUFFIX);
            rustup.join("toolchains").join(name).join("bin").join(cargo)
        })
        .find(|program| program.is_file())
}

/// rustup installs its shims as links to, or copies of, itself in one directory.
fn is_rustup_shim(program: &Path) -> bool {
    let real = dunce::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    let is_rustup = |path: &Path| path.file_stem().is_some_and(|name| name == "rustup");
    is_rustup(&real) || program.with_file_name(format!("rustup{}", std::env::consts::EXE_SUFFIX)).is_file()
}

fn workspace(metadata: &Metadata) -> Workspace {
    let paths = &mut Resolver::default();
    Workspace {
        root: paths::real_directory(metadata.workspace_root.as_std_path()),
        target_directory: paths.resolve(metadata.target_directory.as_std_path()),
        build_directory: metadata.build_directory.as_ref().map(|path| paths.resolve(path.as_std_path())),
        packages: metadata.packages.iter().map(|found| package(found, paths)).collect(),
    }
}

fn package(package: &cargo_metadata::Package, paths: &mut Resolver) -> Package {
    Package {
        name: package.name.to_string(),
        manifest: paths.resolve(package.manifest_path.as_std_path()),
        targets: package.targets.iter().filter_map(|found| target(found, paths)).collect(),
        dependencies: package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .map(|dependency| Dependency {
                name: dependency.name.clone(),
                build: dependency.kind == DependencyKind::Build,
                features: dependency.features.clone(),
                manifest: dependency.path.as_ref().map(|path| paths.resolve(path.join("Cargo.toml").as_std_path())),
            })
            .collect(),
    }
}

/// `None` for what never is part of a wheel: tests, examples, benches.
fn target(target: &cargo_metadata::Target, paths: &mut Resolver) -> Option<Target> {
    let role = target.kind.iter().find_map(|kind| match kind {
        TargetKind::Test | TargetKind::Bench | TargetKind::Example => None,
        TargetKind::CustomBuild => Some(TargetRole::BuildScript),
        TargetKind::Bin => Some(TargetRole::Bin),
        _ => Some(TargetRole::Library),
    })?;
    Some(Target {
        role,
        cdylib: target.crate_types.contains(&CrateType::CDyLib),
        proc_macro: target.kind.contains(&TargetKind::ProcMacro),
        // cargo does not normalise it: `[lib] path = "../shared/lib.rs"` comes as `app/../shared/lib.rs`.
        source: paths.resolve(target.src_path.as_std_path()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_lose_their_prefixes_and_keep_the_cause() {
        let stderr = "warning: x\nerror: failed to load manifest for `/w/a`\n\nCaused by:\n  failed to read `/w/a/Cargo.toml`\n\nCaused by:\n  No such file\n";
        assert_eq!(
            complaint(stderr, "exit status: 101"),
            "failed to load manifest for `/w/a`: failed to read `/w/a/Cargo.toml`: No such file"
        );
        assert_eq!(complaint("", "signal: 9"), "cargo failed without a word (signal: 9)");
    }

    #[cfg(unix)]
    #[test]
    fn a_cargo_that_does_not_answer_is_given_up() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            Query::spawn(command).unwrap()
        };
        let started = Instant::now();
        let (answer, process) = shell("echo '{' ; sleep 600 & wait").finish_within(Duration::from_secs(1));
        drop(process);
        assert_eq!(answer.unwrap_err(), "cargo did not answer within 1 seconds");
        assert!(started.elapsed() < Duration::from_mins(1));
        let (answer, _) = shell("echo 'error: no' >&2; exit 1").finish();
        assert_eq!(answer.unwrap_err(), "no");
    }
}
