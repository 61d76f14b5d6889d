//! Entries: what is said about each fault, apart from its parameters' values.

use schemars::Schema;
use sim_core::effect::Course;

/// The layer of the world on which a fault sits. Layers compose in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What the new version does.
    Release,
    /// The hosts and what surrounds them.
    Host,
    /// What hosts say of themselves.
    Exporter,
    /// How it gets to the store.
    Transport,
    /// How it is kept.
    Store,
    /// How it is asked for.
    Query,
    /// How gates are read and windows measured.
    Evaluator,
    /// Who decides.
    Controller,
    /// What carries decisions out.
    Actuator,
    /// People.
    Human,
}

impl Layer {
    /// Returns the word that files and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Host => "host",
            Self::Exporter => "exporter",
            Self::Transport => "transport",
            Self::Store => "store",
            Self::Query => "query",
            Self::Evaluator => "evaluator",
            Self::Controller => "controller",
            Self::Actuator => "actuator",
            Self::Human => "human",
        }
    }
}

/// What a catalogue of faults of the type `F` says about one fault.
#[derive(Clone, Copy, Debug)]
pub struct EntryOf<F> {
    /// Its name: group and fault, such as `telemetry.nan`.
    pub name: &'static str,
    /// The number in the catalogue of failures that it plays, such as `T4`; `D` and a number for defects
    /// of real systems.
    pub id: &'static str,
    /// The layer on which it sits.
    pub layer: Layer,
    /// What happens, as a sentence without a full stop.
    pub summary: &'static str,
    /// What confirms in a history that it changed something, as a sentence without a full stop.
    pub shows: &'static str,
    /// Where it was seen, or who plays it.
    pub source: &'static str,
    /// The promises that it threatens, by their codes; `HARM` is the harm to users.
    pub threatens: &'static [&'static str],
    /// The fault with its default parameters.
    pub default: fn() -> F,
    /// The schema of its parameters.
    pub schema: fn() -> Schema,
    /// When it happens where nobody says when.
    pub at: fn() -> Course,
}

/// What is said about one parameter of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it means, with its unit.
    pub meaning: String,
    /// Its default, as JSON; `null` where the fault finds a value by itself.
    pub default: String,
    /// The least and the greatest value, as JSON, where the schema bounds it.
    pub bounds: Option<(String, String)>,
}

impl<F> EntryOf<F> {
    /// Returns the group, which is the first part of the name.
    pub fn group(&self) -> &'static str {
        self.name
            .split_once('.')
            .map_or(self.name, |(group, _)| group)
    }

    /// Returns the parameters, in the order of their names.
    pub fn parameters(&self) -> Vec<Parameter> {
        let schema = (self.schema)().to_value();
        let Some(properties) = schema["properties"].as_object() else {
            return Vec::new();
        };
        let parameter = |(name, said): (&String, &serde_json::Value)| {
            let bound = |key: &str| said.get(key).map(ToString::to_string);
            let least = bound("minimum").or_else(|| bound("exclusiveMinimum"));
            Parameter {
                name: name.clone(),
                meaning: said["description"]
                    .as_str()
                    .unwrap_or_default()
                    .replace('\n', " "),
                default: said["default"].to_string(),
                bounds: least.zip(bound("maximum")),
            }
        };
        properties.iter().map(parameter).collect()
    }
}
