pub const D: &str = text!("deep.txt");
