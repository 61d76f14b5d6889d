//! Moments as they are written.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sim_core::effect::{Anchor, Course, Cycle};
use sim_core::engine::SimDuration;

use crate::schema::nearest;

/// When a rehearsed fault begins, and how it goes on.
///
/// It begins at a time (`time: 3h`), at an event (`after: rollback-decided`, with `stage:`, `delay:` and
/// `within:` where they are wanted) or when the rollout is first in a state (`when: "state == paused"`).
/// Cases write the event that a moment came to as `from:`, and the time behind it as `after:`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct StartCondition {
    /// The time from the start of the rollout until it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<SimDuration>,
    /// The event after which it begins; or, with `from`, how long after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// The stage in which the event happens, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// How long after the event, or after the state is entered, it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<SimDuration>,
    /// By up to how much later it begins: each length is as likely, and the seed of the rollout decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<SimDuration>,
    /// The state at whose first entry it begins: `state == paused`, `stage == canary`, or both joined by `and`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The instant from which `after` counts, as cases write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Anchor>,
    /// How long it takes to reach full strength.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ramp: Option<SimDuration>,
    /// How long it lasts; none means for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lasts: Option<SimDuration>,
    /// When it ends in any case, counted from the start of the rollout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<SimDuration>,
    /// For an oscillating fault, how long it is on and off in turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Cycle>,
    /// The strength that is reached; 0 leaves the world exactly as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
}

impl From<Course> for StartCondition {
    /// The moment as cases write it, which depends on no name of a stage.
    fn from(course: Course) -> Self {
        Self {
            from: Some(course.from),
            after: Some(After::Time(course.after)),
            within: course.within,
            ramp: (!course.ramp.is_zero()).then_some(course.ramp),
            lasts: course.lasts,
            until: course.until,
            cycle: course.cycle,
            strength: (course.strength != 1.0).then_some(course.strength),
            ..Self::default()
        }
    }
}

/// What stands behind `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// An event.
    Event(Milestone),
    /// A length of time.
    Time(SimDuration),
}

/// An event of a rollout to which a fault can be tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milestone {
    /// The start of the rollout.
    Start,
    /// The first host serves the new version.
    FirstExposure,
    /// A stage is entered.
    StageEntered,
    /// The first observation window of a stage is over.
    WindowOver,
    /// The rollout stands still, in any stage or in one.
    Paused,
    /// A rollback begins, in any stage or in one.
    RollbackDecided,
    /// The last host serves the old version again.
    Reverted,
    /// A new attempt begins.
    Recovered,
    /// The kill switch is thrown, in any stage or in one.
    KillThrown,
    /// A controller is back after it was down.
    ControllerBack,
}

impl Milestone {
    /// Every event, in the order in which a rollout may come to them.
    pub const ALL: [Self; 10] = [
        Self::Start,
        Self::FirstExposure,
        Self::StageEntered,
        Self::WindowOver,
        Self::Paused,
        Self::RollbackDecided,
        Self::Reverted,
        Self::Recovered,
        Self::KillThrown,
        Self::ControllerBack,
    ];

    /// Returns the word that files use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::FirstExposure => "first-exposure",
            Self::StageEntered => "stage-entered",
            Self::WindowOver => "window-over",
            Self::Paused => "paused",
            Self::RollbackDecided => "rollback-decided",
            Self::Reverted => "reverted",
            Self::Recovered => "recovered",
            Self::KillThrown => "kill-thrown",
            Self::ControllerBack => "controller-back",
        }
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => f.write_str(event.word()),
            Self::Time(time) => f.write_str(&time.exact()),
        }
    }
}

impl FromStr for After {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(event) = Milestone::ALL.iter().find(|event| event.word() == text) {
            return Ok(Self::Event(*event));
        }
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            let time = text.parse().map(Self::Time);
            return time.map_err(|error| format!("no event and no length of time: {error}"));
        }
        let words = Milestone::ALL.map(Milestone::word);
        let near = nearest(text, words).map(|near| format!(", did you mean `{near}`?"));
        let hint = near.unwrap_or_else(|| format!("; events are {}", words.join(", ")));
        Err(format!("no event is called `{text}`{hint}"))
    }
}

impl Serialize for After {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for After {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for After {
    fn schema_name() -> Cow<'static, str> {
        "After".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "after",
            "description": "An event of the rollout, or a length of time.",
            "examples": Milestone::ALL.map(Milestone::word),
        })
    }
}
