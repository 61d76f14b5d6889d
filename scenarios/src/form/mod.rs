//! The forms of documents, as data: what files say, and what each part means.

pub mod campaign;
pub(crate) mod case;
pub(crate) mod noise;
pub(crate) mod scale;
pub(crate) mod scenario;
pub(crate) mod world;
