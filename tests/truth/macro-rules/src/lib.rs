//! Local macros that embed, in the forms that people write. Each arm that is not taken names a file too, which rustc does not read.
#![allow(dead_code, unused_macros)]

macro_rules! text {
    ($name:literal) => {
        include_str!($name)
    };
}
mod inner;
pub const A: &str = text!("known.txt");
pub fn f() -> usize {
    let inner = || include_bytes!("inner.bin").len();
    inner()
}
#[cfg(test)]
mod tests {
    const T: &str = text!("only-in-tests.txt");
}

// A visibility that may be empty, an expression.
macro_rules! schema {
    ($vis:vis $name:ident, $path:expr) => {
        $vis static $name: &[u8] = include_bytes!($path);
    };
}
schema!(pub B, "../data/b.json");
schema!(C, "../data/c.json");
schema!(pub(crate) D, concat!("../data/", "d", ".json"));

macro_rules! generated {
    ($path:expr) => {
        include!(concat!(env!("CARGO_MANIFEST_DIR"), "/generated/", $path));
    };
}
generated!("one.rs");
generated!("two.rs");

// Repetitions in repetitions, a separator at the end, names as text.
macro_rules! shaders {
    ($($group:ident { $($name:ident = $number:literal),* $(,)? })+) => {
        $(pub mod $group {
            $(pub const $name: &str = include_str!(concat!("../shaders/", stringify!($name), $number, ".wgsl"));)*
        })+
    };
}
shaders! {
    first { blur = 1, fill = 2, }
    second { line = "-x" }
}

// Rules that call each other, one token at a time.
macro_rules! each {
    (@file [$($done:tt)*]) => {
        pub static EACH: &[&str] = &[$($done)*];
    };
    (@file [$($done:tt)*] $name:literal; $($rest:tt)*) => {
        each!(@file [$($done)* include_str!(concat!("../data/", $name)),] $($rest)*);
    };
    (@unused) => {
        include_str!("../data/unused.txt")
    };
    ($($names:tt)*) => {
        each!(@file [] $($names)*);
    };
}
each! { "e1.txt"; "e2.txt"; "e3.txt"; }

// Types, paths, patterns, lifetimes, blocks, attributes and items before what counts.
macro_rules! typed {
    ($(#[$meta:meta])* $name:ident<$life:lifetime>: $type:ty = $path:literal; $item:item $block:block) => {
        $(#[$meta])*
        pub fn $name<$life>(_: &$life str) -> $type {
            $item
            let _ = $block;
            include_str!($path).as_bytes().to_vec()
        }
    };
    ($name:ident: $type:ty = $value:expr, $pattern:pat => $path:literal) => {
        pub fn $name() -> Option<$type> {
            match $value {
                $pattern => Some(include_str!($path).len() as $type),
                _ => None,
            }
        }
    };
    ($($unused:tt)*) => {
        const _: &str = include_str!("../data/unused.txt");
    };
}
typed! {
    #[doc = "A function."]
    #[inline]
    typed<'a>: Vec<u8> = "../data/typed.txt";
    const N: [u8; 2] = [1, 2];
    { N.len() + 1 }
}
typed!(matched: u64 = std::convert::identity::<Option<u8>>(Some(1)), Some(0..=9) | None => "../data/matched.txt");

// A macro whose name a macro is given, one that comes to a literal.
macro_rules! host {
    () => {
        "g"
    };
}
macro_rules! by {
    ($embed:ident, $($name:ident => $path:expr),+) => {
        $(pub const $name: &[u8] = $embed!($path).as_slice();)+
    };
}
by!(include_bytes, F => "../data/f.bin", G => concat!("../data/", host!(), ".bin"));

// A literal that matches to the letter.
macro_rules! on {
    (linux => $path:literal) => {
        include_str!("../data/unused.txt")
    };
    (-1 => $path:literal) => {
        include_str!($path)
    };
}
pub const ON: &str = on!(-1 => "../data/on.txt");
