//! Rules of the house that a machine can hold: sizes, layers, words and papers.

mod circles;
mod codes;
mod doors;
mod layers;
mod names;
mod papers;
mod readme;
mod sizes;
pub mod source;
mod words;
