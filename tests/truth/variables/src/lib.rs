pub const A: Option<&str> = option_env!("TRUTH_A");
pub const B: &str = env!("TRUTH_B", "not set");
pub const C: &str = env!("TRUTH_C");
pub const D: &str = env!("TRUTH_D");
pub const V: &str = env!("CARGO_PKG_VERSION");
pub const F: &str = env!("TRUTH_F");
