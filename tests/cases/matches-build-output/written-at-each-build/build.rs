use std::io::Write;

fn main() {
    let mut file = std::fs::File::create("src/generated.rs").unwrap();
    writeln!(file, "pub const A: u8 = 1;").unwrap();
}
