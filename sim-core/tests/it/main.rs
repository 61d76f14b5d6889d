//! The machine, played.
mod closed;
mod example;
mod gate_table;
mod rows;
mod testing;
