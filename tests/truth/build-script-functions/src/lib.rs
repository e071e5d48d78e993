pub const C: &str = env!("TRUTH_C");
