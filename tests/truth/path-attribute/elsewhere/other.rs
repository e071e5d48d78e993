pub mod beside;
pub const T: &str = include_str!("text.txt");
