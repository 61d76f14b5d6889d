//! Exact answers: what a window makes of looks that do not depend on one another.
//!
//! A window of counts has finitely many memories. Where each look breaches with a known probability,
//! whatever the looks before it said, the memory is a Markov chain, and a sum over its states
//! gives the probability of every end at every look: no draws, no interval, and a tail of 1e-20
//! as accurate as a half. All sums have positive terms alone, so nothing cancels.
//!
//! An [`Odds`] says what one look says, [`law`] what a [`Window`] makes of stages of looks, and [`Law::first_of`]
//! what several gates make of them. The recursion shares no code with [`crate::policy::gate::Tracker`], and so is
//! an oracle for it.
//!
//! ```
//! use sim_core::engine::SimDuration;
//! use sim_core::exact::{LookStage, Odds, law};
//! use sim_core::policy::gate::Window;
//! // A gate that breaches in one look of a thousand, and ten in a row that roll back: one day of looks.
//! let day = LookStage { looks: 1440, odds: Odds::of_breach(0.001) };
//! let law = law(Window::Consecutive(10), SimDuration::from_mins(1), &[day]).unwrap();
//! assert!((law.fired() / 1.43e-27 - 1.0).abs() < 0.01);
//! ```
//!
//! [`Window`]: crate::policy::gate::Window

mod chain;
mod law;
mod memory;
mod odds;
#[cfg(test)]
mod tests;

pub use law::{Law, LookStage, law};
pub use memory::NotExact;
pub use odds::Odds;
