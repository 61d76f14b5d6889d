//! What goes in: typed documents in YAML or JSON, read with every problem located.
//!
//! [`read()`] turns bytes into a [`Document`], or into a [`Report`] of all that is wrong with
//! them: file, line and column, what is wrong, why it matters and what to write instead.
//! The steps lie in one file each: [`source`] reads text into a tree of [`Node`]s that know
//! where they stand, [`schema`] compares the tree with the JSON Schema of a Rust type, and
//! [`Report`] draws what both found. The documents themselves are a [`Scenario`] and the
//! [`World`] that it plays in. [`load`] adds what a shape cannot say (names that lead somewhere, numbers
//! that mean something) and makes an experiment of them; [`lint`] says what a policy will probably do
//! wrong before anybody plays it; [`files`] opens files. [`adapter`] reads other people's files, [`history`] recorded metrics, [`calibrate`] makes noise models of them, [`wedge`] judges
//! rollout wedges, [`vary`] makes candidates of a policy.

pub mod adapter;
pub mod calibrate;
pub mod campaign;
mod case_file;
mod check;
mod code_entry;
mod codes;
mod decode;
mod diagnostic;
pub mod difference;
pub mod files;
mod findings;
#[cfg(test)]
mod fixtures;
pub mod history;
pub mod library;
pub mod lint;
pub mod load;
mod node;
mod noise_model;
mod position;
mod quote;
mod read;
pub mod reading;
pub mod rehearse;
mod render;
mod scale;
mod scenario;
pub mod schema;
pub mod schemas;
pub mod source;
pub mod vary;
pub mod wedge;
mod world;
mod yaml;

pub use campaign::Campaign;
pub use case_file::{Broken, CaseFile};
pub use code_entry::CodeEntry;
pub use codes::{CODES, codes};
pub use diagnostic::{Diagnostic, Report, Severity};
pub use node::{Key, Node, SpanIndex, Value};
pub use noise_model::{FittedFrom, NoiseModel};
pub use position::{LineIndex, Position};
pub use read::{Document, read, read_with};
pub use render::Colour;
pub use scale::{ScaledLevel, Scaling, scaled};
pub use scenario::{
    ChosenNoise, Expect, NoiseSource, Objectives, Release, Scenario, Verdict, WorldSource,
};
pub use world::World;
pub use yaml::yaml;

#[cfg(test)]
mod tests;
