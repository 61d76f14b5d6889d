//! Values that have one of several forms: enums, and what may be absent.

use super::check::{Checker, fits};
use super::describe::{alternatives, fixed_values};
use super::nearest::nearest;
use super::resolve::{self, resolve};
use super::variants::Choice;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::source::node::{Key, Node, Value};
use serde_json::Value as Json;

impl<'a> Checker<'a> {
    /// Compares a value with the branch that it means to be, so that errors come from there.
    pub fn choice(&mut self, node: &Node, branches: &'a [Json], about: Option<&'a str>) {
        let choice = Choice::of(self.root, branches);
        if choice.nullable && node.value == Value::Null {
            return;
        }
        if let ([only], []) = (
            choice.others.as_slice(),
            choice.all_names().collect::<Vec<_>>().as_slice(),
        ) {
            self.node(node, only, about);
            return;
        }
        match &node.value {
            Value::String(name) if choice.is_tagged() => self.named(node, name, &choice, about),
            Value::Map(entries) if choice.is_tagged() => {
                self.tagged(node, entries, &choice, about);
            }
            _ => self.best_branch(node, branches, about),
        }
    }

    fn named(&mut self, node: &Node, name: &str, choice: &Choice<'a>, about: Option<&'a str>) {
        if choice.names.contains(&name) {
            return;
        }
        if let Some(schema) = choice.tag(name) {
            let content = &schema["properties"][name];
            let wanted = self.wanted(content);
            let message = format!("{} needs {wanted}", quote(name));
            let found = Diagnostic::error("CM022", node.span.clone(), message);
            self.report(found.help(format!("write `{name}: ...`")), about);
            return;
        }
        self.unknown_name(node.span.clone(), name, choice, about);
    }

    fn tagged(
        &mut self,
        node: &Node,
        entries: &[(Key, Node)],
        choice: &Choice<'a>,
        about: Option<&'a str>,
    ) {
        let known = entries
            .iter()
            .find(|(key, _)| choice.tag(&key.text).is_some());
        match (known, entries) {
            (Some(_), [(key, _)]) => {
                let schema = choice.tag(&key.text).expect("the key was just found");
                self.node(node, schema, None);
            }
            (_, [(key, _)]) if choice.names.contains(&key.text.as_str()) => {
                let message = format!("{} takes no settings", quote(&key.text));
                let found = Diagnostic::error("CM022", key.span.clone(), message);
                self.report(found.help(format!("write just `{}`", key.text)), about);
            }
            (None, [(key, _), ..]) if choice.tags.is_empty() || entries.len() == 1 => {
                self.unknown_name(key.span.clone(), &key.text, choice, about);
            }
            _ => self.not_one_key(node, entries, choice, about),
        }
    }

    fn not_one_key(
        &mut self,
        node: &Node,
        entries: &[(Key, Node)],
        choice: &Choice<'a>,
        about: Option<&'a str>,
    ) {
        let is_known = |key: &&(Key, Node)| choice.all_names().any(|name| name == key.0.text);
        let extra = entries.iter().find(|key| !is_known(key)).or(entries.get(1));
        let span = extra.map_or(node.span.clone(), |(key, _)| key.span.clone());
        let forms = alternatives(choice.all_names().map(quote));
        let message = format!(
            "expected exactly one of {forms}, found {} keys",
            entries.len()
        );
        let found = Diagnostic::error("CM030", span, message);
        self.report(
            found.help("keep one of the keys, and check the indentation of the others"),
            about,
        );
    }

    fn unknown_name(
        &mut self,
        span: std::ops::Range<usize>,
        name: &str,
        choice: &Choice<'a>,
        about: Option<&'a str>,
    ) {
        let forms = alternatives(choice.all_names().map(quote));
        let message = format!("expected {forms}, found {}", quote(name));
        let mut found = Diagnostic::error("CM023", span, message);
        if let Some(near) = nearest(name, choice.all_names()) {
            found = found.help(format!("did you mean `{near}`?"));
        }
        self.report(found, about);
    }

    /// Compares a value with all branches; if none fits, the one that comes nearest speaks.
    fn best_branch(&mut self, node: &Node, branches: &'a [Json], about: Option<&'a str>) {
        let mut best: Option<Vec<Diagnostic>> = None;
        for branch in branches {
            let schema = resolve(self.root, branch).schema;
            let found = self.attempt(node, branch, about);
            if found.is_empty() {
                return;
            }
            let of_this_type = resolve::types(schema).iter().any(|name| fits(name, node));
            if of_this_type && best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
        match best {
            Some(found) => found
                .into_iter()
                .for_each(|found| self.report(found, about)),
            None => self.wrong_choice(node, branches, about),
        }
    }

    fn wrong_choice(&mut self, node: &Node, branches: &[Json], about: Option<&'a str>) {
        let schema = serde_json::json!({ "anyOf": branches });
        self.wrong_type(node, &schema, about);
    }

    /// Compares a value with fixed ones.
    pub fn one_of(&mut self, node: &Node, schema: &'a Json, about: Option<&'a str>) {
        let allowed = fixed_values(schema).unwrap_or_default();
        let is_null_allowed = resolve::list(schema, "enum").iter().any(Json::is_null);
        let written = match &node.value {
            Value::String(text) => text.as_str(),
            Value::Null if is_null_allowed => return,
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => self.slice(node),
            _ => return self.wrong_type(node, schema, about),
        };
        if allowed.iter().any(|value| value == written) {
            return;
        }
        let forms = alternatives(allowed.iter().map(|value| quote(value)));
        let message = format!("expected {forms}, found {}", quote(written));
        let mut found = Diagnostic::error("CM023", node.span.clone(), message);
        if let Some(near) = nearest(written, allowed.iter().map(String::as_str)) {
            found = found.help(format!("did you mean `{near}`?"));
        }
        self.report(found, about);
    }
}
