//! The names of methods, by their effect on a path, a text or a list.

/// Whether the standard library has a method of this name.
pub(super) fn is_known(name: &str) -> bool {
    IDENTITIES.contains(&name) || MAPS.contains(&name) || OWN.contains(&name)
}

/// Methods that take paths, of builders in any crate.
pub(super) const TAKE_PATHS: &[&str] = &["file", "files", "header", "include", "includes", "input", "inputs"];

/// Methods that are handled individually.
const OWN: &[&str] = &[
    "ancestors", "append", "chain", "clear", "collect", "concat", "enumerate", "extend", "extend_from_slice",
    "file_name", "file_stem", "extension", "first", "get", "insert", "join", "last", "next", "nth", "or", "parent",
    "pop", "push", "push_str", "read_dir", "replace", "to_lowercase", "to_uppercase", "trim", "unwrap_or",
    "with_extension", "with_file_name", "zip",
];

/// Methods that call a closure with the value or with each element of a list.
pub(super) const MAPS: &[&str] = &[
    "all", "and_then", "any", "filter", "filter_map", "find", "find_map", "flat_map", "fold", "for_each", "inspect",
    "is_some_and", "map", "map_err", "or_else", "position", "skip_while", "take_while", "then", "try_for_each",
    "unwrap_or_else", "retain", "sort_by", "sort_by_key",
];

/// Methods whose result names the same file, or has the same elements.
pub(super) const IDENTITIES: &[&str] = &[
    "as_bytes", "as_deref", "as_mut", "as_os_str", "as_path", "as_ref", "as_slice", "as_str", "as_std_path", "borrow",
    "build", "by_ref", "canonicalize", "clone", "cloned", "collect", "components", "context", "copied", "dedup",
    "deref", "display", "drain", "entries", "expect", "filter_entry", "flatten", "follow_links", "into",
    "into_boxed_path", "into_iter", "into_os_string", "into_path", "into_string", "iter", "iter_mut", "max_depth",
    "min_depth", "ok", "ok_or", "ok_or_else", "par_iter", "path", "peekable", "rev", "skip", "sort",
    "sort_by_file_name", "sort_unstable", "sorted", "step_by", "take", "to_owned", "to_path_buf", "to_str",
    "to_string", "to_string_lossy", "to_vec", "unwrap", "unwrap_or_default", "values", "with_context",
];
