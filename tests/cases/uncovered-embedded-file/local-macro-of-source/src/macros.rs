#[macro_export]
macro_rules! table {
    ($path:literal) => {
        include!(concat!(env!("CARGO_MANIFEST_DIR"), "/generated/", $path));
    };
}
