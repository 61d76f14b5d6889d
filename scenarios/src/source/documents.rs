//! Files with several documents: each is read by itself, and everything keeps its place in the file.

use std::ops::Range;

use super::parse::parse;
use super::text;
use crate::diagnostic::Diagnostic;
use crate::source::node::{Node, Value};

/// What was read from a file of any number of documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Documents {
    /// The text without a byte-order mark; spans count from its beginning.
    pub source: String,
    /// The trees of the documents that are sound, in their order.
    pub roots: Vec<Node>,
    /// What is wrong with the others.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads every document of a file. What is wrong with one document does not touch the others.
pub fn documents(bytes: &[u8]) -> Documents {
    let (source, refused) = text::decode(bytes);
    let mut all = Documents {
        source,
        roots: Vec::new(),
        diagnostics: refused.into_iter().collect(),
    };
    if !all.diagnostics.is_empty() {
        return all;
    }
    for part in parts(&all.source) {
        let parsed = parse(&all.source.as_bytes()[part.clone()]);
        let sound = parsed.diagnostics.is_empty();
        let moved = parsed.diagnostics.into_iter().map(|mut found| {
            found.span = found.span.map(|span| moved(&span, part.start));
            found
        });
        all.diagnostics.extend(moved);
        if let Some(mut root) = parsed.root.filter(|_| sound) {
            shift(&mut root, part.start);
            all.roots.push(root);
        }
    }
    all
}

fn moved(span: &Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// Moves a tree; its depth is bounded by the reader.
fn shift(node: &mut Node, by: usize) {
    node.span = moved(&node.span, by);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Value::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            key.span = moved(&key.span, by);
            shift(value, by);
        }),
        _ => {}
    }
}

/// The parts of a text that are documents. In YAML a line that begins with `---` or `...` is a marker wherever it stands,
/// so that lines are enough to find them.
fn parts(source: &str) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    for line in source.split_inclusive('\n') {
        let marker = ["---", "..."].iter().any(|mark| {
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        });
        if marker {
            parts.push(start..at);
            // `---` belongs to what follows, `...` to nothing.
            start = if line.starts_with('-') {
                at
            } else {
                at + line.len()
            };
        }
        at += line.len();
    }
    parts.push(start..at);
    parts.retain(|part| says_something(&source[part.clone()]));
    parts
}

fn says_something(part: &str) -> bool {
    part.lines().any(|line| {
        let line = line.strip_prefix("---").unwrap_or(line).trim();
        !(line.is_empty() || line.starts_with('#') || line.starts_with('%'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_keeps_its_place_and_a_broken_one_spoils_no_other() {
        let text =
            "# head\n---\na: 1\n---\n# nothing\n---\nb: [\n---\nc: |\n  ---\n...\n--- {d: 4}\n";
        let all = documents(text.as_bytes());
        let keys: Vec<_> = all
            .roots
            .iter()
            .map(|root| &text[root.entries()[0].0.span.clone()])
            .collect();
        assert_eq!(keys, ["a", "c", "d"]);
        assert_eq!(all.diagnostics.len(), 1, "{:?}", all.diagnostics);
        let span = all.diagnostics[0].span.clone().expect("it is located");
        assert!(text[..span.end].contains("b: ["), "{span:?}");
        assert!(documents(b"# nothing\n---\n").roots.is_empty());
    }
}
