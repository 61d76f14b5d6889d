//! The machine, played.
mod closed;
mod example;
mod gate_table;
mod measures;
mod harm;
mod many;
mod rows;
mod testing;
