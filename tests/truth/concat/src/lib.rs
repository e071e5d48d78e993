pub const A: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/", "a", ".txt"));
include!(concat!(env!("OUT_DIR"), "/generated.rs"));
