//! What goes in: typed documents in YAML or JSON, read with every problem located.
//!
//! [`read()`] turns bytes into a [`Document`], or into a [`Report`] of all that is wrong with
//! them: file, line and column, what is wrong, why it matters and what to write instead.
//! The steps lie in one room each: [`source`] reads text into a tree of [`Node`]s that know
//! where they stand, [`schema`] compares the tree with the JSON Schema of a Rust type, and
//! [`Report`] draws what both found. The documents themselves are a [`Scenario`] and the
//! [`World`] that it plays in. [`load`] adds what a shape cannot say (names that lead somewhere, numbers
//! that mean something) and makes an experiment of them; [`lint`] says what a policy will probably do
//! wrong before anybody plays it; [`files`] opens files. [`adapter`] reads other people's files, [`recorded`]
//! metrics as they were recorded, [`calibrate`] makes noise models of them, [`wedge`] judges
//! rollout wedges, [`import`] reads other people's policies, [`search_space`] makes candidates of a policy.

pub mod adapter;
pub mod calibrate;
mod check;
pub mod conformance;
mod diagnostic;
#[cfg(test)]
mod fixtures;
mod form;
pub mod import;
pub mod library;
pub mod lint;
pub mod load;
pub mod recorded;
pub mod rehearse;
pub mod schema;
pub mod schemas;
pub mod search_space;
pub mod source;
pub mod wedge;

pub use check::units::of_measure as unit_fits;
pub use diagnostic::code_entry::CodeEntry;
pub use diagnostic::codes::{CODES, codes};
pub use diagnostic::divided;
pub use diagnostic::position::{LineIndex, Position};
pub use diagnostic::render::Colour;
pub use diagnostic::{Diagnostic, Report, Severity};
pub use form::campaign::{self, Campaign};
pub use form::case::{Broken, CaseFile};
pub use form::noise::{FittedFrom, NoiseModel};
pub use form::scale::{ScaledLevel, Scaling, scaled};
pub use form::scenario::{
    ChosenNoise, Expect, NoiseSource, Objectives, Release, Scenario, Verdict, WorldSource,
};
pub use form::world::World;
pub use source::documents::{Documents, documents};
pub use source::node::{Key, Node, SpanIndex, Value};
pub use source::read::{Document, read, read_with};
pub use source::writer::yaml;
pub use source::{files, reading};

#[cfg(test)]
mod tests;
