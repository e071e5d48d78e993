pub const A: &str = include_str!("a.txt");
