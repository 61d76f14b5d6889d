//! Flagger 1.44.0: the tick of its scheduler.
//!
//! [`Policy`] is a canary with its defaults; [`tick()`] moves a [`State`] by one interval: it reads the cluster
//! ([`Wake`]) and asks metrics and webhooks ([`World`]) in Flagger's order, and says what it did as data. [`facts`] says
//! what follows from a policy before it is run; [`keys`] says which keys of a file matter.

pub mod duration;
mod ending;
pub mod facts;
pub mod form;
pub mod hook;
pub mod keys;
pub mod metric;
pub mod policy;
pub mod ready;
pub mod rows;
mod run;
pub mod state;
mod step;
mod tick;

pub use form::{Canary, MetricTemplate};
pub use policy::{NoAnalysis, Policy, Router, Strategy};
pub use ready::Readiness;
pub use state::{Asked, Event, Order, Phase, Revision, Routes, State, Tick, Wake, World};
pub use tick::tick;
