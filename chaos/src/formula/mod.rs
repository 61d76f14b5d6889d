//! Formulas: promises of one's own, in bounded temporal logic over the history.
//!
//! A formula such as `always(rollback_began -> eventually[0s, 60s](serving_new == 0))` is read into a
//! [`Formula`] ([`parse`]), and judged on the history of a rollout ([`judge`]). It sees what happened and
//! what was declared, as the checkers do, and nothing of the controller.
//!
//! - **Events** are true at the instants at which they happen: `rollback_began`, `advanced`, `triggered`.
//! - **Quantities** hold from one instant to the next: `serving_new`, `stage`, `state`. An instant counts
//!   with what it ended with.
//! - `always`, `eventually` and `once` take bounds, such as `[0s, 60s]`; without bounds the first two look to
//!   the end of the history, and the last back to its beginning. `final(...)` is about the end.
//!
//! The meaning is that of metric temporal logic over timed state sequences (Koymans 1990; Maler and
//! Nickovic 2004), in whole nanoseconds. What a simulation that ended too early leaves open is not held
//! against anybody.

mod ast;
mod judge;
mod parse;
mod parse_term;
mod past;
mod quantity;
mod sets;
mod slack;
mod token;
mod valuation;

#[cfg(test)]
mod tests;

pub use ast::{Bounds, Formula};
pub use judge::{Judged, findings, judge};
pub use parse::parse;
pub use quantity::{EVENTS, QUANTITIES, Word};
pub use token::Misread;
