pub const WORDS: usize = macros::count_lines!("words.txt");
