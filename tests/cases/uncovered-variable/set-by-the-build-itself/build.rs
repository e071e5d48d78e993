fn main() { println!("cargo::rustc-env=SET_BY_SCRIPT=1"); }
