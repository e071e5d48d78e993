pub const PAGES: [&str; 3] =
    [include_str!("pages/a/page.html"), include_str!("pages/b/page.html"), include_str!("pages/c/page.html")];
pub const GRAMMAR: &str = include_str!("grammar.pest");
