//! Comparing a tree with the JSON Schema of a Rust type, so that every problem is found and has
//! a place.
//!
//! Understood is what `schemars` derives for plain types (draft 2020-12): `type`, `properties`,
//! `required`, `additionalProperties`, `items`, `prefixItems`, `minItems`, `maxItems`, `enum`,
//! `const`, `oneOf`, `anyOf`, `allOf`, `$ref`, the four bounds of numbers, `minLength`, and the
//! formats of integers. `pattern` is not checked: a [`Format`] does so and says what is wrong.

mod check;
mod choice;
mod describe;
mod document;
mod format;
mod list;
mod map;
mod nearest;
mod number;
mod resolve;
mod variants;
mod wrong_type;

pub use check::check;
pub use document::document;
pub use format::{Format, Formats};
pub use nearest::nearest;
