//! The machine under the model: virtual time, the event queue, keyed random streams,
//! samplers and the trace.
//!
//! The engine knows nothing of fleets. Everything in it is a pure function of its arguments:
//! equal inputs give equal bits on every machine, in every build profile.
//!
//! * [`SimTime`] and [`SimDuration`] are integer nanoseconds; [`Share`] is parts per million.
//! * [`EventQueue`] orders what is rare; a [`Lane`] is the timer of what is periodic.
//! * [`Key`] addresses randomness: any draw of any entity at any tick, in any order.
//! * [`sample`] turns [`Draws`] into the distributions of the model, exactly.
//! * [`Trace`] records what happened and names the first event at which two runs differ.

mod draws;
mod key;
mod lane;
mod philox;
mod quantity;
mod queue;
pub mod sample;
mod share;
mod time;
mod trace;

pub use draws::Draws;
pub use key::Key;
pub use lane::Lane;
pub use philox::philox4x32_10;
pub use quantity::{Fraction, Milliseconds, Quantity, Unit, quantities, quantity, some_quantity};
pub use queue::{EventQueue, Ticket};
pub use sample::Distribution;
pub use share::{ParseShareError, Share};
pub use time::{ParseDurationError, ParseTimeError, SimDuration, SimTime};
pub use trace::{Divergence, Record, RunningHash, Trace};
