pub fn run() { let _ = include_str!("text.txt"); }
