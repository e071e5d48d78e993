const T: &str = include_str!("x.txt");
