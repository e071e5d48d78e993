#[macro_export]
macro_rules! host {
    () => {
        "www"
    };
}
