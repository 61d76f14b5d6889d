//! The machine, played.
mod closed;
mod example;
mod rows;
mod testing;
