pub static A: &[u8] = include_bytes!(r"a b.bin");
