//! Macros and attributes whose literals are not paths that the build reads: those of the standard library, of logging and
//! testing, and of a few very common crates.

/// Sources: the documentation of the standard library, and of `log`, `tracing`, `anyhow`, `serde_json`, `quote`, `syn`, `insta`,
/// `proptest`, `phf`, `maplit`, `indoc`.
const MACROS: &[&str] = &[
    "addr_of", "addr_of_mut", "anyhow", "assert", "assert_eq", "assert_matches", "assert_ne", "bail", "btreemap",
    "btreeset", "cfg", "column", "compile_error", "concat", "const_format_args", "dbg", "debug", "debug_assert",
    "debug_assert_eq", "debug_assert_ne", "debug_span", "ensure", "env", "eprint", "eprintln", "error", "error_span",
    "event", "eyre", "file", "format", "format_args", "formatcp", "formatdoc", "hashmap", "hashset", "html", "indoc",
    "info", "info_span", "is_x86_feature_detected", "json", "line", "log", "matches", "miette", "module_path",
    "offset_of", "option_env", "panic", "parse_quote", "parse_quote_spanned", "phf_map", "phf_ordered_map",
    "phf_ordered_set", "phf_set", "pin", "print", "println", "prop_assert", "prop_assert_eq", "proptest", "quote",
    "quote_spanned", "rsx", "span", "stringify", "thread_local", "todo", "trace", "trace_span", "try", "unimplemented",
    "unreachable", "vec", "view", "warn", "warn_span", "write", "writeln",
];

/// Sources: the Rust reference, "Attributes"; the documentation of `serde`, `clap`, `pyo3`, `thiserror`, `tracing`, `schemars`,
/// `strum`, `utoipa`. The program uses their values at run time.
const ATTRIBUTES: &[&str] = &[
    "allow", "arg", "argh", "args", "bench", "bon", "builder", "cfg", "clap", "classattr", "clippy", "cold", "command",
    "default", "deny", "deprecated", "derivative", "derive", "diagnostic", "diplomat", "display", "doc", "educe",
    "error", "expect", "export_name", "feature", "forbid", "garde", "gen_stub", "ignore", "inline", "instrument",
    "link", "link_name", "link_section", "macro_export", "macro_use", "msg", "must_use", "no_mangle", "option", "path",
    "prost", "pyclass", "pyfunction", "pymethods", "pymodule", "pyo3", "recursion_limit", "repr", "rustfmt", "schema",
    "schemars", "serde", "serde_as", "serde_with", "setting", "should_panic", "snafu", "specta", "structopt", "strum",
    "target_feature", "test", "tracing", "ts", "typeshare", "utoipa", "validate", "value", "warn",
];

/// Whether the arguments of a macro are code that another crate compiles.
pub(super) fn makes_code(name: &str) -> bool {
    matches!(name, "quote" | "quote_spanned" | "parse_quote" | "parse_quote_spanned")
}

pub(super) fn is_macro(name: &str) -> bool {
    MACROS.binary_search(&name).is_ok() || name.starts_with("assert_")
}

pub(super) fn is_attribute(name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok()
}

/// Whether an attribute marks a test function: `#[test]`, `#[tokio::test]`, `#[rstest]`.
pub(super) fn makes_a_test(last: &str) -> bool {
    matches!(last, "test" | "rstest" | "test_case" | "bench" | "quickcheck" | "test_log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(MACROS.is_sorted() && ATTRIBUTES.is_sorted());
    }
}
