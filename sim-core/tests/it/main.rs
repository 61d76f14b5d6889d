//! The machine, played.
mod closed;
mod example;
mod gate_table;
mod measures;
mod rows;
mod testing;
