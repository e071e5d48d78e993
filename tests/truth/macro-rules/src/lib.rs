macro_rules! text {
    ($name:literal) => {
        include_str!($name)
    };
}
pub const A: &str = include_str!("known.txt");
pub fn f() -> usize { let inner = || include_bytes!("inner.bin").len(); inner() }
#[cfg(test)]
mod tests { const T: &str = include_str!("only-in-tests.txt"); }
#[allow(unused_macros)]
pub const M: u8 = { let _ = 1; 2 };
#[allow(unused)]
use text;
