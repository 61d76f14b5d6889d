//! The machine, played.
mod chance;
mod closed;
mod example;
mod gate_table;
mod harm;
mod lost;
mod many;
mod measures;
mod rows;
mod splitters;
mod testing;
mod units;
