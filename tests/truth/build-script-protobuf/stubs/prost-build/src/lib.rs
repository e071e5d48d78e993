pub struct Config;

impl Config {
    pub fn new() -> Self {
        Self
    }
}
