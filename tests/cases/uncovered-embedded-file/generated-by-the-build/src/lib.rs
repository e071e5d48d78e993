include!(concat!(env!("OUT_DIR"), "/x.rs"));
include_str!("../target/x.txt");
