pub const QUERIES: &str = include_str!("../vendor/data/queries.sql");
