//! A path crate of the example, outside its directory.

/// What the extension says.
pub const TEXT: &str = "hello";
