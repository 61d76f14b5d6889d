//! Nothing is accepted and ignored: each key of the forms, changed, makes another history or is refused.

mod effects;
mod faults;
mod forms;
mod keys;
