fn main() { prost_build::compile_protos(&["proto/a.proto"], &["proto"]).unwrap(); println!("see README.md for more"); }
