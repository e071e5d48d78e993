fn main() {
    if std::env::var_os("BLIND_MODE").is_some() {
        println!("cargo::rustc-cfg=fast");
    }
    println!("cargo::rustc-check-cfg=cfg(fast)");
}
