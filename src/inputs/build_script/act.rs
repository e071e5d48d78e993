//! The acts of a build script: what it does, or may do.

use super::known_calls::{Reads, Tells};
use super::value::Value;

pub(super) enum Act {
    /// Prints `cargo::key=value`, with one of these values.
    Prints { key: String, values: Vec<String> },
    /// Reads files or directories; `source` is the expression, as it is written.
    Reads { value: Value, source: String, reads: Reads, tells: Tells },
    /// Writes a file or a directory.
    Writes { value: Value },
    /// Makes a directory.
    MakesDirectory { value: Value },
    /// Reads a variable of the environment.
    ReadsVariable { name: String },
    /// Starts a program.
    Runs { program: String, arguments: Vec<String> },
    /// Makes a path. The file or directory that it names is likely read.
    Names { text: String },
    /// Contains a literal.
    Mentions { text: String },
}

/// An act and its place: the file (index) and the line, from 1.
pub(super) struct At {
    pub(super) act: Act,
    pub(super) file: usize,
    pub(super) line: usize,
}
