//! The machine, played.
mod example;
mod rows;
