pub const A: &str = "a";
