//! Tests of the catalogue, over every fault of it.

mod entries;
mod ground;
mod played;
