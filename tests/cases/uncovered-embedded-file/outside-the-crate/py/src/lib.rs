const L: &str = include_str!("../../LICENSE");
