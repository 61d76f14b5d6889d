//! From a flat series of scalars, beginnings and ends to a tree, within bounds.
//!
//! What is open is kept on a list, never on the call stack, so that hostile nesting ends at
//! [`MAX_DEPTH`] instead of exhausting memory.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::findings::Findings;
use crate::diagnostic::position::LineIndex;
use crate::source::node::{Key, Node, Value};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// The most lists and maps that may lie in one another. What walks the tree may recurse.
pub const MAX_DEPTH: usize = 64;

/// The most values that aliases may copy in all; 64 bytes of text count as one value.
const MAX_COPIED: usize = 100_000;

/// The name of the key that takes over the entries of other maps.
const MERGE: &str = "<<";

/// A finding that ends reading.
pub(super) type Fatal = Box<Diagnostic>;

/// A tree under construction.
pub(super) struct Builder<'a> {
    source: &'a str,
    open: Vec<Frame>,
    anchors: BTreeMap<usize, Anchored>,
    copied: usize,
    root: Option<Node>,
    /// Set when something has no place in a tree, so that what is left is not worth checking.
    broken: bool,
    found: Findings,
    /// Made when it is first needed.
    lines: OnceCell<LineIndex>,
}

struct Anchored {
    value: Value,
    depth: usize,
    cost: usize,
}

/// A list or map whose end has not been met.
struct Frame {
    start: usize,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<(Key, Node)>,
    places: BTreeMap<String, usize>,
    merged: Vec<Node>,
    pending: Option<PendingKey>,
}

enum PendingKey {
    Entry(Key),
    Repeated,
    Merge,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            copied: 0,
            root: None,
            broken: false,
            found: Findings::default(),
            lines: OnceCell::new(),
        }
    }

    /// Returns the tree if it is whole.
    pub fn finish(self) -> (Option<Node>, Vec<Diagnostic>) {
        let is_whole = self.open.is_empty() && !self.broken;
        (self.root.filter(|_| is_whole), self.found.finish())
    }

    /// Says whether a value has been read to its end.
    pub fn has_root(&self) -> bool {
        self.root.is_some()
    }

    /// Notes a finding.
    pub fn note(&mut self, make: impl FnOnce() -> Diagnostic) {
        self.found.add(make);
    }

    /// Notes a finding after which the tree is not worth checking.
    pub fn break_with(&mut self, make: impl FnOnce() -> Diagnostic) {
        self.found.add(make);
        self.broken = true;
    }

    /// Begins a list.
    pub fn begin_list(&mut self, start: usize, anchor: usize) -> Result<(), Fatal> {
        self.begin(start, anchor, Content::List(Vec::new()))
    }

    /// Begins a map.
    pub fn begin_map(&mut self, start: usize, anchor: usize) -> Result<(), Fatal> {
        self.begin(start, anchor, Content::Map(OpenMap::default()))
    }

    fn begin(&mut self, start: usize, anchor: usize, content: Content) -> Result<(), Fatal> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        self.open.push(Frame {
            start,
            anchor,
            content,
        });
        Ok(())
    }

    /// Ends the innermost list or map. `end` is one past its closing bracket; without brackets
    /// it ends where its last value does.
    pub fn end(&mut self, end: Option<usize>) -> Result<(), Fatal> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let (value, last) = match frame.content {
            Content::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::List(items), last)
            }
            Content::Map(map) => {
                let last = map
                    .entries
                    .last()
                    .map(|(key, v)| v.span.end.max(key.span.end));
                (Value::Map(self.merge(map)), last)
            }
        };
        let end = end.or(last).unwrap_or(frame.start).max(frame.start);
        self.add(frame.start..end, value, frame.anchor)
    }

    /// Adds a scalar. `plain` is its text if it is written without quotes.
    pub fn scalar(
        &mut self,
        span: Range<usize>,
        value: Value,
        plain: Option<&str>,
        text: &str,
        anchor: usize,
    ) -> Result<(), Fatal> {
        if self.wants_key() {
            self.remember(anchor, &Value::String(text.to_owned()), span.start)?;
            self.key(span, text, plain == Some(MERGE));
            return Ok(());
        }
        self.add(span, value, anchor)
    }

    /// Adds a copy of what the anchor marks.
    pub fn alias(&mut self, span: Range<usize>, anchor: usize) -> Result<(), Fatal> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "the alias lies inside of the value that it stands for";
            self.break_with(|| Diagnostic::error("CM007", span.clone(), message));
            return self.add(span, Value::Null, 0);
        };
        if self.open.len() + anchored.depth > MAX_DEPTH {
            return Err(too_deep(span.start));
        }
        let (value, cost) = (anchored.value.clone(), anchored.cost);
        self.charge(cost, span.start)?;
        if let (true, Value::String(text)) = (self.wants_key(), &value) {
            self.key(span, text, false);
            return Ok(());
        }
        self.add(span, value, 0)
    }

    fn wants_key(&self) -> bool {
        let innermost = self.open.last().map(|frame| &frame.content);
        matches!(innermost, Some(Content::Map(map)) if map.pending.is_none())
    }

    fn key(&mut self, span: Range<usize>, text: &str, is_merge: bool) {
        let Some(Frame {
            content: Content::Map(map),
            ..
        }) = self.open.last_mut()
        else {
            return;
        };
        if is_merge {
            map.pending = Some(PendingKey::Merge);
        } else if let Some(&first) = map.places.get(text) {
            map.pending = Some(PendingKey::Repeated);
            let first = map.entries[first].0.span.start;
            let lines = self.lines.get_or_init(|| LineIndex::new(self.source));
            let line = || lines.position(self.source, first).line;
            self.found.add(|| repeated(span, text, line()));
        } else {
            map.places.insert(text.to_owned(), map.entries.len());
            map.pending = Some(PendingKey::Entry(Key {
                text: text.to_owned(),
                span,
            }));
        }
    }

    /// Puts a value where one is due: into the innermost open list or map, or at the top.
    fn add(&mut self, span: Range<usize>, value: Value, anchor: usize) -> Result<(), Fatal> {
        self.remember(anchor, &value, span.start)?;
        let mut node = Node { span, value };
        if self.wants_key() {
            self.drop_findings_inside(&node.span);
            self.break_with(|| key_is_not_text(node.span.clone()));
            self.key(node.span, "", false);
            return Ok(());
        }
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(map)) => match map.pending.take() {
                Some(PendingKey::Entry(key)) => {
                    // An empty value has no place of its own worth pointing at.
                    if node.span.is_empty() {
                        node.span = key.span.clone();
                    }
                    map.entries.push((key, node));
                }
                Some(PendingKey::Merge) => map.merged.push(node),
                Some(PendingKey::Repeated) | None => {}
            },
        }
        Ok(())
    }

    /// Of keys in keys that are not text, as in `{{ name }}`, only the outermost is reported.
    fn drop_findings_inside(&mut self, span: &Range<usize>) {
        let is_inside = |inner: &Range<usize>| span.start <= inner.start && inner.end <= span.end;
        self.found
            .withdraw(|found| found.code == "CM010" && found.span.as_ref().is_some_and(is_inside));
    }

    /// Keeps a copy of a marked value for its aliases.
    fn remember(&mut self, anchor: usize, value: &Value, at: usize) -> Result<(), Fatal> {
        if anchor == 0 {
            return Ok(());
        }
        let (cost, depth) = measure(value);
        self.charge(cost, at)?;
        let value = value.clone();
        self.anchors.insert(anchor, Anchored { value, depth, cost });
        Ok(())
    }

    fn charge(&mut self, cost: usize, at: usize) -> Result<(), Fatal> {
        self.copied += cost;
        if self.copied <= MAX_COPIED {
            return Ok(());
        }
        let message = format!("aliases copy more than {MAX_COPIED} values");
        let found = Diagnostic::error("CM006", at..at + 1, message)
            .reason("copies of copies grow exponentially, up to more than fits into memory")
            .help("write the values out, or mark and repeat smaller parts");
        Err(Box::new(found))
    }

    /// Adds the entries of merged maps that the map does not have itself.
    fn merge(&mut self, map: OpenMap) -> Vec<(Key, Node)> {
        let OpenMap {
            mut entries,
            mut places,
            merged,
            ..
        } = map;
        for node in merged {
            let maps = match node.value {
                Value::List(items) => items,
                _ => vec![node],
            };
            for map in maps {
                let Value::Map(inherited) = map.value else {
                    self.found.add(|| nothing_to_merge(map.span));
                    continue;
                };
                for (key, value) in inherited {
                    if places.insert(key.text.clone(), entries.len()).is_none() {
                        entries.push((key, value));
                    }
                }
            }
        }
        entries
    }
}

/// Returns how many values there are in `value` and how deep they lie in one another.
fn measure(value: &Value) -> (usize, usize) {
    let children: Vec<(usize, usize)> = match value {
        Value::String(text) => return (1 + text.len() / 64, 0),
        Value::List(items) => items.iter().map(|item| measure(&item.value)).collect(),
        Value::Map(entries) => {
            let of_entry = |(key, node): &(Key, Node)| {
                let (cost, depth) = measure(&node.value);
                (cost + key.text.len() / 64, depth)
            };
            entries.iter().map(of_entry).collect()
        }
        _ => return (1, 0),
    };
    let cost: usize = children.iter().map(|(cost, _)| cost).sum();
    let depth = children.iter().map(|(_, depth)| depth).max();
    (cost + 1, 1 + depth.unwrap_or(&0))
}

pub(super) fn too_deep(at: usize) -> Fatal {
    let message = format!("more than {MAX_DEPTH} lists and maps lie in one another");
    Box::new(Diagnostic::error("CM005", at..at + 1, message).help("flatten the document"))
}

fn repeated(span: Range<usize>, text: &str, line: usize) -> Diagnostic {
    Diagnostic::error(
        "CM009",
        span,
        format!(
            "the key {} is given twice",
            crate::diagnostic::quote::quote(text)
        ),
    )
    .label(format!("first given on line {line}"))
    .reason("only one of the two values could count")
    .help("delete or rename one of them")
}

fn key_is_not_text(span: Range<usize>) -> Diagnostic {
    Diagnostic::error("CM010", span, "the key of a map entry must be text")
        .help("put quotes around text that begins with `{` or `[`: `\"{{ name }}\"`")
}

fn nothing_to_merge(span: Range<usize>) -> Diagnostic {
    Diagnostic::error("CM012", span, "`<<` needs a map to take entries from")
        .help("write the alias of a map: `<<: *defaults`")
}
