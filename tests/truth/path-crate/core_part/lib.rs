mod a;
pub use a::A;
