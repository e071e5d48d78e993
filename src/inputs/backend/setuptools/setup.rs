//! The `rust_extensions` that the text of setup.py passes.

use std::ops::Range;

use super::python::{Call, Source, is_name};
use crate::crates::target_request::Wanted;

/// What to do about a manifest that is not known.
const LIST: &str = "list its Cargo.toml files in `manifests` of `[tool.cachekeys]`";

/// An extension module or binary: its names in Python, and its manifest.
pub(super) struct Module {
    /// A binary may be put into several places.
    pub(super) targets: Vec<String>,
    pub(super) manifest: Result<String, String>,
    pub(super) wanted: Wanted,
}

/// The modules and binaries that setup.py builds. What it computes becomes a [`Module`] with an error instead of a manifest.
pub(super) fn modules(text: &str) -> Vec<Module> {
    let source = Source::new(text);
    let mut modules = Vec::new();
    let mut calls = Vec::new();
    for (class, wanted) in [("RustExtension", Wanted::Library), ("RustBin", Wanted::Binaries)] {
        for name in source.aliases(class) {
            for call in source.calls(&name) {
                modules.push(module(&source, class, &call, &wanted));
                calls.push(call.range);
            }
        }
    }
    if let Some(expression) = computed(&source, &calls) {
        let reason = format!("setup.py computes its `rust_extensions`: `{expression}`; {LIST}");
        modules.push(Module { targets: Vec::new(), manifest: Err(reason), wanted: Wanted::Library });
    }
    modules
}

fn module(source: &Source, class: &str, call: &Call, wanted: &Wanted) -> Module {
    let manifest = match source.argument(call, "path", 1) {
        Some(path) => source.literal(&path).map(str::to_owned).ok_or_else(|| {
            format!("setup.py computes the path of a {class}: `{}`; {LIST}", one_line(source.text(&path)))
        }),
        None if source.passes_on(call) => Err(format!("setup.py computes the arguments of a {class}; {LIST}")),
        None => Ok("Cargo.toml".to_owned()),
    };
    let targets = source.argument(call, "target", 0).map(|target| source.strings(&target)).unwrap_or_default();
    let is_program = source.argument(call, "binding", 9).is_some_and(|binding| source.code(&binding).ends_with("Exec"));
    let wanted = if is_program { Wanted::Binaries } else { wanted.clone() };
    Module { targets: targets.into_iter().map(str::to_owned).collect(), manifest, wanted }
}

/// The value of `rust_extensions` if it contains more than the calls that were read, or no such calls.
fn computed(source: &Source, calls: &[Range<usize>]) -> Option<String> {
    let passed = source.words("rust_extensions").filter_map(|at| value(source, at + "rust_extensions".len()));
    passed.into_iter().find_map(|expression| {
        let rest = without(source, &expression, calls);
        let names =
            rest.split(|c| !is_name(c)).filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        // The list may have been assigned to a variable. Only one such step is followed.
        let made = names.flat_map(|name| {
            let places: Vec<usize> = source.words(name).collect();
            places.into_iter().filter_map(|at| value(source, at + name.len())).collect::<Vec<_>>()
        });
        let made = made.filter(|made| *made != expression);
        let mut all = std::iter::once(expression.clone()).chain(made);
        let calls_others = all.any(|expression| has_call(&without(source, &expression, calls)));
        let is_nothing = rest.chars().all(|c| c.is_whitespace() || "[]()".contains(c)) || rest.trim() == "None";
        let is_unknown = calls_others || (calls.is_empty() && !is_nothing);
        is_unknown.then(|| one_line(source.text(&expression)))
    })
}

/// The expression after `=` or `+=`, if one follows.
fn value(source: &Source, end: usize) -> Option<Range<usize>> {
    let rest = source.rest(end);
    let trimmed = rest.trim_start();
    let after =
        trimmed.strip_prefix("+=").or_else(|| trimmed.strip_prefix('=')).filter(|after| !after.starts_with('='))?;
    Some(source.expression(end + rest.len() - after.len()))
}

/// An expression without the calls that were read.
fn without(source: &Source, expression: &Range<usize>, calls: &[Range<usize>]) -> String {
    let code = source.code(expression).char_indices();
    let is_read = |at: usize| calls.iter().any(|call| call.contains(&(expression.start + at)));
    code.filter(|(at, _)| !is_read(*at)).map(|(_, c)| c).collect()
}

/// Whether the code contains a call: a bracket after a name, a call or a subscript.
fn has_call(code: &str) -> bool {
    code.match_indices('(').any(|(at, _)| code[..at].trim_end().ends_with(|c| is_name(c) || c == ')' || c == ']'))
}

fn one_line(text: &str) -> String {
    const LONG: usize = 60;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONG { text.chars().take(LONG).chain(['…']).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths_of(source: &str) -> Vec<Result<String, String>> {
        modules(source).into_iter().map(|module| module.manifest).collect()
    }

    #[test]
    fn literal_calls_are_read() {
        for (source, expected) in [
            ("from setuptools_rust import RustExtension\n", vec![]),
            ("RustExtension('a._a')", vec!["Cargo.toml"]),
            ("RustExtension(\"a._a\", \"rust/Cargo.toml\", binding=Binding.PyO3)", vec!["rust/Cargo.toml"]),
            (
                "setup(rust_extensions=[RustExtension('a', path = 'x/Cargo.toml'), RustExtension('b', path=r'y/Cargo.toml')])",
                vec!["x/Cargo.toml", "y/Cargo.toml"],
            ),
            (
                "# RustExtension('no', 'no.toml')\nRustExtension({'a': 'b'}, 'z.toml', args=['--x', f(1, 2)])",
                vec!["z.toml"],
            ),
            (
                "\"\"\"Don't: RustExtension('no', path)\n\"\"\"\nexts = [RustExtension('a', 'a.toml')]\nsetup(rust_extensions=exts)",
                vec!["a.toml"],
            ),
            (
                "from setuptools_rust import RustExtension as Ext\nsetup(rust_extensions=[Ext('a', 'b.toml')])",
                vec!["b.toml"],
            ),
            ("import setuptools_rust as r\nsetup(rust_extensions=[r.RustBin('a', 'b.toml')])", vec!["b.toml"]),
            ("class RustExtension(Base):\n    pass\ndef RustBin(x): pass\n", vec![]),
            ("exts = []\nexts.append(RustExtension('a', 'b.toml'))\nsetup(rust_extensions=exts)", vec!["b.toml"]),
            ("exts = []\nexts += [RustExtension('a', 'b.toml')]\nsetup(rust_extensions=exts)", vec!["b.toml"]),
            ("setup(name='a', rust_extensions=[])", vec![]),
            ("setup(ext_modules=cythonize('x.pyx'))", vec![]),
        ] {
            let found: Vec<String> = paths_of(source).into_iter().map(Result::unwrap).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn what_is_computed_is_said_to_be_unknown() {
        for source in [
            "RustExtension('a', path=here / 'Cargo.toml')",
            "RustExtension('a', f'{here}/Cargo.toml')",
            "RustExtension('a', **options)",
            "RustExtension(*arguments)",
            "[RustExtension(name, path=path) for name, path in crates]",
            "setup(rust_extensions=find_crates())",
            "exts = find_crates()\nsetup(rust_extensions=exts)",
            "from crates import exts\nsetup(rust_extensions=exts)",
        ] {
            assert!(matches!(paths_of(source).as_slice(), [Err(_)]), "{source}: {:?}", paths_of(source));
        }
        let mixed = paths_of("setup(rust_extensions=[RustExtension('a', 'a.toml')] + find_crates())");
        assert!(matches!(mixed.as_slice(), [Ok(_), Err(_)]), "{mixed:?}");
    }

    #[test]
    fn targets_and_binaries_are_told() {
        let source = "RustBin({'tool': 'pkg.tool', 'other': 'pkg.other'})\nRustExtension('a.b', binding=Binding.Exec)";
        let found: Vec<(Vec<String>, Wanted)> =
            modules(source).into_iter().map(|module| (module.targets, module.wanted)).collect();
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let expected = [(names(&["a.b"]), Wanted::Binaries), (names(&["pkg.tool", "pkg.other"]), Wanted::Binaries)];
        assert_eq!(found, expected);
    }
}
