mod macros;

table!("bits.rs");
table!("names.rs");
