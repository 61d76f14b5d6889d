//! From text to a tree by way of the events of a YAML parser. Only this file and the one on
//! syntax errors name the library that the parser comes from.

use super::build::{Builder, Fatal, MAX_DEPTH};
use super::{scalar, syntax};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::position::floor;
use crate::diagnostic::quote::quote;
use crate::source::node::{Node, Value};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag, options};
use std::ops::Range;

/// Reads the only document of `source`.
pub(super) fn parse(source: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let options = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
    };
    let mut reader = EventReader {
        source,
        builder: Builder::new(source),
        brackets: Vec::new(),
        reached: 0,
    };
    for next in Parser::new_from_str_with_options(source, options) {
        let step = match next {
            Ok((event, span)) => reader.event(event, span),
            Err(error) => Err(Box::new(syntax::explain(source, &error, reader.reached))),
        };
        if let Err(fatal) = step {
            reader.builder.break_with(|| *fatal);
            break;
        }
    }
    reader.builder.finish()
}

struct EventReader<'a> {
    source: &'a str,
    builder: Builder<'a>,
    /// For each open list or map, whether it is closed by a bracket.
    brackets: Vec<bool>,
    /// One past the last byte that is understood.
    reached: usize,
}

impl EventReader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fatal> {
        let bytes = self.bytes(span);
        self.reached = self.reached.max(bytes.end);
        match event {
            Event::DocumentStart(..) if self.builder.has_root() => Err(several_documents(bytes)),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = (style == ScalarStyle::Plain).then_some(&*text);
                let value = self.scalar_value(&text, plain.is_some(), tag.as_deref(), span);
                self.builder.scalar(bytes, value, plain, &text, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(style, tag.as_deref(), (span, "seq"));
                self.builder.begin_list(bytes.start, anchor)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(style, tag.as_deref(), (span, "map"));
                self.builder.begin_map(bytes.start, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let is_bracketed = self.brackets.pop().unwrap_or(false);
                self.builder.end(is_bracketed.then_some(bytes.end))
            }
            Event::Alias(anchor) => self.builder.alias(bytes, anchor),
            Event::UnresolvedAlias(name) => {
                let found = || unknown_anchor(bytes.clone(), &name);
                self.builder.break_with(found);
                self.builder.scalar(bytes, Value::Null, None, &name, 0)
            }
            _ => Ok(()),
        }
    }

    /// Checks the tag of a list or of a map, and remembers whether it stands in brackets.
    fn open(&mut self, style: StructureStyle, tag: Option<&Tag>, (span, word): (Span, &str)) {
        self.check_tag(tag, span, &[word]);
        self.brackets.push(style == StructureStyle::Flow);
    }

    fn bytes(&self, span: Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(0..0);
        let start = floor(self.source, range.start);
        start..floor(self.source, range.end).max(start)
    }

    fn scalar_value(&mut self, text: &str, plain: bool, tag: Option<&Tag>, span: Span) -> Value {
        let kinds = ["str", "int", "float", "bool", "null"];
        match self.check_tag(tag, span, &kinds) {
            Some("str") => Value::String(text.to_owned()),
            Some(_) => scalar::resolve(text),
            None if plain => scalar::resolve(text),
            None => Value::String(text.to_owned()),
        }
    }

    /// Returns the kind that a tag asks for; reports one that cannot be asked for here.
    fn check_tag<'k>(
        &mut self,
        tag: Option<&Tag>,
        span: Span,
        kinds: &[&'k str],
    ) -> Option<&'k str> {
        let tag = tag?;
        let core = tag.core_suffix();
        let kind = kinds.iter().find(|kind| core == Some(**kind));
        // The tag `!` alone says "not a plain word": text.
        if kind.is_none() && tag.original() == "!" {
            return kinds.contains(&"str").then_some("str");
        }
        if kind.is_none() {
            let at = span
                .tag_span()
                .map_or(self.bytes(span), |span| self.bytes(span));
            self.builder.note(|| unsupported_tag(at, &tag.original()));
        }
        kind.copied()
    }
}

fn several_documents(bytes: Range<usize>) -> Fatal {
    let found = Diagnostic::error("CM008", bytes, "a second document begins here")
        .reason("only one document is read from a file")
        .help("move it to a file of its own, or delete the line `---`");
    Box::new(found)
}

fn unknown_anchor(bytes: Range<usize>, name: &str) -> Diagnostic {
    let message = format!("the alias {} has no anchor", quote(&format!("*{name}")));
    Diagnostic::error("CM007", bytes, message).help(
        "mark a value further up with `&name`, or put quotes around text that begins with `*`",
    )
}

fn unsupported_tag(bytes: Range<usize>, tag: &str) -> Diagnostic {
    Diagnostic::error(
        "CM011",
        bytes,
        format!("the tag {} is not supported", quote(tag)),
    )
    .help("delete the tag, or put quotes around text that begins with `!`")
}
