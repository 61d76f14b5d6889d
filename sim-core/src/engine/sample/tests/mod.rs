//! The samplers against known answers and exact distributions.
