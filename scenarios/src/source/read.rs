//! Reading a typed document.

use crate::diagnostic::quote::tame;
use crate::diagnostic::{Diagnostic, Report};
use crate::import;
use crate::schema::{self, Formats};
use crate::source;
use crate::source::decode;
use crate::source::node::{Node, SpanIndex};
use crate::source::other_kind::other_kind;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// A document that was read without errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Document<T> {
    /// The name of the file as the user gave it.
    pub name: String,
    /// The text of the file, without a byte-order mark.
    pub source: String,
    /// What it says.
    pub value: T,
    /// Where it says so, for whoever finds that it makes no sense.
    pub spans: SpanIndex,
}

/// Reads a document of kind `T` from YAML or JSON. `name` is only used in messages.
///
/// # Errors
///
/// Everything that is wrong with the text and with its shape, each with its place. What is
/// wrong with the meaning is for the caller to find; [`Document::spans`] tells where it stands.
///
/// # Example
///
/// ```
/// #[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
/// #[serde(deny_unknown_fields, rename_all = "kebab-case")]
/// struct Stage {
///     name: String,
///     hosts: u32,
/// }
///
/// let stage = scenarios::read::<Stage>("stage.yaml", b"name: canary\nhosts: 3\n").unwrap();
/// assert_eq!(stage.value.hosts, 3);
///
/// let report = scenarios::read::<Stage>("stage.yaml", b"nmae: canary\nhosts: -3\n").unwrap_err();
/// let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
/// assert_eq!(codes, ["CM020", "CM024"]);
/// ```
pub fn read<T: DeserializeOwned + JsonSchema + 'static>(
    name: &str,
    bytes: &[u8],
) -> Result<Document<T>, Report> {
    read_with(name, bytes, &Formats::standard())
}

/// Reads a document as [`read()`] does, with other checks for formatted texts.
///
/// # Errors
///
/// As [`read()`].
pub fn read_with<T: DeserializeOwned + JsonSchema + 'static>(
    name: &str,
    bytes: &[u8],
    formats: &Formats,
) -> Result<Document<T>, Report> {
    let parsed = source::parse(bytes);
    let mut found = parsed.diagnostics;
    let Some(root) = parsed.root else {
        return Err(refused(name, &parsed.source, found));
    };
    let wanted = schema::document::<T>();
    if let Some(other) = other_kind(&root, &wanted) {
        return Err(Report::new(name, &parsed.source, vec![other]));
    }
    found.extend(schema::check(&root, &parsed.source, &wanted, formats));
    if found.is_empty() {
        match decode::decode(&root) {
            Ok(value) => {
                return Ok(Document {
                    name: name.to_owned(),
                    source: parsed.source,
                    value,
                    spans: SpanIndex::new(root),
                });
            }
            Err(error) => found.push(unusable(error, &root)),
        }
    }
    Err(refused(name, &parsed.source, found))
}

/// What is wrong with a document; of another product's only what it is, for none of its keys is misspelt.
fn refused(name: &str, source: &str, found: Vec<Diagnostic>) -> Report {
    match import::misplaced(source) {
        Some(other) => Report::new(name, source, vec![other]),
        None => Report::new(name, source, found),
    }
}

/// Reports what the type refuses although the schema allows it.
fn unusable(error: decode::DecodeError, root: &Node) -> Diagnostic {
    let span = error.span.unwrap_or_else(|| root.span.clone());
    Diagnostic::error("CM032", span, tame(&error.message, 300))
}
