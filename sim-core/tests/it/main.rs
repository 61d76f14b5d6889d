//! The machine, played.
mod bench_world;
mod example;
mod rows;
