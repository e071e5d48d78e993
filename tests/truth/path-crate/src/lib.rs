pub use core_part::A;
