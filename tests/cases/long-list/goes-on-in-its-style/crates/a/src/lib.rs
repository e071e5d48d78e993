
pub const PAGES: [&str; 3] =
    [include_str!("pages/a.html"), include_str!("pages/b.html"), include_str!("pages/c.html")];
