//! Lists.

use super::check::Checker;
use super::resolve;
use crate::diagnostic::Diagnostic;
use crate::source::node::Node;
use serde_json::Value as Json;

impl<'a> Checker<'a> {
    /// Compares a list: its length, then each item.
    pub fn list(&mut self, node: &Node, items: &[Node], schema: &'a Json, about: Option<&'a str>) {
        self.length(node, items.len() as u64, schema, about);
        let firsts = resolve::list(schema, "prefixItems");
        for (item, wanted) in items.iter().zip(firsts) {
            self.node(item, wanted, None);
        }
        if let Some(wanted) = schema.get("items") {
            for item in items.iter().skip(firsts.len()) {
                self.node(item, wanted, None);
            }
        }
    }

    fn length(&mut self, node: &Node, length: u64, schema: &'a Json, about: Option<&'a str>) {
        let bound = |keyword| schema.get(keyword).and_then(Json::as_u64);
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(u64::MAX);
        let message = if length == 0 && least > 0 {
            "the list is empty".to_owned()
        } else if length < least {
            format!("expected at least {least} items, found {length}")
        } else if length > most {
            format!("expected at most {most} items, found {length}")
        } else {
            return;
        };
        let mut found = Diagnostic::error("CM029", node.span.clone(), message);
        if length < least {
            let item = schema.get("items").map(|items| self.wanted(items));
            let item = item.unwrap_or_else(|| "an item".to_owned());
            found = found.help(format!("add {item}, with `- ` before it"));
        }
        self.report(found, about);
    }
}
