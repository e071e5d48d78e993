//! The projects that are measured: one crate with a mixed Python package, or a workspace of which one crate is built.

#![allow(dead_code, reason = "each benchmark uses its part")]

pub(crate) mod many;

use std::fmt::Write;
use std::io;
use std::path::Path;

/// How large a project is.
pub(crate) struct Size {
    /// If there is one crate, it lies at the root. If there are several, the first is built and needs all others.
    pub(crate) crates: usize,
    /// On how many of the crates after it each crate depends.
    pub(crate) dependencies: usize,
    /// The number of Rust files in each crate.
    pub(crate) files: usize,
    /// The number of lines in each Rust file.
    pub(crate) lines: usize,
}

/// One crate out of this many has a build script.
const BUILD_SCRIPTS: usize = 10;

/// Writes the project into `root`, with the keys that the fixer would write, or without keys.
pub(crate) fn write(root: &Path, size: &Size, keys: bool) -> io::Result<()> {
    // Real projects have a repository and a lockfile.
    std::fs::create_dir_all(root.join(".git"))?;
    put(root, ".gitignore", "/target\n/.venv\n__pycache__/\n*.so\n")?;
    put(root, "Cargo.lock", "version = 4\n")?;
    put(root, "README.md", "# An extension\n")?;
    for file in ["__init__.py", "tables.py", "text/__init__.py", "text/parse.py"] {
        put(root, &format!("python/extension/{file}"), "\"\"\"Python beside Rust.\"\"\"\n")?;
    }
    if size.crates == 1 {
        put(root, "Cargo.toml", &manifest(0, size))?;
        sources(root, 0, size)?;
    } else {
        put(root, "Cargo.toml", WORKSPACE)?;
        for index in 0..size.crates {
            let directory = root.join("crates").join(name(index));
            put(&directory, "Cargo.toml", &manifest(index, size))?;
            sources(&directory, index, size)?;
        }
    }
    put(root, "pyproject.toml", &pyproject(size, keys))
}

const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["crates/*"]

[workspace.package]
version = "0.1.0"
edition = "2024"
license = "MIT"

[workspace.dependencies]
anyhow = "1"
pyo3 = "0.26"
serde = { version = "1", features = ["derive"] }

[profile.release]
lto = "thin"
"#;

fn pyproject(size: &Size, keys: bool) -> String {
    let (manifest, keys_of_crates): (_, &[&str]) = if size.crates == 1 {
        ("Cargo.toml".to_owned(), &["Cargo.toml", "Cargo.lock", "build.rs", "src/**/*.rs"])
    } else {
        (
            format!("crates/{}/Cargo.toml", name(0)),
            &["Cargo.toml", "crates/**/Cargo.toml", "Cargo.lock", "crates/**/*.rs"],
        )
    };
    let mut text = format!(
        r#"[build-system]
requires = ["maturin>=1,<2"]
build-backend = "maturin"

[project]
name = "extension"
version = "0.1.0"
requires-python = ">=3.9"

[tool.maturin]
manifest-path = "{manifest}"
python-source = "python"
module-name = "extension._native"
features = ["pyo3/extension-module"]
"#
    );
    if keys {
        text += "\n[tool.uv]\ncache-keys = [\n    { file = \"pyproject.toml\" },\n";
        for key in keys_of_crates {
            let _ = writeln!(text, "    {{ file = \"{key}\" }},");
        }
        text += "]\n";
    }
    text
}

/// The name of a crate. The first crate is the one that is built.
fn name(index: usize) -> String {
    format!("part-{index:03}")
}

fn manifest(index: usize, size: &Size) -> String {
    let mut text = format!("[package]\nname = \"{}\"\n", name(index));
    if size.crates == 1 {
        text += "version = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n";
    } else {
        text += "version.workspace = true\nedition.workspace = true\nlicense.workspace = true\n";
    }
    if index == 0 {
        text += "\n[lib]\nname = \"_native\"\ncrate-type = [\"cdylib\"]\n";
    }
    text += "\n[features]\ndefault = [\"std\"]\nstd = []\n\n[dependencies]\n";
    let library = |name: &str, version: &str| match size.crates {
        1 => format!("{name} = \"{version}\"\n"),
        _ => format!("{name} = {{ workspace = true }}\n"),
    };
    text += &library("anyhow", "1");
    text += &library("pyo3", "0.26");
    text += &library("serde", "1");
    for dependency in (index + 1..size.crates).take(size.dependencies) {
        let name = name(dependency);
        let _ = writeln!(text, "{name} = {{ path = \"../{name}\" }}");
    }
    text + "\n[dev-dependencies]\nproptest = \"1\"\n"
}

/// Writes a library with modules, some of them one level down, with tests, and in some crates a build script.
fn sources(directory: &Path, index: usize, size: &Size) -> io::Result<()> {
    let modules = size.files.saturating_sub(1);
    let (deep, flat): (Vec<usize>, Vec<usize>) = (0..modules).partition(|module| module % 3 == 2);
    let declare =
        |modules: &[usize]| modules.iter().fold(String::new(), |text, module| text + &format!("mod m{module};\n"));
    let mut root = declare(&flat);
    if let Some((owner, inner)) = deep.split_first() {
        let _ = writeln!(root, "mod m{owner};");
        put(directory, &format!("src/m{owner}.rs"), &code(&declare(inner), size.lines))?;
        for module in inner {
            put(directory, &format!("src/m{owner}/m{module}.rs"), &code("", size.lines))?;
        }
    }
    for module in flat {
        put(directory, &format!("src/m{module}.rs"), &code("", size.lines))?;
    }
    put(directory, "src/lib.rs", &code(&root, size.lines))?;
    put(directory, "tests/whole.rs", "#[test]\nfn works() {}\n")?;
    if index.is_multiple_of(BUILD_SCRIPTS) {
        put(directory, "build.rs", "fn main() {\n    println!(\"cargo::rerun-if-changed=build.rs\");\n}\n")?;
    }
    Ok(())
}

/// Rust code with this number of lines: small functions with comments.
fn code(start: &str, lines: usize) -> String {
    let mut text = start.to_owned();
    for number in 0..lines.saturating_sub(start.lines().count()) / 10 {
        let _ = write!(
            text,
            r"/// Adds up what the rows of a table have in column {number}, and skips what is not a number.
///
/// Empty without rows.
pub fn total_{number}(rows: &[Vec<&str>]) -> Option<f64> {{
    // The module that reads them has taken the header away.
    let cells = rows.iter().filter_map(|row| row.get({number}));
    let numbers = cells.filter_map(|cell| cell.trim().parse::<f64>().ok());
    numbers.reduce(|sum, number| sum + number)
}}

"
        );
    }
    text
}

fn put(directory: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = directory.join(path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, text)
}
