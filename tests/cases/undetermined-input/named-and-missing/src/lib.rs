// Nothing covers it, and it does not exist.
pub const WEB: &[u8] = include_bytes!("../web/app.wasm");
// A key covers it as soon as it exists.
pub const TABLE: &str = include_str!("table.rs");
// The build script writes it.
pub const MADE: &str = include_str!("../made.txt");
