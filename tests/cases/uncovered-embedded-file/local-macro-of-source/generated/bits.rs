pub const BITS: &str = include_str!("bits.txt");
