use host::host;

pub const CATALOG: &str = include_str!(concat!("../", host!(), "/catalog.json"));
pub const PAGE: &str = host::page!("page.html");
