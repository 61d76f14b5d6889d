//! The numbers of a file of another product: those that decide, in every object of it, and those that it could say.
//!
//! Lists are read as maps: an element is named by its `name`, or by its place from 0, so that a path says
//! `metrics.success-rate.failureLimit` and `steps.0.setWeight`. A condition is read as the numbers that stand in it. A limit that is not
//! written is a place too, at which its line would stand.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use sim_core::Steering;

use super::varied_text::{ReadSteering, VariedText};
use crate::import::lower::{Assumed, Lowered, lower};
use crate::import::{self, Imported};
use crate::source::node::{Key, Node, Value};

/// The objects whose numbers decide.
const KINDS: [&str; 12] = [
    "rule file",
    "PrometheusRule",
    "spec",
    "PrometheusServiceLevel",
    "SLO",
    "AlertCondition",
    "AlertPolicy",
    "Rollout",
    "AnalysisTemplate",
    "ClusterAnalysisTemplate",
    "Canary",
    "MetricTemplate",
];
/// Keys with a condition.
const CONDITIONS: [&str; 3] = ["successCondition", "failureCondition", "expr"];
/// Keys that are no number of a policy: pods are a part of the world.
const NOT_TRIED: [&str; 2] = ["replicas", "revisionHistoryLimit"];

/// What may be put into a metric of Argo, and what counts where it is not said.
const OF_METRICS: [(&str, &str); 7] = [
    ("failureLimit", "0"),
    ("consecutiveErrorLimit", "4"),
    ("inconclusiveLimit", "0"),
    ("consecutiveSuccessLimit", "0"),
    ("count", ""),
    ("interval", ""),
    ("initialDelay", ""),
];
/// What may be put into an analysis in the background.
const OF_ANALYSES: [(&str, &str); 1] = [("startingStep", "0")];
/// What may be put into the analysis of a Canary.
const OF_CANARIES: [(&str, &str); 2] = [("threshold", ""), ("interval", "")];

impl<'p> VariedText<'p> {
    /// The first of `files`, which is lowered with the others.
    pub fn foreign(files: &'p [Imported], assumed: &'p Assumed, current: &Lowered) -> Self {
        let file = &files[0];
        let mut tree = Tree {
            source: &file.source,
            inserts: BTreeMap::new(),
            usual: BTreeMap::new(),
        };
        let root = tree.of_file(file);
        Self {
            source: &file.source,
            root: Cow::Owned(root),
            inserts: tree.inserts,
            usual: tree.usual,
            current: read(current.clone()),
            read: Box::new(move |text| {
                let mut all = files.to_vec();
                all[0] = import::read(&file.name, text.as_bytes());
                let lowered = lower(&all, assumed);
                lowered
                    .map(read)
                    .map_err(|mut reports| reports.swap_remove(0))
            }),
        }
    }
}

fn read(lowered: Lowered) -> ReadSteering {
    ReadSteering {
        steering: Steering {
            policy: lowered.policy.into(),
            decider: lowered.decider,
        },
        horizon: Some(lowered.horizon),
    }
}

struct Tree<'p> {
    source: &'p str,
    inserts: BTreeMap<usize, String>,
    usual: BTreeMap<String, String>,
}

impl Tree<'_> {
    /// The objects by their kind; by kind and name where there are several of one.
    fn of_file(&mut self, file: &Imported) -> Node {
        let known = |kind: &str| KINDS.contains(&kind);
        let many = |kind: &str| {
            let same = file.objects.iter().filter(|object| object.kind == kind);
            same.count() > 1
        };
        let mut entries = Vec::new();
        for object in file.objects.iter().filter(|object| known(&object.kind)) {
            // A file of rules and one of sloth have no more than what they say.
            let root = object.root();
            let spec = root.get("spec").unwrap_or(root);
            let name = if many(&object.kind) {
                format!("{}/{}", object.kind, object.name)
            } else {
                object.kind.clone()
            };
            entries.push((key(name, &spec.span), self.node(spec, &object.kind, "spec")));
        }
        map(0..self.source.len(), entries)
    }

    /// The numbers of a node, which stands at a path without its numbers: `spec.metrics`.
    fn node(&mut self, node: &Node, kind: &str, path: &str) -> Node {
        match &node.value {
            Value::Map(entries) => {
                let mut all = self.missing(node, kind, path);
                for (own, value) in entries
                    .iter()
                    .filter(|(own, _)| !NOT_TRIED.contains(&&own.text[..]))
                {
                    let value = if CONDITIONS.contains(&&own.text[..]) {
                        self.condition(value)
                    } else {
                        self.node(value, kind, &format!("{path}.{}", own.text))
                    };
                    all.push((own.clone(), value));
                }
                map(node.span.clone(), all)
            }
            Value::List(items) => {
                let named = |(nth, item): (usize, &Node)| {
                    let name = item.get("name").or_else(|| item.get("alert"));
                    let name = name.and_then(Node::as_str);
                    name.map_or_else(|| nth.to_string(), str::to_owned)
                };
                let mut names: Vec<String> = items.iter().enumerate().map(named).collect();
                for nth in 0..names.len() {
                    if names[..nth].contains(&names[nth]) {
                        names[nth] = nth.to_string();
                    }
                }
                let items = names.into_iter().zip(items);
                let entries =
                    items.map(|(name, item)| (key(name, &item.span), self.node(item, kind, path)));
                map(node.span.clone(), entries.collect())
            }
            _ => node.clone(),
        }
    }

    /// What a map could say and does not.
    fn missing(&mut self, node: &Node, kind: &str, path: &str) -> Vec<(Key, Node)> {
        let keys: &[(&str, &str)] = match (kind, path) {
            ("AnalysisTemplate" | "ClusterAnalysisTemplate", "spec.metrics") => &OF_METRICS,
            ("Rollout", "spec.strategy.canary.analysis") => &OF_ANALYSES,
            ("Canary", "spec.analysis") => &OF_CANARIES,
            _ => &[],
        };
        let missing = keys.iter().filter(|(key, _)| node.get(key).is_none());
        let missing: Vec<_> = missing.collect();
        let Some(at) = self.place_in(node).filter(|_| !missing.is_empty()) else {
            return Vec::new();
        };
        let entry = |(name, usual): &(&str, &str)| {
            let value = Node {
                span: at..at,
                value: Value::Int(0),
            };
            self.usual.insert((*name).to_owned(), (*usual).to_owned());
            (key((*name).to_owned(), &(at..at)), value)
        };
        missing.into_iter().map(entry).collect()
    }

    /// Where a line can be put into a map, and what is to follow it there: before its second key, so that the first stays
    /// beside its dash, or before the first in braces.
    fn place_in(&mut self, node: &Node) -> Option<usize> {
        let entries = node.entries();
        let braces = self.source[node.span.clone()].starts_with('{');
        let at = match entries {
            [first, ..] if braces => first.0.span.start,
            [_, second, ..] => second.0.span.start,
            [first] => first.0.span.start,
            [] => return None,
        };
        let begins = self.source[..at].rfind('\n').map_or(0, |line| line + 1);
        let indent = self.source[begins..at].chars().count();
        let after = if braces {
            ", ".to_owned()
        } else {
            format!("\n{}", " ".repeat(indent))
        };
        self.inserts.insert(at, after);
        Some(at)
    }

    /// The numbers of a condition: the only one, or each by its place from 0. What is in brackets is an index.
    fn condition(&self, node: &Node) -> Node {
        let text = &self.source[node.span.clone()];
        let number = |span: Range<usize>| {
            let value = self.source[span.clone()].parse().ok()?;
            Some(Node {
                span,
                value: Value::Float(value),
            })
        };
        let found = literals(text).into_iter();
        let start = node.span.start;
        let found = found.filter_map(|at| number(start + at.start..start + at.end));
        let mut found: Vec<Node> = found.collect();
        if found.len() == 1 {
            return found.remove(0);
        }
        let numbered = found.into_iter().enumerate();
        let entries = numbered.map(|(nth, node)| (key(nth.to_string(), &node.span), node));
        map(node.span.clone(), entries.collect())
    }
}

/// Where the numbers of a condition stand.
fn literals(text: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(begins) = rest.find(part) else {
            break;
        };
        let length = rest[begins..]
            .find(|c| !part(c))
            .unwrap_or(rest.len() - begins);
        let span = at + begins..at + begins + length;
        let index = text[..span.start].trim_end().ends_with('[');
        if text[span.clone()].starts_with(|c: char| c.is_ascii_digit()) && !index {
            found.push(span.clone());
        }
        at = span.end;
    }
    found
}

fn key(text: String, span: &Range<usize>) -> Key {
    Key {
        text,
        span: span.clone(),
    }
}

const fn map(span: Range<usize>, entries: Vec<(Key, Node)>) -> Node {
    Node {
        span,
        value: Value::Map(entries),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_made_of_numbers_and_indices() {
        let numbers = |text: &str| -> Vec<String> {
            let spans = literals(text).into_iter();
            spans.map(|span| text[span].to_owned()).collect()
        };
        assert_eq!(numbers("result[0] >= 0.95"), ["0.95"]);
        assert_eq!(numbers("len(result) == 0 || result[0] < 5e2"), ["0", "5e2"]);
        assert_eq!(numbers("\"all(result, # < 300)\""), ["300"]);
        assert_eq!(numbers("result.p99 < x2"), Vec::<String>::new());
    }
}
