//! What a method makes of a path or a text.

use std::path::Path;

use proc_macro2::TokenStream;

use super::context::{Atom, Context, Value};
use crate::fs::path;

/// The result of `value.name(…)`; `names_path` says that a turbofish asks for a path.
pub(super) fn call(value: Value, name: &str, names_path: bool, stream: &TokenStream, context: Context<'_>) -> Value {
    let argument = || context.evaluate_stream(stream.clone());
    match name {
        "join" => value.join(&argument()),
        "parent" => value.map(|text| {
            let parent = path::normalize(Path::new(text)).parent()?.to_string_lossy().into_owned();
            (!parent.is_empty()).then_some(parent)
        }),
        "with_file_name" => {
            let name = argument();
            value.combine(&name, |path, name| Path::new(path).with_file_name(name).to_string_lossy().into_owned())
        }
        "with_extension" => {
            let extension = argument();
            value.combine(&extension, |path, extension| {
                Path::new(path).with_extension(extension).to_string_lossy().into_owned()
            })
        }
        "collect" if names_path => value.join_all(),
        _ if IDENTITIES.contains(&name) => value,
        // `ancestors().nth(3)` of OUT_DIR lies where the build writes all the same.
        _ if value.0 == [Atom::Output] => value,
        _ => Value::unknown(),
    }
}

/// Methods whose result names the same file.
const IDENTITIES: &[&str] = &[
    "as_os_str",
    "as_path",
    "as_ref",
    "as_str",
    "canonicalize",
    "clone",
    "cloned",
    "collect",
    "copied",
    "display",
    "expect",
    "into",
    "into_boxed_path",
    "into_iter",
    "into_os_string",
    "into_string",
    "iter",
    "ok",
    "ok_or_else",
    "to_owned",
    "to_path_buf",
    "to_str",
    "to_string",
    "to_string_lossy",
    "to_vec",
    "unwrap",
    "unwrap_or_default",
];
