//! Operators: people who acknowledge, approve and sign off, each in their own time; and the
//! evidence that they leave lying around.

mod spec;

pub use spec::{EvidenceChange, Operator};
