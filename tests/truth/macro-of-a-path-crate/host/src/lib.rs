#[macro_export]
macro_rules! host {
    () => {
        "www"
    };
}

/// The crate whose directory counts is the one that calls.
#[macro_export]
macro_rules! page {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $crate::host!(), "/", $name))
    };
}
