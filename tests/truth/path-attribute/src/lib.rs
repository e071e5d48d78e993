#[path = "../elsewhere/other.rs"]
pub mod other;
#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "other.rs")]
pub mod platform;
