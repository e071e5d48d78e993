pub const ONE: &str = include_str!("one.txt");
