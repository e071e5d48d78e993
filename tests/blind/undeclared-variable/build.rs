fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let channel = std::env::var("BLIND_CHANNEL").unwrap_or_default();
    println!("cargo:rustc-env=CHANNEL={channel}");
}
