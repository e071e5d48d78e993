include!(env!("TRUTH_C"));

pub const SCHEMA: &str = include_str!(concat!(env!("TRUTH_D"), "/schema.json"));
