mod helper;
#[path = "tools/probe.rs"]
mod probe;
fn main() {
    helper::run();
    probe::run();
}
