pub const A: &str = include_str!("nested.txt");
include!("../more/part.rs");
