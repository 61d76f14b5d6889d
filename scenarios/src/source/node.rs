//! The tree that a text is read into: values that know where they stand.

use std::ops::Range;

/// A value and the bytes of the text that it was read from.
///
/// The value of an alias stands where the alias stands; what lies inside of it stands where the
/// anchor is.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the source, from the first to one past the last.
    pub span: Range<usize>,
    /// What is written there.
    pub value: Value,
}

/// What a document can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: an empty value, `null` or `~`.
    Null,
    /// `true` or `false`; nothing else is a truth value.
    Bool(bool),
    /// A whole number. Wide enough for every `i64` and every `u64`, a seed being one of these.
    Int(i128),
    /// Any other number, NaN and infinity included, so that the schema check can refuse them.
    Float(f64),
    /// Text.
    String(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys and values in the order of the file. No key occurs twice.
    Map(Vec<(Key, Node)>),
}

/// The key of a map entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub text: String,
    /// The bytes of the source, quotes included.
    pub span: Range<usize>,
}

impl Node {
    /// Returns the value of `key` if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Returns the entry of `key` if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<(&Key, &Self)> {
        let mut entries = self.entries().iter();
        let (key, value) = entries.find(|(candidate, _)| candidate.text == key)?;
        Some((key, value))
    }

    /// Returns the entries of a map; none if this is not a map.
    pub fn entries(&self) -> &[(Key, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items of a list; none if this is not a list.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the text if this is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Where each value of a document stands, by path: `stages[1].target`.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanIndex {
    root: Node,
}

impl SpanIndex {
    /// Makes the index of a tree.
    pub const fn new(root: Node) -> Self {
        Self { root }
    }

    /// Returns the whole tree.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// Returns the bytes of the value at `path`; the empty path is the whole document.
    ///
    /// A path is made of keys joined by `.` and of places in lists from 0 in brackets. Keys that
    /// themselves hold dots or brackets are written as they are: the longest key that fits counts.
    pub fn get(&self, path: &str) -> Option<Range<usize>> {
        let found = self.walk(path);
        found.rest.is_empty().then(|| found.entry.1.span.clone())
    }

    /// Returns the bytes of the key at `path`; none for the items of a list.
    pub fn key(&self, path: &str) -> Option<Range<usize>> {
        let found = self.walk(path);
        let key = found.rest.is_empty().then_some(found.entry.0).flatten()?;
        Some(key.span.clone())
    }

    /// Returns the bytes of what exists nearest to `path`: the value itself, or the key of the
    /// innermost map or list around it, or the start of the document.
    ///
    /// Made for problems with something that was left to its default.
    pub fn nearest(&self, path: &str) -> Range<usize> {
        let found = self.walk(path);
        match found.entry {
            (_, value) if found.rest.is_empty() => value.span.clone(),
            (Some(key), _) => key.span.clone(),
            (None, value) => value.span.clone(),
        }
    }

    fn walk<'a>(&'a self, path: &'a str) -> Walk<'a> {
        let mut found = Walk {
            entry: (None, &self.root),
            rest: path,
        };
        while let Some((entry, rest)) = step(found.entry.1, found.rest) {
            found = Walk { entry, rest };
        }
        found
    }
}

/// How far a path leads: the last entry that exists and what is left of the path.
struct Walk<'a> {
    entry: Entry<'a>,
    rest: &'a str,
}

type Entry<'a> = (Option<&'a Key>, &'a Node);

/// Follows the first component of `path`.
fn step<'a>(node: &'a Node, path: &'a str) -> Option<(Entry<'a>, &'a str)> {
    if let Some(after) = path.strip_prefix('[') {
        let (place, rest) = after.split_once(']')?;
        let item = node.items().get(place.parse::<usize>().ok()?)?;
        return Some(((None, item), rest));
    }
    let path = path.strip_prefix('.').unwrap_or(path);
    let fits = |(key, value): &'a (Key, Node)| {
        let rest = path.strip_prefix(key.text.as_str())?;
        let ends = rest.is_empty() || rest.starts_with(['.', '[']);
        (ends && !path.is_empty()).then_some(((Some(key), value), rest))
    };
    let candidates = node.entries().iter().filter_map(fits);
    candidates.min_by_key(|(_, rest)| rest.len())
}

#[cfg(test)]
mod tests {
    use crate::source;

    #[test]
    fn paths_lead_to_values_keys_and_what_is_nearest() {
        let text = "stages:\n  - name: one\n  - name: two\n    target: 5%\na.b: {c: 1}\n";
        let parsed = source::parse(text.as_bytes());
        let index = super::SpanIndex::new(parsed.root.expect("the text is sound"));
        let value = |path: &str| index.get(path).map(|span| &text[span]);
        let key = |path: &str| index.key(path).map(|span| &text[span]);
        assert_eq!(value("stages[1].target"), Some("5%"));
        assert_eq!(key("stages[1].target"), Some("target"));
        assert_eq!(value("a.b.c"), Some("1"));
        assert_eq!(value("stages[2]"), None);
        assert_eq!(value("stages[x]"), None);
        assert_eq!(value("stages["), None);
        assert_eq!(value("stage"), None);
        assert_eq!(key("stages[0]"), None);
        assert_eq!(value(""), Some(text.trim_end()));
        assert_eq!(
            &text[index.nearest("stages[1].hold")],
            "name: two\n    target: 5%"
        );
        assert_eq!(&text[index.nearest("stages.hold")], "stages");
    }
}
