//! Names: every id once, and every reference to something that exists.

use std::collections::BTreeMap;

use super::problem::{Problem, each};
use super::sizes::few;
use crate::diagnostic::quote::quote;
use crate::schema::nearest;

/// The names of one kind that can be referred to.
pub(crate) struct Names<'a> {
    kind: &'static str,
    known: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Collects names; `kind` is the word for one of them, such as `gate`.
    pub fn new(kind: &'static str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            kind,
            known: known.into_iter().collect(),
        }
    }

    /// Returns what is wrong with the reference `name` at `path`, if it leads nowhere.
    pub fn resolve(&self, path: impl Into<String>, name: &str) -> Option<Problem> {
        if self.known.contains(&name) {
            return None;
        }
        let message = format!("no {} is called {}", self.kind, quote(name));
        let problem = Problem::error("CM102", path, message).label("leads nowhere");
        Some(match nearest(name, self.known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean {}?", quote(near))),
            None => problem.help(self.choices()),
        })
    }

    /// Checks a list of references: each leads somewhere, none is given twice.
    pub fn resolve_all(&self, path: &str, names: &[String]) -> Vec<Problem> {
        if let Some(crowd) = few((path, names.len())) {
            return vec![crowd];
        }
        let unknown = each(path, names).filter_map(|(path, name)| self.resolve(path, name));
        let twice = each(path, names)
            .enumerate()
            .filter_map(|(place, (path, name))| {
                let again = names[..place].contains(name);
                again.then(|| {
                    Problem::error("CM104", path, format!("{} is named twice", quote(name)))
                })
            });
        unknown.chain(twice).collect()
    }

    fn choices(&self) -> String {
        /// So many names fit on a line; more would hide the message.
        const SHOWN: usize = 8;
        let shown: Vec<String> = self
            .known
            .iter()
            .take(SHOWN)
            .map(|name| quote(name))
            .collect();
        match self.known.len() {
            0 => format!("there is no {} at all: add one", self.kind),
            known if known > SHOWN => format!("known: {} and more", shown.join(", ")),
            _ => format!("known: {}", shown.join(", ")),
        }
    }
}

/// Checks that each id is there and occurs once; `ids` are pairs of a path and the id.
pub(crate) fn unique<'a>(
    kind: &str,
    ids: impl IntoIterator<Item = (String, &'a str)>,
) -> Vec<Problem> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, id) in ids {
        if id.trim().is_empty() {
            let message = format!("this {kind} has no name");
            problems.push(Problem::error("CM103", path, message).help("give it a short name"));
        } else if let Some(earlier) = first.get(id) {
            let message = format!("a second {kind} is called {}", quote(id));
            let reason = format!("`{earlier}` has the name already, and references go by name");
            problems.push(Problem::error("CM101", path, message).reason(reason));
        } else {
            first.insert(id, path);
        }
    }
    problems
}
