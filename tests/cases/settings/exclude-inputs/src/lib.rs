pub const N: &str = include_str!("../notes.txt");
pub const K: &str = include_str!("../kept.txt");
