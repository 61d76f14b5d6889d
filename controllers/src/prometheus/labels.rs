//! Labels of a series, and what chooses series by them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::pattern::Pattern;

/// The label that holds the name of a metric.
pub const NAME: &str = "__name__";

/// The labels of one series: names with values, in the order of the names.
///
/// An empty value is the same as no label.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// Returns labels from pairs; an empty value is left out.
    pub fn of<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut labels = Self::default();
        for (name, value) in pairs {
            labels.set(name, value);
        }
        labels
    }

    /// Returns the value of a label, empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Gives a label a value; an empty one removes it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        if value.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value);
        }
    }

    /// Takes a label away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Returns the labels without the name of the metric.
    #[must_use]
    pub fn unnamed(&self) -> Self {
        self.without(&[])
    }

    /// Returns only the named labels: `by` and `on`.
    #[must_use]
    pub fn only(&self, names: &[String]) -> Self {
        Self::of(names.iter().map(|name| (name.clone(), self.get(name))))
    }

    /// Returns the labels without these and without the name of the metric: `without` and `ignoring`.
    #[must_use]
    pub fn without(&self, names: &[String]) -> Self {
        let kept = |name: &String| name != NAME && !names.contains(name);
        Self(
            self.0
                .iter()
                .filter(|(name, _)| kept(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }

    /// Yields names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

impl fmt::Display for Labels {
    /// Writes `name{a="b"}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{{", self.get(NAME))?;
        let others = self.iter().filter(|(name, _)| *name != NAME);
        for (nth, (name, value)) in others.enumerate() {
            write!(f, "{}{name}={value:?}", if nth == 0 { "" } else { ", " })?;
        }
        f.write_str("}")
    }
}

/// How a matcher compares.
#[derive(Debug, Clone, PartialEq)]
pub enum Match {
    /// `=`
    Equal(String),
    /// `!=`
    NotEqual(String),
    /// `=~`, anchored at both ends.
    Like(Pattern),
    /// `!~`, anchored at both ends.
    Unlike(Pattern),
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// What its value must be; an absent label has the value "".
    pub is: Match,
}

impl Matcher {
    /// Tells whether a value of the label passes.
    pub fn takes(&self, value: &str) -> bool {
        match &self.is {
            Match::Equal(wanted) => value == wanted,
            Match::NotEqual(other) => value != other,
            Match::Like(regex) => regex.matches(value),
            Match::Unlike(regex) => !regex.matches(value),
        }
    }

    /// Tells whether the labels pass.
    pub fn accepts(&self, labels: &Labels) -> bool {
        self.takes(labels.get(&self.label))
    }
}
