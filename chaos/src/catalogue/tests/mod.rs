//! Tests of the catalogue, over every fault of it.

mod entries;
pub(crate) mod ground;
mod played;
