pub mod deep;
pub const A: &str = include_str!("a.txt");
