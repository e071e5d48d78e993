fn main() {
    assert!(std::process::Command::new("make").arg("-C").arg("native").status().unwrap().success());
}
