//! Effects: what a release or a fault may change in the world, and when.
//!
//! This is the mechanism. Which faults are chosen is somebody else's business, and so is the
//! judgement of what comes of them. Each change sits on one layer of the world; layers compose in
//! the order release, host, exporter, transport, store, query, evaluator, controller, actuator, human.

mod change;
mod command;
mod course;
mod data;

pub use change::{Change, Effect, SignalChange};
pub use command::{
    AnswerChange, AnswerTrouble, CommandChange, CommandTrouble, Direction, HostReturn, Memory, Slip,
};
pub use course::{Anchor, Course, Cycle, Only, Standing, State};
pub use data::{DataChange, Mislabel, Misread, Misreading, Part, Straggling};
