//! Traffic: how much load there is at each instant and which version serves it.

mod dealer;
mod load;
mod preset;
mod reach;
mod spec;
mod splitter;
pub mod sticky;

pub use dealer::Dealer;
pub use load::{load_at, mean_load, next_jump};
pub use preset::{Preset, PresetEntry, presets};
pub use reach::{Reach, expected};
pub use spec::{Arrivals, Load, Split, Traffic, Work};
pub use splitter::{
    AssignedBy, Connections, Draw, OnZero, Phase, Requests, Resolution, Ring, Rounds, Salt,
    Splitter, Users,
};
