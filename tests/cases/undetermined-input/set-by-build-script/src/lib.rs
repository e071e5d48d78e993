include!(env!("CODE"));
const SCHEMA: &str = include_str!(env!("SCHEMA"));
const TABLE: &str = include_str!(concat!(env!("TABLES"), "/table.csv"));
