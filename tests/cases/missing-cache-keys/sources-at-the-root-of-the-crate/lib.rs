mod flat;
mod deep;
#[cfg(test)]
mod tests;
