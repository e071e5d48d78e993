//! Runs cargo: finds it, calls it, and reads its answer.
//!
//! Only `cargo metadata --no-deps --offline` is ever run. Without `--no-deps`, cargo resolves dependencies, writes Cargo.lock and
//! runs the compiler wrapper that a checkout's `.cargo/config.toml` may name. This form runs and writes nothing (cargo book,
//! "cargo metadata").

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use cargo_metadata::{CrateType, DependencyKind, Metadata, MetadataCommand, TargetKind};

use super::process::{End, Process, Said};
use super::workspace::{Dependency, Package, Target, TargetRole, Workspace};
use crate::fs::{Disk, path, read};

/// A running `cargo metadata`.
pub(crate) struct Query {
    process: Process,
    limit: Duration,
}

/// Why cargo gives no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// cargo's own error message.
    Refuses(String),
    /// cargo did not answer within this time. It may wait for the lock of another process.
    Silent(Duration),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refuses(reason) => f.write_str(reason),
            Self::Silent(limit) => {
                write!(f, "no answer within {} s (set CACHEKEYS_CARGO_TIMEOUT to wait longer)", limit.as_secs_f64())
            }
        }
    }
}

impl Query {
    /// Starts cargo for `manifest` in `directory`, where maturin runs it: cargo's configuration depends on the current directory,
    /// not on the manifest (cargo book, "Configuration: Hierarchical structure"). cargo is stopped after `limit`.
    pub(crate) fn start(disk: &Disk, manifest: &Path, directory: &Path, limit: Duration) -> Result<Self, String> {
        let cargo = find(disk, directory)
            .ok_or("cargo not found: rustup has no default toolchain, and `cargo` is not on PATH")?;
        let mut command = MetadataCommand::new();
        command.cargo_path(&cargo.program).manifest_path(manifest).no_deps();
        command.other_options(vec!["--offline".to_owned()]).current_dir(directory);
        let mut command = command.cargo_command();
        command
            // Lets a stable cargo read manifests with `cargo-features`; with `--no-deps` nothing is compiled.
            .env("RUSTC_BOOTSTRAP", "1")
            // If `cargo` is rustup's shim after all, it must not install a toolchain or use the one that the checkout requests.
            .env("RUSTUP_AUTO_INSTALL", "0")
            .env("CARGO_TERM_COLOR", "never");
        if let Some(toolchain) = cargo.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        Self::spawn(command, limit).map_err(|error| format!("cannot run {}: {error}", path::slashed(&cargo.program)))
    }

    /// Runs cargo for a test.
    #[cfg(test)]
    pub(super) fn asked(manifest: &Path, directory: &Path) -> Result<Workspace, Fault> {
        let started = Self::start(&Disk::default(), manifest, directory, Duration::from_mins(1));
        started.map_err(Fault::Refuses)?.finish(&Disk::default())
    }

    fn spawn(command: Command, limit: Duration) -> std::io::Result<Self> {
        Ok(Self { process: Process::spawn(command, limit)?, limit })
    }

    /// Waits for cargo's answer, or for its error message if it refuses. Once the answer is complete, the exit code does not
    /// matter.
    pub(crate) fn finish(mut self, disk: &Disk) -> Result<Workspace, Fault> {
        let mut json = Vec::new();
        loop {
            match self.process.listen() {
                Said::Bytes(bytes) => json.extend(bytes),
                Said::All => return self.end().and_then(|()| parse(disk, &json).map_err(Fault::Refuses)),
                Said::TooLate => return Err(Fault::Silent(self.limit)),
            }
            if let Ok(workspace) = parse(disk, &json) {
                return Ok(workspace);
            }
        }
    }

    /// Waits for cargo to end. Returns its error message if it failed.
    fn end(self) -> Result<(), Fault> {
        match self.process.end() {
            End::Of { status, .. } if status.success() => Ok(()),
            End::Of { status, stderr } => {
                Err(Fault::Refuses(complaint(&String::from_utf8_lossy(&stderr), &status.to_string())))
            }
            End::TooLate => Err(Fault::Silent(self.limit)),
            End::Lost(error) => Err(Fault::Refuses(format!("cannot wait for cargo: {error}"))),
        }
    }
}

fn parse(disk: &Disk, json: &[u8]) -> Result<Workspace, String> {
    let json = std::str::from_utf8(json).map_err(|_| "cargo's output is not UTF-8".to_owned())?;
    MetadataCommand::parse(json)
        .map(|metadata| workspace(disk, &metadata))
        .map_err(|error| format!("cargo's output cannot be read: {error}"))
}

/// The text of cargo's error without prefixes and source excerpts: the first failure and its causes.
fn complaint(stderr: &str, status: &str) -> String {
    let is_drawing = |line: &str| {
        line.starts_with("-->") || line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|')
    };
    let lines = stderr.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("warning:"));
    let lines = lines.skip_while(|line| !line.starts_with("error"));
    let lines = lines.filter(|line| *line != "Caused by:" && !is_drawing(line));
    let lines = lines.map(|line| line.strip_prefix("error: ").unwrap_or(line).trim_end_matches(':'));
    let lines: Vec<&str> = lines.map(read::without_code).collect();
    match lines.as_slice() {
        [] => format!("cargo failed without a message ({status})"),
        [first, second, .., last] if lines.len() > CAUSES => format!("{first}: {second}: ... {last}"),
        all => all.join(": "),
    }
}

/// If cargo names more causes, those in the middle are left out.
const CAUSES: usize = 8;

struct Cargo {
    program: PathBuf,
    /// The toolchain for rustup's shim to use.
    toolchain: Option<OsString>,
}

/// The default cargo: that of rustup's default toolchain, called directly, or else `cargo` from PATH.
///
/// Never one that the checkout chooses. A rust-toolchain.toml with `path = "/…"` makes rustup's shim run a program of the
/// checkout, so the shim is avoided. PATH entries that are relative or inside the repository are skipped.
fn find(disk: &Disk, directory: &Path) -> Option<Cargo> {
    let rustup = home("RUSTUP_HOME", ".rustup");
    if let Some(program) = rustup.as_deref().and_then(|rustup| default_toolchain_cargo(disk, rustup)) {
        return Some(Cargo { program, toolchain: None });
    }
    let checkout = disk.repository(directory).unwrap_or(directory);
    let program = std::env::split_paths(&std::env::var_os("PATH")?)
        .filter(|entry| entry.is_absolute() && !disk.real_directory(entry).starts_with(checkout))
        .map(|entry| entry.join(format!("cargo{}", std::env::consts::EXE_SUFFIX)))
        .find(|program| program.is_file())?;
    if !is_rustup_shim(&program) {
        return Some(Cargo { program, toolchain: None });
    }
    // The shim has no default toolchain. Any installed one can read manifests.
    let toolchain = disk.entries(&rustup?.join("toolchains")).ok()?.first()?.file_name();
    Some(Cargo { program, toolchain: Some(toolchain) })
}

/// The directory in an environment variable, or else the default in the user's home.
pub(crate) fn home(variable: &str, default: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    set.filter(|path| path.is_absolute()).or_else(|| Some(std::env::home_dir()?.join(default)))
}

/// Reads the default toolchain from rustup's settings (`default_toolchain` in `settings.toml`), so that rustup need not run.
fn default_toolchain_cargo(disk: &Disk, rustup: &Path) -> Option<PathBuf> {
    let text = disk.text(rustup.join("settings.toml")).ok()?;
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

/// rustup installs its shims in one directory, as links to itself or as copies.
fn is_rustup_shim(program: &Path) -> bool {
    let real = dunce::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    let is_rustup = |path: &Path| path.file_stem().is_some_and(|name| name == "rustup");
    is_rustup(&real) || program.with_file_name(format!("rustup{}", std::env::consts::EXE_SUFFIX)).is_file()
}

fn workspace(disk: &Disk, metadata: &Metadata) -> Workspace {
    let target_directory = disk.resolve(metadata.target_directory.as_std_path());
    let build_directory = metadata.build_directory.as_ref().map(|path| disk.resolve(path.as_std_path()));
    Workspace {
        root: disk.real_directory(metadata.workspace_root.as_std_path()),
        build_directory: build_directory.filter(|place| *place != target_directory),
        target_directory,
        packages: metadata.packages.iter().map(|found| Arc::new(package(disk, found))).collect(),
    }
}

fn package(disk: &Disk, package: &cargo_metadata::Package) -> Package {
    Package {
        name: package.name.to_string(),
        manifest: disk.resolve(package.manifest_path.as_std_path()),
        targets: package.targets.iter().filter_map(|found| target(disk, found)).collect(),
        dependencies: package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .map(|dependency| Dependency {
                name: dependency.name.clone(),
                build: dependency.kind == DependencyKind::Build,
                features: dependency.features.clone(),
                manifest: dependency.path.as_ref().map(|path| disk.resolve(path.join("Cargo.toml").as_std_path())),
            })
            .collect(),
    }
}

/// `None` for targets that are never in a wheel: tests, examples, benches.
fn target(disk: &Disk, target: &cargo_metadata::Target) -> Option<Target> {
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
        // cargo does not normalise the path: `[lib] path = "../shared/lib.rs"` becomes `app/../shared/lib.rs`.
        source: disk.resolve(target.src_path.as_std_path()),
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
        assert_eq!(complaint("", "signal: 9"), "cargo failed without a message (signal: 9)");
    }

    #[cfg(unix)]
    #[test]
    fn a_cargo_that_does_not_answer_is_given_up() {
        let ask = |script: &str, limit| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            let started = std::time::Instant::now();
            let answer = Query::spawn(command, limit).unwrap().finish(&Disk::default());
            assert!(started.elapsed() < Duration::from_secs(30), "{script}");
            answer.unwrap_err()
        };
        let short = Duration::from_millis(500);
        for script in [
            "echo '{' ; sleep 600 & wait", "sleep 600",
            // Prints everything, and does not end.
            "exec >&- ; sleep 600", "exec >&- 2>&- ; sleep 600",
        ] {
            assert_eq!(ask(script, short), Fault::Silent(short), "{script}");
        }
        let long = Duration::from_mins(1);
        for (script, expected) in [
            ("kill -9 $$", "cargo failed without a message (signal: 9 (SIGKILL))"),
            ("echo 'error: no' >&2; exit 1", "no"),
            // A process that outlives it keeps the pipe open.
            ("sleep 9 >/dev/null & echo 'error: no' >&2; exit 1", "no"),
        ] {
            assert_eq!(ask(script, long), Fault::Refuses(expected.to_owned()), "{script}");
        }
        for (script, expected) in [
            ("echo garbage", "cargo's output cannot be read"),
            ("printf '\\377'", "cargo's output is not UTF-8"),
            ("yes", "cargo failed without a message"),
            ("yes error: no >&2 & yes", "no: no"),
        ] {
            let said = ask(script, Duration::from_secs(5)).to_string();
            assert!(said.contains(expected) || said.contains("no answer within"), "{script}: {said}");
        }
    }
}
