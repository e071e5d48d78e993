//! Hostile trees: the command ends within a time limit and with little memory, reports what it could not read, and neither
//! crashes nor reports the project as clean.
//!
//! Linux only, because it needs names of arbitrary bytes that differ in case, FIFOs, symlinks and a memory limit.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

#[path = "support/limits.rs"]
mod limits;
mod support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::time::Duration;

use limits::{LONG, MANIFEST, PROJECT, assert_says, check, project, run};
use support::{Run, Sandbox};

#[test]
fn a_fifo_or_a_socket_is_not_read_as_a_file() {
    const SOURCES: [&str; 5] = ["src/lib.rs", "src/a.rs", "p.rs", "x.txt", "build.rs"];
    const OTHERS: [&str; 16] = [
        "Cargo.toml", "Cargo.lock", "pyproject.toml", ".cargo/config.toml", "rust-toolchain.toml", "setup.py",
        "uv.toml", "sub/pyproject.toml", "README.md", ".git/HEAD", "askama.toml", ".gitmodules", ".gitignore",
        ".git/info/exclude", "sub/.gitignore", "data/deep/.gitignore",
    ];
    for place in SOURCES.iter().chain(&OTHERS) {
        for is_fifo in [true, false] {
            let sandbox = project();
            sandbox
                .write("src/lib.rs", "mod a; const A: &str = include_str!(\"../x.txt\"); #[path = \"../p.rs\"] mod p;")
                .write("src/b.rs", "static DATA: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/data\");")
                .write("data/a", "");
            sandbox.write(place, "");
            let path = sandbox.path(place);
            std::fs::remove_file(&path).unwrap();
            let _listener = if is_fifo {
                assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
                None
            } else {
                Some(UnixListener::bind(&path).unwrap())
            };
            for command in ["check", "inputs", "keys"] {
                // cargo itself would wait for a FIFO.
                let mut limited = sandbox.command();
                let run = limits::within(limited.arg(command).env("CACHEKEYS_CARGO_TIMEOUT", "1"), LONG);
                assert!(matches!(run.code, Some(0..=2)), "{place}, {command}: {:?}", run.code);
                if command == "check" {
                    let said = run.stdout + &run.stderr;
                    assert_ne!(run.code, Some(0), "{place}: {said}");
                    if matches!(*place, "src/lib.rs" | "Cargo.toml") {
                        assert_says(&said, "CK303");
                    }
                    if place.ends_with("ignore") || place.ends_with("exclude") {
                        assert_says(&said, &format!("{place}: not a regular file"));
                    }
                }
            }
        }
    }
}

/// Symlinks to themselves, to each other, in cycles and to missing files.
fn links() -> Sandbox {
    let sandbox = project();
    for (link, target) in [
        ("src/here", "."),
        ("src/up", ".."),
        ("src/self.rs", "self.rs"),
        ("src/gone.rs", "nowhere"),
        ("a", "b"),
        ("b", "a"),
    ] {
        symlink(target, sandbox.path(link)).unwrap();
    }
    sandbox
}

#[test]
fn links_lead_in_cycles_and_out_of_the_tree() {
    assert_says(&check(&links()), "CK101");
    for target in ["/", "/usr", "/proc"] {
        let sandbox = project();
        symlink(target, sandbox.path("src/out")).unwrap();
        assert_says(
            &check(&sandbox),
            "cannot read src/out: a symlink that leads out of the repository is not followed",
        );
    }
}

/// Path dependencies that lead through a cycle of symlinks, next to a project.
fn endless_paths() -> Sandbox {
    let sandbox = project();
    sandbox.write("Cargo.toml", format!("{MANIFEST}[dependencies]\na = {{ path = \"a\" }}\n[workspace]\n"));
    for link in ["x", "y"] {
        symlink(".", sandbox.path(link)).unwrap();
    }
    for (name, other) in [("a", "b"), ("b", "a")] {
        let paths = ["x", "y"]
            .map(|link| format!("{other}-{link} = {{ path = \"../{link}/{other}\", package = \"{other}\" }}"));
        let manifest = format!("{}[dependencies]\n{}\n", MANIFEST.replace("ext", name), paths.join("\n"));
        sandbox.write(&format!("{name}/Cargo.toml"), manifest).write(&format!("{name}/src/lib.rs"), "");
    }
    // Whether a crate is a member is known only once all members are known.
    sandbox
        .write("c/Cargo.toml", MANIFEST.replace("ext", "c"))
        .write("c/src/lib.rs", "")
        .write("c/pyproject.toml", PROJECT);
    sandbox
}

#[test]
fn path_dependencies_lead_through_a_cycle_of_links() {
    let sandbox = endless_paths();
    for metadata in ["auto", "manifest"] {
        let run = run(&sandbox, &["check", "c", "--metadata", metadata], LONG);
        assert_says(&(run.stdout + &run.stderr), "CK101");
        // cargo follows the symlinks until the system refuses, and lists every step. The message is shortened.
        assert!(run.stderr.len() < 1000, "{}", run.stderr);
    }
}

#[test]
fn reports_do_not_depend_on_the_number_of_threads() {
    for sandbox in [links(), endless_paths()] {
        for arguments in [&["check", "-v"][..], &["inputs"], &["check", "--metadata", "manifest"]] {
            let with = |threads: &str| {
                let mut command = sandbox.command();
                Run::of(command.args(arguments).env("RAYON_NUM_THREADS", threads), &sandbox.path("")).transcript()
            };
            let alone = with("1");
            for threads in ["2", "16"] {
                assert_eq!(with(threads), alone, "{arguments:?} with {threads} threads");
            }
        }
    }
}

#[test]
fn modules_declare_each_other() {
    let sandbox = project();
    // If the sources are next to the manifest, `--fix` writes no glob, and modules are followed one by one.
    sandbox.write("Cargo.toml", format!("{MANIFEST}[lib]\npath = \"lib.rs\"\n"));
    sandbox.write("lib.rs", "#[path = \"a.rs\"] mod a; #[path = \"lib.rs\"] mod lib;");
    sandbox.write("a.rs", "#[path = \"b.rs\"] mod b; include!(\"b.rs\");");
    sandbox.write(
        "b.rs",
        "#[path = \"a.rs\"] mod a; #[path = \"./././a.rs\"] mod c; include!(\"a.rs\"); include!(\"b.rs\");",
    );
    let run = run(&sandbox, &["check", "--fix"], LONG);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    for file in ["lib.rs", "a.rs", "b.rs"] {
        assert!(sandbox.read("pyproject.toml").contains(&format!("\"{file}\"")), "{file}");
    }
}

#[test]
fn files_outside_are_listed_but_neither_walked_nor_written() {
    let outside: &[(&str, String)] = &[
        ("src/lib.rs", "const A: &str = include_str!(\"/etc/passwd\");".to_owned()),
        ("src/lib.rs", "#[path = \"../../../../../../../../etc/passwd\"] mod p;".to_owned()),
        ("src/lib.rs", "include!(\"/etc/passwd\");".to_owned()),
        ("src/lib.rs", "static D: Dir = include_dir!(\"/\");".to_owned()),
        ("src/lib.rs", "static D: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/../../../..\");".to_owned()),
        ("build.rs", "fn main() { println!(\"cargo:rerun-if-changed=/\"); }".to_owned()),
        ("build.rs", "fn main() { println!(\"cargo:rerun-if-changed=/etc/passwd\"); }".to_owned()),
        ("pyproject.toml", format!("{PROJECT}[tool.maturin]\ndata = \"/\"\n")),
        (
            "pyproject.toml",
            format!(
                "{PROJECT}[tool.maturin]\npython-source = \"/\"\nmodule-name = \"usr\"\n[tool.cachekeys]\neditable = false\n"
            ),
        ),
        (
            "pyproject.toml",
            format!("{PROJECT}[tool.maturin]\ninclude = [\"../../../../**\"]\n[tool.cachekeys]\neditable = false\n"),
        ),
        ("pyproject.toml", format!("{PROJECT}[tool.cachekeys]\nextra-inputs = [\"../../../..\"]\n")),
        ("pyproject.toml", format!("{PROJECT}[tool.cachekeys]\nextra-inputs = [\"../../../../**/*.rs\"]\n")),
        ("pyproject.toml", format!("{PROJECT}backend-path = [\"/\"]\n").replace("\"maturin\"\n", "\"usr\"\n")),
        ("Cargo.toml", format!("{MANIFEST}[lib]\npath = \"/etc/passwd\"\n")),
        ("Cargo.toml", format!("{MANIFEST}[dependencies]\nroot = {{ path = \"/\" }}\n")),
        ("Cargo.toml", format!("{MANIFEST}[workspace]\nmembers = [\"/*\", \"../../../*/*\"]\n")),
    ];
    for (file, text) in outside {
        for has_repository in [true, false] {
            let sandbox = Sandbox::new();
            sandbox.write("p/Cargo.toml", MANIFEST).write("p/src/lib.rs", "").write("p/pyproject.toml", PROJECT);
            if has_repository {
                std::fs::create_dir(sandbox.path("p/.git")).unwrap();
            }
            sandbox.write(&format!("p/{file}"), text);
            // cargo walks what the manifest names, so its time is limited too.
            let run = run(&sandbox, &["check", "--fix", "p"], Duration::from_secs(30));
            let written = sandbox.read("p/pyproject.toml");
            let (before, keys) = written.split_once("cache-keys").unwrap_or((&written, ""));
            assert!(!keys.contains(".."), "{text}: {written}");
            assert!(!keys.contains("\"/"), "{text}: {written}");
            assert!(before.starts_with("[build-system]"), "{written}");
            assert!(!run.stdout.contains("root:x:"), "{}", run.stdout);
        }
    }
    let sandbox = project();
    sandbox.write("src/lib.rs", "const A: &str = include_str!(\"/etc/passwd\"); #[path = \"/etc/group\"] mod p;");
    let said = run(&sandbox, &["inputs"], LONG).stdout;
    for name in ["etc/passwd", "etc/group"] {
        assert!(said.lines().any(|line| line.contains(name) && line.contains("outside the repository")), "{said}");
    }
}

#[test]
fn names_do_not_control_the_terminal() {
    let sandbox = Sandbox::new();
    let (odd, bad) = ("pro\u{1b}[31mject", "b\u{9b}ad\u{7}");
    sandbox
        .write(".git/HEAD", "")
        .write(&format!("{odd}/Cargo.toml"), MANIFEST)
        .write(&format!("{odd}/src/lib.rs"), "");
    sandbox
        .write(&format!("{odd}/pyproject.toml"), PROJECT)
        .write(&format!("{bad}/pyproject.toml"), "x = \"\u{1b}[35m\"\n");
    let file = format!("{odd}/src/lib.rs");
    for arguments in [
        &["check"][..],
        &["check", "-v", "--output-format", "concise"],
        &["check", "--statistics"],
        &["inputs"],
        &["keys"],
        &["verify"],
        &["status"],
        &["explain", &file],
        &["check", "--show-files"],
        &["check", "--diff"],
        &["check", "--output-format", "github"],
        &["check", "gone\u{1b}[1m"],
        &["check", "--fix"],
    ] {
        let run = run(&sandbox, arguments, LONG);
        let said = run.stdout + &run.stderr;
        assert!(said.contains("\\u{") || said.contains("\\033"), "{arguments:?}: {said}");
        assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{arguments:?}: {said:?}");
    }
    // A file name does not split a line in two, or add a file to a patch.
    let sandbox = project();
    sandbox.write("x\n+++ y/Cargo.toml", format!("{MANIFEST}[workspace]\n")).write("x\n+++ y/src/lib.rs", "");
    sandbox.write("x\n+++ y/pyproject.toml", PROJECT);
    let run = |arguments: &[&str]| run(&sandbox, arguments, LONG).stdout;
    assert_eq!(run(&["check", "--show-files"]), "pyproject.toml\nx\\n+++ y/pyproject.toml\n");
    let diff = run(&["check", "--diff"]);
    let headers: Vec<&str> = diff.lines().filter(|line| line.starts_with("+++ ")).collect();
    assert_eq!(headers, ["+++ pyproject.toml", "+++ \"x\\012+++ y/pyproject.toml\""], "{diff}");
}

#[test]
fn a_gitignore_that_is_not_a_file_hides_nothing_silently() {
    for above in [false, true] {
        for (kind, code) in [("null", Some(1)), ("fifo", Some(2))] {
            let outer = Sandbox::new();
            let here = outer.path("inner");
            outer.write("inner/.git/HEAD", "").write("inner/Cargo.toml", MANIFEST).write("inner/src/lib.rs", "");
            outer.write("inner/pyproject.toml", PROJECT);
            let rules = if above { outer.path(".gitignore") } else { here.join(".gitignore") };
            match kind {
                "null" => std::os::unix::fs::symlink("/dev/null", &rules).unwrap(),
                _ => assert!(Command::new("mkfifo").arg(&rules).status().unwrap().success()),
            }
            for arguments in [&["check"][..], &["check", "src/lib.rs"]] {
                let run = limits::within(outer.command().args(arguments).current_dir(&here), LONG);
                // git reads no ignore files outside the repository.
                let code = if above { Some(1) } else { code };
                assert_eq!(run.code, code, "{kind}, above: {above}, {arguments:?}: {}{}", run.stdout, run.stderr);
            }
        }
    }
    // The directory that a `.git` file points to.
    for trap in ["g/commondir", "g/info/exclude"] {
        let sandbox = project();
        sandbox.write("g/commondir", ".\n").write("g/info/exclude", "");
        std::fs::remove_dir_all(sandbox.path(".git")).unwrap();
        sandbox.write(".git", "gitdir: g\n");
        std::fs::remove_file(sandbox.path(trap)).unwrap();
        assert!(Command::new("mkfifo").arg(sandbox.path(trap)).status().unwrap().success());
        let run = run(&sandbox, &["check"], LONG);
        assert_eq!(run.code, Some(2), "{trap}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn names_are_arbitrary_bytes() {
    let sandbox = project();
    let odd = [
        "a b", "q\"x", "it's", "[x]", "{a,b}", "*", "new\nline", "tab\t", "\u{1b}[31mred", "ü", "#h", "!n", "-x",
        "$HOME", "a\\b",
    ];
    for name in odd {
        sandbox.write(&format!("src/{name}/m.rs"), "const A: &str = include_str!(\"t\");");
        sandbox.write(&format!("src/{name}/t"), "");
    }
    for name in [b"\xff".as_slice(), b"by\xffte"] {
        let directory = sandbox.path("src").join(OsStr::from_bytes(name));
        std::fs::create_dir(&directory).unwrap();
        std::fs::write(directory.join("m.rs"), "const A: &str = include_str!(\"t\");").unwrap();
        std::fs::write(directory.join("t"), "").unwrap();
    }
    let first = run(&sandbox, &["check", "--fix"], LONG);
    let written = sandbox.read("pyproject.toml");
    for key in ["src/**/*.rs", "src/a b/t", "src/q\\\"x/t", "src/it's/t", "src/ü/t"] {
        assert!(written.contains(&format!("\"{key}\"")), "{key}: {written}");
    }
    assert_says(&first.stdout, "no key can name it");
    for format in ["full", "concise", "github", "json-lines"] {
        let again = run(&sandbox, &["check", "--fix", "--output-format", format], LONG);
        assert_eq!(again.code, Some(1), "{}", again.stdout);
        assert_eq!(sandbox.read("pyproject.toml"), written);
        assert!(!again.stdout.contains('\u{1b}'), "{format}: a name steers the terminal: {}", again.stdout);
        assert!(
            !again.stdout.lines().any(|line| line.starts_with("line/")),
            "{format}: a name breaks the line: {}",
            again.stdout
        );
    }
    for command in ["inputs", "keys"] {
        let shown = run(&sandbox, &[command], LONG).stdout;
        assert!(!shown.contains('\u{1b}'), "{command}: a name steers the terminal: {shown}");
    }
}

#[test]
fn a_name_in_another_case_is_another_name() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    sandbox.write(
        "pyproject.toml",
        format!("{PROJECT}\n[tool.uv]\ncache-keys = ['PyProject.toml', 'cargo.toml', 'Src/**/*.rs', 'src/**/*.RS']\n"),
    );
    sandbox.write("Cargo.toml", MANIFEST).write("src/lib.rs", "").write("src/LIB.RS", "");
    sandbox.write("sub/PyProject.toml", "[").write("Sub/PYPROJECT.TOML", "[");
    let said = check(&sandbox);
    for code in ["CK102", "CK103", "CK104"] {
        assert_says(&said, code);
    }
}
