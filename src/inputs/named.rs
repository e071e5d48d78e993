//! What one file of the build names: in source the macros that embed and read, in a build script also what it tells cargo
//! and what it can be seen to read.

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use super::Kind;
use super::modules;
use super::scan::{self, Origin, Reference, What};

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) references: Vec<Reference>,
    /// The variables that a build script sets for the compiler (`cargo::rustc-env=`).
    pub(super) sets: Vec<String>,
    /// Modules that `#[path]` brings in.
    pub(super) modules: Vec<PathBuf>,
}

/// Reads the file at `path`, a source or build script of the package in `package`.
pub(super) fn read(path: &Path, kind: Kind, package: &Path) -> Named {
    let Ok(bytes) = std::fs::read(path) else { return Named::default() };
    let is_script = kind == Kind::BuildScript;
    if !is_script && !scan::may_refer(&bytes) {
        return Named::default();
    }
    let Ok(text) = String::from_utf8(bytes) else { return Named::default() };
    let origin = Origin { file: path, package };
    let mut named = Named { references: scan::references(&text, &origin), ..Named::default() };
    if is_script {
        script(&text, package, &mut named);
        return named;
    }
    named.modules = modules::elsewhere(path, &text).into_iter().collect();
    let names_anything = !named.references.is_empty() || !named.modules.is_empty();
    if names_anything && modules::is_test_only(path) { Named::default() } else { named }
}

/// A string literal of a build script.
struct Literal {
    text: String,
    line: usize,
}

/// cargo book, "Build scripts: Change detection": what is printed decides when the script runs again. Without such a line
/// cargo watches the whole package; then what the script can be seen to read are the files that its literals name.
fn script(text: &str, package: &Path, named: &mut Named) {
    let Ok(tokens) = modules::without_shebang(text).parse::<TokenStream>() else { return };
    let mut literals = Vec::new();
    strings(tokens, &mut literals);
    let mut declares = false;
    for literal in &literals {
        let Some(line) = literal.text.strip_prefix("cargo:") else { continue };
        let Some((key, value)) = line.trim_start_matches(':').split_once('=') else { continue };
        // The first line of several in one literal; the rest of a `\n` list is rare.
        let value = value.lines().next().unwrap_or_default();
        let by = match key {
            "rerun-if-changed" => "rerun-if-changed",
            "rerun-if-env-changed" => "rerun-if-env-changed",
            "rustc-env" => {
                named.sets.extend(value.split('=').next().map(str::to_owned));
                continue;
            }
            _ => continue,
        };
        declares = true;
        let what = match by {
            _ if value.contains('{') => What::Unknown(value.to_owned()),
            "rerun-if-env-changed" => What::Variable(value.to_owned()),
            _ if package.join(value).is_dir() => What::Directory(package.join(value)),
            _ => What::File(vec![package.join(value)]),
        };
        named.references.push(Reference { what, by, line: literal.line });
    }
    if !declares {
        let files = literals.into_iter().filter(|literal| looks_like_a_file(&literal.text, package));
        named.references.extend(files.map(|literal| Reference {
            what: What::File(vec![package.join(literal.text)]),
            by: "read by the build script",
            line: literal.line,
        }));
    }
    named.references.retain(|reference| match &reference.what {
        What::Variable(name) => !is_cargos_own(name),
        _ => true,
    });
}

/// A literal that names a regular file of the package. Rust and manifests are inputs anyhow.
fn looks_like_a_file(text: &str, package: &Path) -> bool {
    let is_path =
        text.contains('.') && !text.starts_with('.') && !text.contains(['{', '*', '\n', ' ']) && text.len() < 200;
    let path: PathBuf = package.join(text);
    is_path
        && path.starts_with(package)
        && path.is_file()
        && !text.ends_with("Cargo.toml")
        && !text.ends_with("Cargo.lock")
}

/// Variables that cargo sets for a build script (cargo book, "Environment variables Cargo sets for build scripts").
pub(super) fn is_cargos_own(name: &str) -> bool {
    const OWN: &[&str] = &[
        "OUT_DIR",
        "TARGET",
        "HOST",
        "NUM_JOBS",
        "OPT_LEVEL",
        "DEBUG",
        "PROFILE",
        "RUSTC",
        "RUSTDOC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_LINKER",
        "CARGO",
    ];
    OWN.contains(&name) || name.starts_with("CARGO_") || name.starts_with("DEP_")
}

fn strings(tokens: TokenStream, found: &mut Vec<Literal>) {
    for token in tokens {
        match token {
            TokenTree::Literal(literal) => {
                if let Some(text) = scan::string(&literal.to_string()) {
                    found.push(Literal { text, line: literal.span().start().line });
                }
            }
            TokenTree::Group(group) => strings(group.stream(), found),
            _ => {}
        }
    }
}
