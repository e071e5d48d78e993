// Relative to this file, not to that of the macro.
pub mod deep;
