pub const M: &str = include_str!("m.txt");
