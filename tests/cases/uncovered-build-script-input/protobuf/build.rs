fn main() -> std::io::Result<()> {
    let mut config = prost_build::Config::new();
    config.btree_map(["."]);
    config.compile_protos(&["proto/api.proto"], &["proto/"])
}
