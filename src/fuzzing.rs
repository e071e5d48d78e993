//! What the fuzz targets in `fuzz/` call: one function a target, which panics where a promise is broken. Not part of the API.
//!
//! The seeds below `fuzz/seeds/`, among them all that was ever found, run through the same functions as plain tests.

use std::path::PathBuf;
use std::sync::LazyLock;

use crate::fs::Disk;
use crate::pyproject::Pyproject;
use crate::pyproject::options::Configuration;
use crate::report::{self, Look, Report};
use crate::{CrateMetadata, Error, FixMode, Settings, check_text};

#[cfg(target_os = "linux")]
pub use crate::cache_keys::fuzzing::{Noted, keys};
pub use crate::inputs::fuzzing::{python, records, rust};

/// What makes a project of a text that has no build of its own.
const HEAD: &str = "[build-system]\nrequires = ['maturin']\nbuild-backend = 'maturin'\n";

/// The disk around a checked text: the path of its pyproject.toml.
static PROJECT: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let root = dir.path().canonicalize().expect("it exists");
    for (file, text) in [
        (
            "p/Cargo.toml",
            "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\ncrate-type = [\"cdylib\"]\n\
             [dependencies]\ncore = { path = \"../core\" }\n[workspace]\n",
        ),
        ("p/Cargo.lock", "version = 4\n"),
        ("p/src/lib.rs", "mod a;\nconst T: &str = include_str!(\"../data/t.txt\");\n"),
        ("p/src/a/mod.rs", "const V: Option<&str> = option_env!(\"SOME_VARIABLE\");\n"),
        ("p/build.rs", "fn main() { println!(\"cargo::rerun-if-changed=schema\"); }\n"),
        ("p/data/t.txt", ""),
        ("p/schema/s.proto", ""),
        ("p/tests/t.rs", ""),
        ("p/target/debug/build/x/out/host.rs", ""),
        ("p/python/ext/__init__.py", ""),
        ("core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"0.1.0\"\n"),
        ("core/src/lib.rs", ""),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ] {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("created");
        std::fs::write(path, text).expect("written");
    }
    (dir, root.join("p/pyproject.toml"))
});

/// The text of a pyproject.toml through check and fix, and the report in all formats.
///
/// # Panics
///
/// Where an edit is refused, or leaves anything that a second one would change.
pub fn pyproject(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = if text.contains("build-backend") { text.to_owned() } else { format!("{HEAD}{text}") };
    for unsafe_fixes in [false, true] {
        let report = fixed(&text, unsafe_fixes);
        show(&report);
        refuse_refusal(&report, &text);
        let Some(new) = report.projects.iter().find_map(|project| project.fixed_text.clone()) else { continue };
        let again = fixed(&new, unsafe_fixes);
        refuse_refusal(&again, &new);
        let changed = again.projects.iter().find_map(|project| project.fixed_text.as_ref());
        assert!(changed.is_none(), "fixed to\n{new}\nand then to\n{}", changed.map_or("", |text| text.as_str()));
    }
}

fn fixed(text: &str, unsafe_fixes: bool) -> Report {
    let settings =
        Settings { fix: FixMode::Apply, unsafe_fixes, crate_metadata: CrateMetadata::Manifest, ..Settings::default() };
    check_text(&PROJECT.1, text, &settings).expect("the settings are right")
}

/// The postconditions of an edit are checked by the fixer itself, which then does nothing: no harm, and yet a fault.
fn refuse_refusal(report: &Report, text: &str) {
    for error in &report.errors {
        assert!(!matches!(error, Error::Fix { .. }), "{error}:\n{text}");
    }
}

fn show(report: &Report) {
    let out = &mut std::io::sink();
    let look = Look { color: true, width: 80, infos: true, verbose: true, quiet: false, links: true };
    let written = [
        report::full(report, look, out),
        report::errors(&report.errors, look, out),
        report::concise(report, look, out),
        report::json(report, out),
        report::json_lines(report, out),
        report::github(report, true, None, out),
        report::gitlab(report, out),
        report::sarif(report, out),
        report::junit(report, true, out),
        report::statistics(report, true, out),
        report::diff(report, out),
    ];
    assert!(written.iter().all(Result::is_ok), "{written:?}");
}

/// `[tool.cachekeys]`, and the patterns in it asked about a path.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = format!("[tool.cachekeys]\n{text}");
    let Ok(pyproject) = Pyproject::parse(&Disk::default(), &PROJECT.1, text) else { return };
    match Configuration::default().options(&pyproject) {
        Ok(options) => {
            let lists = [&options.exclude, &options.exclude_inputs, &options.extra_inputs];
            for pattern in lists.into_iter().flatten() {
                for path in ["src/lib.rs", "a", "../core/src/lib.rs", ""] {
                    pattern.matches(path);
                }
            }
        }
        Err(error) => show(&Report { errors: vec![error], ..Report::default() }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Runs all seeds of a target; there are some.
    fn seeds(target: &str, run: impl Fn(&[u8])) {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        let mut seeds: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        seeds.sort();
        assert!(!seeds.is_empty(), "{}", directory.display());
        for seed in seeds {
            let bytes = std::fs::read(&seed).unwrap();
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&bytes)));
            assert!(result.is_ok(), "{}", seed.display());
        }
    }

    #[test]
    fn pyproject() {
        seeds("pyproject", super::pyproject);
    }

    #[test]
    fn settings() {
        seeds("settings", super::settings);
    }

    #[test]
    fn rust() {
        seeds("rust", super::rust);
    }

    #[test]
    fn records() {
        seeds("records", super::records);
    }

    #[test]
    fn python() {
        seeds("python", super::python);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn keys() {
        for (_, ask) in crate::cache_keys::oracle::uv::VERSIONS {
            seeds("keys", |bytes| super::keys(bytes, &|project| ask(project).ok()));
        }
    }
}
