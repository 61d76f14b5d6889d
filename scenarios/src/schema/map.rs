//! Maps: unknown and missing keys.

use super::check::Checker;
use super::describe::{alternatives, required};
use super::nearest::nearest;
use super::resolve::resolve;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::source::node::{Key, Node};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

impl<'a> Checker<'a> {
    /// Compares the entries of a map, then looks for what is missing.
    pub fn map(&mut self, node: &Node, entries: &[(Key, Node)], schema: &'a Json) {
        let none = Map::new();
        let properties = schema.get("properties").and_then(Json::as_object);
        let rest = schema.get("additionalProperties");
        let given: BTreeSet<&str> = entries.iter().map(|(key, _)| key.text.as_str()).collect();
        let mut meant: Vec<&str> = Vec::new();
        for (key, value) in entries {
            let wanted = properties.and_then(|properties| properties.get(&key.text));
            match (wanted, rest) {
                (None, Some(Json::Bool(false))) => {
                    let known = properties.unwrap_or(&none);
                    meant.extend(self.unknown_key(key, known, &given));
                }
                (Some(wanted), _) | (None, Some(wanted)) => self.node(value, wanted, None),
                (None, None) => {}
            }
        }
        for name in required(schema) {
            // A misspelt key was reported with its right name already.
            if !given.contains(name) && !meant.contains(&name) {
                self.missing_key(node, name, properties.and_then(|known| known.get(name)));
            }
        }
    }

    /// Reports an unknown key and returns the one that is probably meant.
    fn unknown_key<'n>(
        &mut self,
        key: &Key,
        known: &'n Map<String, Json>,
        given: &BTreeSet<&str>,
    ) -> Option<&'n str> {
        if self.is_full() {
            self.report(Diagnostic::error("CM020", key.span.clone(), ""), None);
            return None;
        }
        let absent = known
            .keys()
            .map(String::as_str)
            .filter(|name| !given.contains(name));
        let near = nearest(&key.text, absent);
        let names = alternatives(known.keys().map(|name| quote(name)));
        let help = match near {
            Some(near) => format!("did you mean `{near}`? expected {names}"),
            None if known.is_empty() => "delete it: no keys are known here".to_owned(),
            None => format!("expected {names}"),
        };
        let message = format!("unknown key {}", quote(&key.text));
        let found = Diagnostic::error("CM020", key.span.clone(), message)
            .reason("a misspelt key that is ignored is a limit that does not hold")
            .help(help);
        self.report(found, None);
        near
    }

    fn missing_key(&mut self, node: &Node, name: &str, wanted: Option<&'a Json>) {
        let mut found = Diagnostic::error(
            "CM021",
            node.span.clone(),
            format!("missing key {}", quote(name)),
        );
        let about = wanted.and_then(|wanted| resolve(self.root, wanted).about);
        if let Some(wanted) = wanted {
            let value = self.wanted(wanted);
            found = found
                .label(format!("`{name}` is missing here"))
                .help(format!("add `{name}:` with {value}"));
        }
        self.report(found, about);
    }
}
