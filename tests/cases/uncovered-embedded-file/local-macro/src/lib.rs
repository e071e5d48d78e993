macro_rules! schema {
    ($vis:vis $name:ident, $path:expr) => {
        $vis static $name: &[u8] = include_bytes!($path);
    };
}

schema!(pub A, "../schemas/a.json");
schema!(B, concat!("../schemas/", "b", ".json"));
// What the source alone does not tell is shown by `cachekeys inputs`.
schema!(C, PATH);

#[cfg(test)]
mod tests {
    schema!(T, "../schemas/only-in-tests.json");
}
