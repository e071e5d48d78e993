//! Nothing in the checked project is executed. Wherever a checkout can name a program for cargo, rustup, Python or the shell, the
//! test puts a trap that leaves a mark if it runs. The real tools show that the traps work.
//!
//! Runs on Unix only, since the traps are shell scripts.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/limits.rs"]
mod limits;
mod support;

use std::path::PathBuf;
use std::process::Command;

use limits::{LONG, MANIFEST, PROJECT, executable, within};
use support::Sandbox;

/// The names of programs that a checkout may contain.
const NAMES: [&str; 16] = [
    "cargo", "rustc", "rustup", "rustdoc", "maturin", "python", "python3", "uv", "git", "cc", "sh", "wrapper",
    "linker", "runner", "provider", "cargo-metadata",
];

/// A checkout full of traps, in `checkout/`. A trap that runs creates `executed-<name>` next to it.
fn trapped() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("checkout/.git")).unwrap();
    for name in NAMES {
        let mark = format!("touch '{}'", sandbox.path(&format!("executed-{name}")).display());
        for place in ["", "bin/", ".venv/bin/", "target/debug/", "toolchain/bin/"] {
            executable(&sandbox, &format!("checkout/{place}{name}"), &mark);
        }
    }
    let at = |name: &str| sandbox.path(&format!("checkout/bin/{name}")).display().to_string();
    sandbox.write(
        "checkout/.cargo/config.toml",
        format!(
            "[build]\nrustc = '{rustc}'\nrustc-wrapper = '{wrapper}'\nrustc-workspace-wrapper = '{wrapper}'\nrustdoc = \
             '{rustdoc}'\n[alias]\nmetadata = ['run']\nm = 'metadata'\n[registry]\nglobal-credential-providers = \
             ['{provider}']\n[registries.own]\nindex = 'sparse+https://example.invalid/'\ncredential-provider = \
             '{provider}'\n[target.'cfg(all())']\nlinker = '{linker}'\nrunner = '{runner}'\n[env]\nRUSTC = {{ value = \
             '{rustc}', force = true }}\nCARGO = {{ value = '{rustc}', force = true }}\n[credential-alias]\nx = \
             ['{provider}']\n",
            rustc = at("rustc"),
            wrapper = at("wrapper"),
            rustdoc = at("rustdoc"),
            provider = at("provider"),
            linker = at("linker"),
            runner = at("runner"),
        ),
    );
    let toolchain = sandbox.path("checkout/toolchain").display().to_string();
    let mark = |name: &str| sandbox.path(&format!("executed-{name}")).display().to_string();
    let writes = |name: &str| format!("std::fs::write({:?}, \"\").unwrap();", mark(name));
    sandbox
        .write("checkout/rust-toolchain.toml", format!("[toolchain]\npath = '{toolchain}'\n"))
        .write("checkout/build.rs", format!("fn main() {{ {} }}", writes("build-script")))
        .write("checkout/src/lib.rs", "#[macros::run] fn f() {}\nconst A: &str = include_str!(\"lib.rs\");")
        .write("checkout/macros/Cargo.toml", format!("{}[lib]\nproc-macro = true\n", MANIFEST.replace("ext", "macros")))
        .write(
            "checkout/macros/src/lib.rs",
            format!(
                "#[proc_macro_attribute] pub fn run(_: proc_macro::TokenStream, i: proc_macro::TokenStream) -> \
                 proc_macro::TokenStream {{ {} i }}",
                writes("macro")
            ),
        )
        .write(
            "checkout/Cargo.toml",
            format!(
                "{MANIFEST}[dependencies]\nmacros = {{ path = \"macros\" }}\n[workspace]\nmembers = [\"macros\"]\n"
            ),
        )
        .write("checkout/backend/shim.py", format!("open({:?}, 'w')\n", mark("backend")))
        .write("checkout/sitecustomize.py", format!("open({:?}, 'w')\n", mark("sitecustomize")))
        .write(
            "checkout/setup.py",
            format!(
                "open({:?}, 'w')\nfrom setuptools_rust import RustExtension\nRustExtension('a.b')\n",
                mark("setup")
            ),
        )
        .write("checkout/pyproject.toml", PROJECT);
    sandbox
}

fn marks(sandbox: &Sandbox) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut marks: Vec<String> =
        entries.map(|name| name.into_string().unwrap()).filter(|name| name.starts_with("executed-")).collect();
    marks.sort();
    for mark in &marks {
        std::fs::remove_file(sandbox.path(mark)).unwrap();
    }
    marks
}

const WRAPPED: &str =
    "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"shim\"\nbackend-path = [\"backend\"]\n";
const SETUPTOOLS: &str =
    "[build-system]\nrequires = [\"setuptools-rust\"]\nbuild-backend = \"setuptools.build_meta\"\n";

const COMMANDS: [&[&str]; 11] = [
    &["check"],
    &["check", "--fix"],
    &["check", "--diff", "--unsafe-fixes"],
    &["check", "--metadata", "cargo"],
    &["inputs"],
    &["keys"],
    &["explain", "src/lib.rs"],
    &["explain", "$PATH"],
    &["verify"],
    &["status"],
    &["--version", "-v"],
];

/// The directory of the cargo that built this test, without rustup's shim.
fn toolchain_directory() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO").unwrap()).parent().unwrap().to_owned()
}

#[track_caller]
fn assert_nothing_runs(prepare: &dyn Fn(&mut Command, &Sandbox)) {
    for backend in [PROJECT, WRAPPED, SETUPTOOLS] {
        let sandbox = trapped();
        sandbox.write("checkout/pyproject.toml", backend);
        for arguments in COMMANDS {
            let mut command = Command::new(env!("CARGO_BIN_EXE_cachekeys"));
            command.args(arguments).current_dir(sandbox.path("checkout"));
            prepare(&mut command, &sandbox);
            let run = within(&mut command, LONG);
            assert_eq!(marks(&sandbox), Vec::<String>::new(), "{arguments:?}\n{}{}", run.stdout, run.stderr);
            // cargo was asked, and read the configuration that contains the traps.
            let said = run.stdout + &run.stderr;
            assert!(!said.contains("CK303") && !said.contains("read the manifests itself"), "{arguments:?}\n{said}");
        }
    }
}

#[test]
fn with_the_tools_of_the_machine() {
    assert_nothing_runs(&|_, _| {});
}

#[test]
fn with_a_path_that_leads_into_the_checkout() {
    assert_nothing_runs(&|command, sandbox| {
        let checkout = sandbox.path("checkout").display().to_string();
        let path = std::env::var("PATH").unwrap();
        // `--version -v` runs the tools of the machine, which it finds on the caller's PATH.
        if !command.get_args().any(|argument| argument == "-v") {
            let link = sandbox.path("link");
            let _ = std::os::unix::fs::symlink(sandbox.path("checkout/bin"), &link);
            let entries =
                format!(".::bin:./bin:{checkout}:{checkout}/bin:{checkout}/.venv/bin:{}:{path}", link.display());
            command.env("PATH", entries);
        }
    });
}

#[test]
fn with_a_cargo_from_path_alone() {
    assert_nothing_runs(&|command, sandbox| {
        let path = format!("{}:/usr/bin:/bin", toolchain_directory().display());
        command.env("PATH", path).env("RUSTUP_HOME", sandbox.path("none"));
    });
}

#[test]
fn with_the_shim_of_a_rustup_that_has_no_default() {
    // A rustup that treats the file in the checkout as the real one does: it runs the cargo that the file names, unless a
    // toolchain is set explicitly.
    assert_nothing_runs(&|command, sandbox| {
        let real = toolchain_directory().join("cargo").display().to_string();
        let shim = format!(
            "if [ -n \"$RUSTUP_TOOLCHAIN\" ]; then exec '{real}' \"$@\"; fi\ntouch '{}'",
            sandbox.path("executed-by-rustup").display()
        );
        executable(sandbox, "home/bin/rustup", &shim);
        executable(sandbox, "home/bin/cargo", &shim);
        std::fs::create_dir_all(sandbox.path("home/toolchains/some")).unwrap();
        let path = format!("{}:/usr/bin:/bin", sandbox.path("home/bin").display());
        command.env("PATH", path).env("RUSTUP_HOME", sandbox.path("home"));
        if command.get_args().any(|argument| argument == "-v") {
            command.env("RUSTUP_TOOLCHAIN", "some");
        }
    });
}

/// Shows that the tests above can fail.
#[test]
fn the_traps_are_sharp() {
    let sandbox = trapped();
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(toolchain_directory().join("cargo"));
        command.args(arguments).current_dir(sandbox.path("checkout")).env_remove("RUSTC").env_remove("RUSTC_WRAPPER");
        // The command fails because a trap is not a compiler.
        command.env("CARGO_NET_OFFLINE", "true").env("CARGO_CACHE_RUSTC_INFO", "0").output().unwrap();
        marks(&sandbox)
    };
    // `cargo metadata` in a form that the command never uses, and a build.
    assert_eq!(cargo(&["metadata", "--format-version", "1"]), ["executed-wrapper"]);
    assert_eq!(cargo(&["build"]), ["executed-wrapper"]);
    std::fs::remove_file(sandbox.path("checkout/.cargo/config.toml")).unwrap();
    assert_eq!(cargo(&["check"]), ["executed-build-script", "executed-macro"]);
    // A shell finds the `cargo` of the checkout on this PATH.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "cargo metadata; rustc; git status; :"]).env("PATH", ".:bin:/usr/bin:/bin");
    shell.current_dir(sandbox.path("checkout")).output().unwrap();
    assert_eq!(marks(&sandbox), ["executed-cargo", "executed-git", "executed-rustc"]);
}
