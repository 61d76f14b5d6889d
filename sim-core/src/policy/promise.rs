//! Promises of one's own: what a policy is held to beside the safety promises that every policy makes.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A promise that the authors of a policy make in addition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Promise {
    /// The code by which reports call it, unlike any that is built in, such as `OWN-QUICK`.
    pub id: Name,
    /// The promise, as a sentence without a full stop.
    pub title: Name,
    /// When it is kept: a formula over what happens, such as
    /// `always(rollback_began -> eventually[0s, 60s](serving_new == 0))`.
    pub formula: String,
}

/// How much harm a rollout may do to users, whatever the release is like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HarmBudget {
    /// Minutes of full outage that the errors above normal may amount to, over the whole rollout.
    #[schemars(range(min = 0.0, max = 1e9))]
    pub error_minutes: f64,
}

/// A name that lives as long as the program, so that what is found about a promise of one's own is
/// told by the same kind of name as what is found about those that are built in.
///
/// The text of each name that is read stays in memory; files have few of them and are read once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(&'static str);

impl Name {
    /// Returns the text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(Box::leak(text.into()))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
