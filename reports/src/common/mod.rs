//! What every form is made of: figures, tables, styles, escaping. Nothing here knows a kind of result.

pub(crate) mod badge;
pub(crate) mod escape;
pub mod figure;
pub mod js_text;
pub(crate) mod label;
pub(crate) mod markdown;
pub mod python_text;
pub mod safe;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod variant_label;
pub(crate) mod wrap;
