include!("part.rs");
