//! Samplers: from uniform bits to the distributions of the model.

mod distribution;
pub use distribution::Distribution;
