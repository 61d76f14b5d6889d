//! The fleet: hosts, how they are updated and how alike they are.

mod spec;

pub use spec::{Fleet, Region, Straggler, Update, UpdateOrder};
