//! The way into reading.

use super::{text, yaml};
use crate::diagnostic::{Diagnostic, Report};
use crate::source::node::{Node, Value};

/// What was read from a file, right or wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The text without a byte-order mark; spans count from its beginning. Bytes that are not
    /// UTF-8 are replaced.
    pub source: String,
    /// The tree, unless the text is so broken that there is none. With diagnostics it may lack
    /// what they are about, such as the second of two equal keys.
    pub root: Option<Node>,
    /// What is wrong with the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Returns the text and the tree.
    ///
    /// # Errors
    ///
    /// If anything is wrong with the text; `name` is the file to blame.
    pub fn sound(self, name: &str) -> Result<(String, Node), Report> {
        match self.root {
            Some(root) if self.diagnostics.is_empty() => Ok((self.source, root)),
            _ => Err(Report::new(name, &self.source, self.diagnostics)),
        }
    }
}

/// Reads a document. Never fails as such: what is wrong is listed in the result, and the list is
/// not empty if there is no tree.
pub fn parse(bytes: &[u8]) -> Parsed {
    match text::decode(bytes) {
        (source, None) => parse_text(source),
        (source, Some(found)) => Parsed {
            source,
            root: None,
            diagnostics: vec![found],
        },
    }
}

fn parse_text(source: String) -> Parsed {
    let (root, mut diagnostics) = yaml::parse(&source);
    let is_empty = match &root {
        None => true,
        Some(root) => root.value == Value::Null && root.span.is_empty(),
    };
    if is_empty && diagnostics.is_empty() {
        let found = Diagnostic::error("CM003", 0..0, "the file is empty");
        diagnostics.push(found.reason("there is nothing in it but blanks and comments"));
        return Parsed {
            source,
            root: None,
            diagnostics,
        };
    }
    Parsed {
        source,
        root,
        diagnostics,
    }
}
