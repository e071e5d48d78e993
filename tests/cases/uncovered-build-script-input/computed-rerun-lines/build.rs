fn main() { println!("cargo::rerun-if-changed={}", path()); let _ = "proto/a.proto"; }
