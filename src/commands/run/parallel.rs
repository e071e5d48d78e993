//! How many threads there are.

use std::sync::OnceLock;

/// How many threads run at a time. To count takes a dozen system calls.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}
