//! Numbers that a path has led to, what lies below them, and refusals of what leads nowhere.

use std::ops::Range;

use super::refusal::{RangeRefusal, refuse};
use crate::diagnostic::quote::quote;
use crate::schema::nearest;
use crate::source::node::{Node, Value};

/// A number that a path leads to.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// The full path, list elements by their ids.
    pub path: String,
    /// The number.
    pub node: &'a Node,
}

pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().expect("a split has a last part")
}

/// The part of `path` behind that of its parent.
pub(super) fn name_of<'p>(path: &'p str, parent: &str) -> &'p str {
    path[parent.len()..].trim_start_matches('.')
}

/// The entries of a map, or the elements of a list that have an id.
pub(super) fn children<'a>(found: &Found<'a>) -> Vec<Found<'a>> {
    let join = |name: &str| {
        if found.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", found.path)
        }
    };
    let entries = found
        .node
        .entries()
        .iter()
        .map(|(key, node)| (key.text.as_str(), node));
    let items = found.node.items().iter();
    let items = items.filter_map(|node| Some((node.get("id")?.as_str()?, node)));
    entries
        .chain(items)
        .map(|(name, node)| Found {
            path: join(name),
            node,
        })
        .collect()
}

/// Everything below a map that is reached through maps alone.
pub(super) fn below<'a>(found: &Found<'a>) -> Vec<Found<'a>> {
    let mut all = Vec::new();
    let mut open = vec![found.clone()];
    while let Some(next) = open.pop() {
        if matches!(next.node.value, Value::Map(_)) {
            let children = children(&next);
            all.extend(children.iter().cloned());
            open.extend(children);
        }
    }
    all
}

pub(super) fn unknown(found: &Found<'_>, word: &str, span: Range<usize>) -> RangeRefusal {
    let place = if found.path.is_empty() {
        "the policy".to_owned()
    } else {
        quote(&found.path)
    };
    let names: Vec<_> = children(found)
        .iter()
        .map(|child| last_name(child, found))
        .collect();
    let deep = below(found);
    let known = names
        .iter()
        .map(String::as_str)
        .chain(deep.iter().map(|child| last(&child.path)));
    let help = match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "the path ends before this".to_owned(),
        None => format!("there are {}", listed(names.iter().map(String::as_str))),
    };
    refuse(
        "CM070",
        span,
        format!("{place} has no {}", quote(word)),
        help,
    )
}

fn last_name(child: &Found<'_>, parent: &Found<'_>) -> String {
    name_of(&child.path, &parent.path).to_owned()
}

pub(super) fn nothing_below(found: &Found<'_>, span: Range<usize>) -> RangeRefusal {
    let message = format!("there is nothing below {}", quote(&found.path));
    refuse("CM070", span, message, "end the path here")
}

pub(super) fn ambiguous(word: &str, several: &[Found<'_>], span: Range<usize>) -> RangeRefusal {
    let message = format!("{} can mean several numbers", quote(word));
    let paths = listed(several.iter().map(|found| found.path.as_str()));
    refuse("CM071", span, message, format!("name one of {paths}"))
}

pub(super) fn no_number(found: &Found<'_>, span: Range<usize>) -> RangeRefusal {
    let message = format!("{} is no number", quote(&found.path));
    let help = if last(&found.path) == "window" {
        "a window with a length is `{consecutive: 1}` or `{sustained: {over: 10m, mode: every}}`"
    } else {
        "go on to a number below it, or write one in the file first"
    };
    refuse("CM072", span, message, help)
}

/// The first names of several, between back quotes.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const SHOWN: usize = 12;
    let quoted: Vec<_> = names.map(quote).collect();
    let more = if quoted.len() > SHOWN { ", ..." } else { "" };
    quoted[..quoted.len().min(SHOWN)].join(", ") + more
}
