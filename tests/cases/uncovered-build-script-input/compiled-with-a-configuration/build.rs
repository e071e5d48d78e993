fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    tonic_build::configure()
        .compile_with_config(prost_build::Config::new(), &["proto/a.proto"], &["proto"])
        .unwrap();
}
