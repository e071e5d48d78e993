const TABLE: &str = include_str!(concat!(env!("TABLES"), "/table.csv"));
