//! Who led to what: gates, stages and samples, and how often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many samples a decision rested on, as a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleSize {
    /// Fewer than 20.
    Few,
    /// 20 to 199.
    Some,
    /// 200 to 1999.
    Many,
    /// 2000 and more.
    Plenty,
}

impl SampleSize {
    /// Returns the class of so many samples.
    pub const fn of(samples: u64) -> Self {
        match samples {
            0..20 => Self::Few,
            20..200 => Self::Some,
            200..2000 => Self::Many,
            _ => Self::Plenty,
        }
    }

    /// Returns the words that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Few => "fewer than 20 samples",
            Self::Some => "20 to 199 samples",
            Self::Many => "200 to 1999 samples",
            Self::Plenty => "2000 samples or more",
        }
    }
}

/// What led to something, as it is counted: the same for rollouts that went wrong in the same way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cause {
    /// A gate by its id, or what it was instead in words: `the blast radius`, `no trigger`.
    pub who: String,
    /// The stage by its id; none before the first.
    pub stage: Option<String>,
    /// How many samples the deciding reading had; none where no reading decided.
    pub samples: Option<SampleSize>,
}

/// What led to something in one rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// How it is counted.
    pub cause: Cause,
    /// The samples of the deciding reading; none where no reading decided.
    pub samples: Option<u64>,
    /// What happened, as a sentence without a full stop: the trigger, its value, its limit, its samples.
    pub sentence: String,
    /// What would have been enough for the other decision, to be put behind the sentence; empty where
    /// nothing can be said.
    pub enough: String,
}

/// How often one cause led to one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Blamed {
    /// In how many rollouts.
    pub rollouts: u64,
    /// The fewest and the most samples of a deciding reading; none where none decided.
    pub samples: Option<(u64, u64)>,
    /// The number of the first of these rollouts.
    pub replication: u64,
}

/// Which causes led to what, over many rollouts: whole numbers that merge in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Line>", into = "Vec<Line>")]
pub struct Causes(BTreeMap<(String, Cause), Blamed>);

/// One entry, as a file has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Line {
    kind: String,
    cause: Cause,
    blamed: Blamed,
}

impl From<Vec<Line>> for Causes {
    fn from(lines: Vec<Line>) -> Self {
        let entry = |line: Line| ((line.kind, line.cause), line.blamed);
        Self(lines.into_iter().map(entry).collect())
    }
}

impl From<Causes> for Vec<Line> {
    fn from(causes: Causes) -> Self {
        let line = |((kind, cause), blamed)| Line {
            kind,
            cause,
            blamed,
        };
        causes.0.into_iter().map(line).collect()
    }
}

impl Causes {
    /// Notes that `culprit` led to `kind` (a word such as `false_rollback`) in one rollout.
    pub fn add(&mut self, kind: &str, replication: u64, culprit: &Culprit) {
        let one = Blamed {
            rollouts: 1,
            samples: culprit.samples.map(|samples| (samples, samples)),
            replication,
        };
        self.blame(kind.to_owned(), culprit.cause.clone(), one);
    }

    fn blame(&mut self, kind: String, cause: Cause, more: Blamed) {
        self.0
            .entry((kind, cause))
            .and_modify(|known| known.merge(more))
            .or_insert(more);
    }

    /// Adds what another tally has counted.
    pub fn merge(&mut self, other: &Self) {
        for ((kind, cause), blamed) in &other.0 {
            self.blame(kind.clone(), cause.clone(), *blamed);
        }
    }

    /// Returns those of the kinds that count.
    pub fn counted(&self, counts: impl Fn(&str) -> bool) -> Self {
        let lines = self.0.iter().filter(|((kind, _), _)| counts(kind));
        Self(
            lines
                .map(|(line, blamed)| (line.clone(), *blamed))
                .collect(),
        )
    }

    /// Returns every kind with its causes and counts, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Cause, &Blamed)> {
        let each = self.0.iter();
        each.map(|((kind, cause), blamed)| (kind.as_str(), cause, blamed))
    }
}

impl Blamed {
    fn merge(&mut self, other: Self) {
        self.rollouts += other.rollouts;
        self.samples = match (self.samples, other.samples) {
            (Some((few, many)), Some((fewer, more))) => Some((few.min(fewer), many.max(more))),
            (one, another) => one.or(another),
        };
        self.replication = self.replication.min(other.replication);
    }
}

pub(super) fn samples(many: u64) -> String {
    match many {
        1 => "1 sample".to_owned(),
        many => format!("{many} samples"),
    }
}
