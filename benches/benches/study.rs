//! A study: many rollouts of a simple policy on all cores.
fn main() {}
