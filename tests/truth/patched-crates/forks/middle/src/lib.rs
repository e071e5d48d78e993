pub use support::*;
