//! Foreign controllers: engines of other products on our plant.
//!
//! They drive the state machines of the package `controllers`, the very ones that reproduce what those products were
//! seen to do. Here is only what joins them to the world: pods that start, metrics that are read, orders that are
//! carried out, and a history in the words of any other rollout. Their clocks count whole milliseconds.

mod argo;
mod clock;
mod flagger;
mod outage;
mod pods;
mod reader;
mod teller;

pub(crate) use argo::ArgoController;
pub(crate) use flagger::FlaggerController;
pub(crate) use reader::ReadingTaken;
