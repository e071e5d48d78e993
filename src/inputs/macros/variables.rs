//! The values that macros have: texts that a source determines, and variables that build scripts set for the compiler.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The value of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inputs) enum Value {
    Text(String),
    /// A path below `OUT_DIR`, or a variable that cargo sets: not an input.
    Output,
    Unknown,
}

/// The variables that build scripts set for the compiler, by package and name.
#[derive(Debug, Default)]
pub(in crate::inputs) struct Variables(HashMap<PathBuf, HashMap<String, Value>>);

impl Variables {
    /// Records a variable that the build script of the package in `package` sets.
    pub(in crate::inputs) fn set(&mut self, package: &Path, name: String, value: Value) {
        self.0.entry(package.to_owned()).or_default().insert(name, value);
    }

    /// The value that `env!` has in the package in `package`.
    pub(super) fn value(&self, package: &Path, name: &str) -> Value {
        self.0.get(package).and_then(|variables| variables.get(name)).cloned().unwrap_or(Value::Unknown)
    }
}
