//! From bytes to a tree of [`Node`](crate::Node)s: YAML 1.2, of which JSON is a part.
//!
//! Nothing here knows what a document means. Reading is bounded: 1 MiB of text, 64 levels of
//! nesting, 100 000 values copied by aliases. No input makes it panic.

mod build;
pub(crate) mod decode;
pub(crate) mod documents;
pub mod files;
pub(crate) mod node;
pub(crate) mod other_kind;
mod parse;
pub(crate) mod read;
pub mod reading;
mod scalar;
mod syntax;
mod text;
pub(crate) mod writer;
mod yaml;

pub use build::MAX_DEPTH;
pub use parse::{Parsed, parse};
pub use text::MAX_BYTES;
