//! setuptools-rust: the manifests that `[[tool.setuptools-rust.ext-modules]]`, `bins` and setup.py name.
//!
//! setup.py is read, never run: literal calls of `RustExtension` and `RustBin` are understood, a computed path is said to
//! be unknown (setuptools-rust's reference, "`RustExtension`": `path` defaults to `Cargo.toml`).

use toml_edit::{Item, TableLike};

use super::build::{Entry, Layout, Wanted};
use crate::paths;
use crate::pyproject::Pyproject;

/// An extension module or binary: what it is called in Python, where its manifest is.
struct Module {
    target: Option<String>,
    manifest: Result<String, String>,
    wanted: Wanted,
}

/// The manifests, and why some could not be found.
pub(super) fn entries(pyproject: &Pyproject) -> (Vec<Entry>, Vec<String>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut failures = Vec::new();
    let modules = modules(pyproject);
    if modules.is_empty() {
        failures.push(
            "setuptools-rust is required, but neither `[[tool.setuptools-rust.ext-modules]]` nor a literal `RustExtension(…)` \
             in setup.py names a crate"
                .to_owned(),
        );
    }
    for module in modules {
        match module.manifest {
            Ok(path) if pyproject.dir.join(&path).is_file() => {
                let manifest = paths::resolve(&pyproject.dir.join(path));
                if !entries.iter().any(|entry| entry.manifest == manifest && entry.wanted == module.wanted) {
                    entries.push(Entry { manifest, wanted: module.wanted });
                }
            }
            Ok(path) => failures.push(format!("setuptools-rust is to build `{path}`, which is not there")),
            Err(reason) => failures.push(reason),
        }
    }
    (entries, failures)
}

/// Where the extension modules are copied in an editable build: `a.b._c` goes into `a/b/`, below the project or its `src`.
pub(super) fn layout(pyproject: &Pyproject) -> Layout {
    let mut layout = Layout::default();
    for target in modules(pyproject).into_iter().filter_map(|module| module.target) {
        let mut parts: Vec<&str> = target.split('.').collect();
        let Some(name) = parts.pop().filter(|_| !parts.is_empty()) else { continue };
        for root in ["", "src", "python"] {
            let directory = parts.iter().fold(pyproject.dir.join(root), |directory, part| directory.join(part));
            if directory.is_dir() {
                let directory = paths::real_directory(&directory);
                layout.package.get_or_insert_with(|| directory.clone());
                layout.extensions.push((directory, name.to_owned()));
            }
        }
    }
    layout
}

fn modules(pyproject: &Pyproject) -> Vec<Module> {
    let mut modules = Vec::new();
    for (list, wanted) in [("ext-modules", Wanted::Library), ("bins", Wanted::Binaries)] {
        for table in tables(pyproject.get(&["tool", "setuptools-rust", list])) {
            let manifest = table.get("path").and_then(Item::as_str).unwrap_or("Cargo.toml").to_owned();
            let target = table.get("target").and_then(Item::as_str).map(str::to_owned);
            modules.push(Module { target, manifest: Ok(manifest), wanted: wanted.clone() });
        }
    }
    if let Ok(setup) = std::fs::read_to_string(pyproject.dir.join("setup.py")) {
        modules.extend(calls(&setup, "RustExtension", &Wanted::Library));
        modules.extend(calls(&setup, "RustBin", &Wanted::Binaries));
    }
    modules
}

fn tables(item: Option<&Item>) -> Vec<&dyn TableLike> {
    match item {
        Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Some(Item::Value(toml_edit::Value::Array(array))) => {
            array.iter().filter_map(|value| Some(value.as_inline_table()? as &dyn TableLike)).collect()
        }
        _ => Vec::new(),
    }
}

/// The calls of `function` in Python source.
fn calls(source: &str, function: &str, wanted: &Wanted) -> Vec<Module> {
    let code = blank_comments(source);
    let mut modules = Vec::new();
    for (at, _) in code.match_indices(function) {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        if code[..at].ends_with(is_name) {
            continue;
        }
        let Some(arguments) = code[at + function.len()..].trim_start().strip_prefix('(').map(arguments) else {
            continue; // an import, a class, a comment in prose
        };
        let positional: Vec<&str> = arguments.iter().copied().filter(|argument| keyword(argument).is_none()).collect();
        let named =
            |name: &str| arguments.iter().find_map(|argument| keyword(argument).filter(|(key, _)| *key == name));
        let target = named("target").map(|(_, value)| value).or(positional.first().copied());
        let path = named("path").map(|(_, value)| value).or(positional.get(1).copied());
        let splat = arguments.iter().any(|argument| argument.starts_with('*'));
        let manifest = match path {
            Some(expression) => literal(expression)
                .map(str::to_owned)
                .ok_or_else(|| format!("setup.py computes the path of a {function}: `{expression}`")),
            None if splat => Err(format!("setup.py computes the arguments of a {function}")),
            None => Ok("Cargo.toml".to_owned()),
        };
        let target = target.and_then(literal).map(str::to_owned);
        modules.push(Module { target, manifest, wanted: wanted.clone() });
    }
    modules
}

/// Python source of the same length with comments blanked out; strings stay.
fn blank_comments(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let (mut quote, mut comment, mut escaped) = (None, false, false);
    for c in source.chars() {
        comment &= c != '\n';
        match quote {
            _ if comment => {}
            Some(open) => {
                if c == open && !escaped || c == '\n' {
                    quote = None;
                }
                escaped = c == '\\' && !escaped;
            }
            None if c == '#' => comment = true,
            None if c == '"' || c == '\'' => quote = Some(c),
            None => {}
        }
        if comment { code.extend(std::iter::repeat_n(' ', c.len_utf8())) } else { code.push(c) }
    }
    code
}

/// The arguments of a call, from after its `(`, split at the commas of the outermost level.
fn arguments(rest: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start, mut found) = (0_usize, None, 0, Vec::new());
    for (at, c) in rest.char_indices() {
        if let Some(open) = quote {
            quote = quote.filter(|_| c != open);
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                found.push(rest[start..at].trim());
                break;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(rest[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.retain(|argument| !argument.is_empty());
    found
}

fn keyword(argument: &str) -> Option<(&str, &str)> {
    let (name, value) = argument.split_once('=')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !value.starts_with('=')).then(|| (name, value.trim_start()))
}

/// The text of a plain string literal without escapes.
fn literal(expression: &str) -> Option<&str> {
    let quote = expression.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = expression.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths_of(source: &str) -> Vec<Result<String, String>> {
        calls(source, "RustExtension", &Wanted::Library).into_iter().map(|module| module.manifest).collect()
    }

    #[test]
    fn literal_calls_of_setup_py_are_read() {
        for (source, expected) in [
            ("from setuptools_rust import RustExtension\n", vec![]),
            ("RustExtension('a._a')", vec!["Cargo.toml"]),
            ("RustExtension(\"a._a\", \"rust/Cargo.toml\", binding=Binding.PyO3)", vec!["rust/Cargo.toml"]),
            (
                "[RustExtension('a', path = 'x/Cargo.toml'), RustExtension('b', path='y/Cargo.toml')]",
                vec!["x/Cargo.toml", "y/Cargo.toml"],
            ),
            (
                "# RustExtension('no', 'no.toml')\nRustExtension({'a': 'b'}, 'z.toml', args=['--x', f(1, 2)])",
                vec!["z.toml"],
            ),
        ] {
            let found: Vec<String> = paths_of(source).into_iter().map(Result::unwrap).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn computed_paths_are_said_to_be_unknown() {
        for source in ["RustExtension('a', path=here / 'Cargo.toml')", "RustExtension('a', **options)"] {
            assert!(matches!(paths_of(source).as_slice(), [Err(_)]), "{source}");
        }
    }
}
