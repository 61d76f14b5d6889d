//! The `coalmine` command.
fn main() {}
