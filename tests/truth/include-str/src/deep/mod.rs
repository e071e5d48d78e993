pub const B: &str = std::include_str!("../../outside/b.txt");
