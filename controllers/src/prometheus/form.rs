//! Files of rules as Prometheus reads them, and what becomes of their keys.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::alert::AlertingRule;
use super::ast::Expr;
use super::duration;
use super::group::{Group, RecordingRule, Rule};
use super::lex::ParseError;
use super::parse::parse;
use super::recording::Millis;
use crate::keys::{Key, Role};

/// What becomes of each key of a file of rules.
pub const KEYS: [Key; 15] = [
    ("groups[].name", Role::Used),
    ("groups[].interval", Role::Used),
    ("groups[].query_offset", Role::Used),
    ("groups[].limit", Role::Used),
    ("groups[].labels.*", Role::Used),
    ("groups[].rules[].record", Role::Used),
    ("groups[].rules[].alert", Role::Used),
    ("groups[].rules[].expr", Role::Used),
    ("groups[].rules[].for", Role::Used),
    ("groups[].rules[].keep_firing_for", Role::Used),
    ("groups[].rules[].labels.*", Role::Used),
    (
        "groups[].rules[].annotations",
        Role::Ignored("text for people: it decides nothing"),
    ),
    (
        "groups[].partial_response_strategy",
        Role::Ignored("how Thanos answers without a store: every store is there in a simulation"),
    ),
    ("groups", Role::Used),
    ("groups[].rules", Role::Used),
];

/// A file of rules: `groups`, or the `spec` of a `PrometheusRule`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RuleFile {
    /// Its groups.
    #[serde(default)]
    pub groups: Vec<GroupForm>,
}

/// A group as it is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupForm {
    /// Unique in the file.
    pub name: String,
    /// From one evaluation to the next; that of the server when it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Length>,
    /// How far back rules look; that of the server when it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_offset: Option<Length>,
    /// The most alerts or series of a rule; 0 is no limit.
    #[serde(skip_serializing_if = "is_default")]
    pub limit: usize,
    /// Labels of every rule.
    #[serde(skip_serializing_if = "is_default")]
    pub labels: BTreeMap<String, String>,
    /// The rules.
    pub rules: Vec<RuleForm>,
}

/// A rule as it is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// The name of the new metric.
    #[serde(skip_serializing_if = "is_default")]
    pub record: String,
    /// The name of the alert.
    #[serde(skip_serializing_if = "is_default")]
    pub alert: String,
    /// PromQL.
    pub expr: String,
    /// How long the condition must hold.
    #[serde(rename = "for", skip_serializing_if = "is_default")]
    pub hold: Length,
    /// How long a firing alert outlives its condition.
    #[serde(skip_serializing_if = "is_default")]
    pub keep_firing_for: Length,
    /// Labels that are added.
    #[serde(skip_serializing_if = "is_default")]
    pub labels: BTreeMap<String, String>,
    /// Text for people.
    #[serde(skip_serializing_if = "is_default")]
    pub annotations: BTreeMap<String, String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A length of time, written `5m` or `0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length(pub Millis);

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&duration::write(self.0))
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Length;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as `5m`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Length, E> {
                let read = duration::read(text).map(Length);
                read.ok_or_else(|| E::custom(format!("`{text}` is no duration such as `5m`")))
            }
            // YAML makes a number of `for: 0`; any other number lacks its unit.
            fn visit_u64<E: Error>(self, number: u64) -> Result<Length, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Length, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    /// The path of the key: `groups[0].rules[1].expr`.
    pub path: String,
    /// Prometheus takes it, but it is not simulated.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
    /// Where in the expression.
    pub place: Option<ParseError>,
}

/// What a file leaves to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// `global.evaluation_interval`
    pub interval: Millis,
    /// `global.rule_query_offset`
    pub query_offset: Millis,
}

impl Default for Defaults {
    /// 1 minute and 0, as Prometheus.
    fn default() -> Self {
        Self {
            interval: 60_000,
            query_offset: 0,
        }
    }
}

impl RuleFile {
    /// Returns the groups that can be run, and what is wrong with the other rules, each with its place.
    ///
    /// A rule that is wrong is left out of its group. Prometheus itself refuses the whole file when a rule is wrong; one
    /// that is only unsupported here, and what is wrong with it, are told apart by [`FormError::unsupported`].
    pub fn groups(&self, file: &str, defaults: Defaults) -> (Vec<Group>, Vec<FormError>) {
        let mut errors = Vec::new();
        let mut names = Vec::new();
        let mut groups = Vec::new();
        for (nth, form) in self.groups.iter().enumerate() {
            let path = format!("groups[{nth}]");
            let repeated = names.contains(&&form.name);
            if form.name.is_empty() || repeated {
                let message = if repeated {
                    "the name of the group is used twice in this file"
                } else {
                    "the group has no name"
                };
                errors.push(wrong(&format!("{path}.name"), message));
            }
            names.push(&form.name);
            groups.push(form.build(file, &path, defaults, &mut errors));
        }
        (groups, errors)
    }
}

impl GroupForm {
    fn build(
        &self,
        file: &str,
        path: &str,
        defaults: Defaults,
        errors: &mut Vec<FormError>,
    ) -> Group {
        let mut rules = Vec::new();
        for (nth, rule) in self.rules.iter().enumerate() {
            match rule.build(&format!("{path}.rules[{nth}]"), &self.labels) {
                Ok(rule) => rules.push(rule),
                Err(error) => errors.push(error),
            }
        }
        // An interval of 0 is that of the server.
        let interval = self
            .interval
            .map(|length| length.0)
            .filter(|length| *length > 0);
        Group {
            file: file.into(),
            name: self.name.clone(),
            interval: interval.unwrap_or(defaults.interval),
            query_offset: self.query_offset.map_or(defaults.query_offset, |l| l.0),
            limit: self.limit,
            rules,
        }
    }
}

impl RuleForm {
    fn build(&self, path: &str, shared: &BTreeMap<String, String>) -> Result<Rule, FormError> {
        let expr = self.expression(path)?;
        let mut labels = shared.clone();
        labels.extend(self.labels.clone());
        match (self.record.is_empty(), self.alert.is_empty()) {
            (true, false) => Ok(Rule::Alert(AlertingRule {
                alert: self.alert.clone(),
                expr,
                hold: self.hold.0,
                keep_firing_for: self.keep_firing_for.0,
                labels,
            })),
            (false, true) => self.record(path, expr, labels),
            (true, true) => Err(wrong(path, "the rule has neither `alert` nor `record`")),
            (false, false) => Err(wrong(path, "the rule has both `alert` and `record`")),
        }
    }

    fn record(
        &self,
        path: &str,
        expr: Expr,
        labels: BTreeMap<String, String>,
    ) -> Result<Rule, FormError> {
        let alerts_only = [
            ("for", self.hold != Length(0)),
            ("keep_firing_for", self.keep_firing_for != Length(0)),
            ("annotations", !self.annotations.is_empty()),
        ];
        if let Some((key, _)) = alerts_only.iter().find(|(_, there)| *there) {
            return Err(wrong(
                &format!("{path}.{key}"),
                "a rule that records has no such key",
            ));
        }
        Ok(Rule::Record(RecordingRule {
            record: self.record.clone(),
            expr,
            labels,
        }))
    }

    fn expression(&self, path: &str) -> Result<Expr, FormError> {
        let path = format!("{path}.expr");
        if self.expr.is_empty() {
            return Err(wrong(&path, "the rule has no `expr`"));
        }
        parse(&self.expr).map_err(|error| FormError {
            path,
            unsupported: error.unsupported,
            message: error.message.clone(),
            place: Some(error),
        })
    }
}

fn wrong(path: &str, message: &str) -> FormError {
    FormError {
        path: path.into(),
        unsupported: false,
        message: message.into(),
        place: None,
    }
}
