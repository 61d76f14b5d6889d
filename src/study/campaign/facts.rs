//! What one rehearsal contributes to a campaign.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chaos::catalogue::Entry;
use chaos::checker::Status;
use chaos::coverage::Coverage;
use chaos::rehearsal::{Rehearsal, Rehearsed};
use serde::{Deserialize, Serialize};
use sim_core::engine::SimDuration;
use sim_core::{Event, Outcome, Run};

use super::violation::Violation;

/// The group of what happens without any fault.
pub const NO_FAULT: &str = "no fault";

/// What is kept of a rehearsal that was played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CampaignFacts {
    /// The number of the rehearsal in its campaign.
    pub number: u64,
    /// The hash of its history.
    pub hash: u64,
    /// Whether playing it again gave the same hash; none where it was not played again.
    pub repeats: Option<bool>,
    /// Whether every fault was within what the policy tolerates.
    pub within: bool,
    /// The names of its faults, and whether each had an effect that was seen.
    pub faults: Vec<(Cow<'static, str>, bool)>,
    /// How each promise fared, with its slack, in the order of the checkers.
    #[serde(with = "promises")]
    pub promises: Vec<(Cow<'static, str>, Status, Option<f64>)>,
    /// The promises that were broken.
    pub violations: Vec<Violation>,
    /// How the rollout ended.
    pub outcome: Outcome,
    /// Thousandths of a minute of full outage.
    pub error_millimin: u64,
    /// Milliseconds until a regression was acted upon; none inside where it never was.
    pub detection_ms: Option<u64>,
    /// Milliseconds from the trigger to the last reverted host; none inside where it never was.
    #[serde(with = "maybe_never")]
    pub rollback_ms: Option<Option<u64>>,
    /// The number of the stage that was entered last before the first rollback, where there was one.
    pub rolled_back_in: Option<u16>,
    /// What it covered.
    pub coverage: Coverage,
}

impl CampaignFacts {
    /// Returns what is kept of `played`, which is rehearsal `number`.
    pub fn of(number: u64, rehearsal: &Rehearsal, played: &Rehearsed, within: bool) -> Self {
        let names = rehearsal.injections.iter();
        let names = names.map(|one| Cow::Borrowed(one.fault.name()));
        let faults: Vec<_> = names.zip(played.confirmed.iter().copied()).collect();
        let millis = |time: SimDuration| time.as_nanos() / 1_000_000;
        let figures = played.run.figures();
        let mut coverage = Coverage::default();
        coverage.note(rehearsal, played);
        let violation = |finding| Violation::of(number, finding, rehearsal, within);
        Self {
            number,
            hash: played.run.history.hash(),
            repeats: None,
            within,
            faults,
            promises: played
                .findings
                .iter()
                .map(|one| (Cow::Borrowed(one.id), one.status, one.slack))
                .collect(),
            violations: played.violated().map(violation).collect(),
            outcome: figures.outcome,
            error_millimin: (figures.harm.exposed_error_minutes * 1e3).round() as u64,
            detection_ms: figures.detection.map(millis),
            rollback_ms: figures.rollback_began.then(|| figures.rollback.map(millis)),
            rolled_back_in: rolled_back_in(&played.run),
            coverage,
        }
    }

    /// The groups of the faults that showed; the group [`NO_FAULT`] where there was none to show.
    pub fn groups(&self) -> BTreeSet<&'static str> {
        let group = |name: &str| Entry::of(name).map_or(NO_FAULT, Entry::group);
        let shown = self.faults.iter().filter(|(_, shown)| *shown);
        let none = self.faults.is_empty().then_some(NO_FAULT);
        shown.map(|(name, _)| group(name)).chain(none).collect()
    }

    /// Whether some fault had no effect that was seen: the rehearsal says nothing about that fault.
    pub fn inconclusive(&self) -> bool {
        self.faults.iter().any(|(_, shown)| !shown)
    }
}

/// How promises fared, as a file has it: the status is a word.
mod promises {
    use std::borrow::Cow;

    use chaos::checker::Status;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    type Promises = Vec<(Cow<'static, str>, Status, Option<f64>)>;

    pub fn serialize<S: Serializer>(promises: &Promises, into: S) -> Result<S::Ok, S::Error> {
        promises.serialize(into)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Promises, D::Error> {
        let lines: Vec<(Cow<'static, str>, Cow<'_, str>, Option<f64>)> = Vec::deserialize(from)?;
        let one = |(id, word, slack): (Cow<'static, str>, Cow<'_, str>, Option<f64>)| {
            let all = [Status::Holds, Status::NotReached, Status::Violated];
            let status = all.into_iter().find(|status| status.word() == word);
            let unknown = || D::Error::custom(format!("there is no status `{word}`"));
            Ok((id, status.ok_or_else(unknown)?, slack))
        };
        lines.into_iter().map(one).collect()
    }
}

/// A time that may never come, as a file has it: a list of none or one, which is empty where it never came.
mod maybe_never {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(
        clippy::option_option,
        clippy::ref_option,
        reason = "there was none, and it never ended, are two things"
    )]
    pub fn serialize<S: Serializer>(
        time: &Option<Option<u64>>,
        into: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(|time| time.into_iter().collect::<Vec<u64>>())
            .serialize(into)
    }

    #[expect(
        clippy::option_option,
        reason = "there was none, and it never ended, are two things"
    )]
    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Option<u64>>, D::Error> {
        let time: Option<Vec<u64>> = Option::deserialize(from)?;
        Ok(time.map(|time| time.first().copied()))
    }
}

fn rolled_back_in(run: &Run) -> Option<u16> {
    let mut stage = None;
    for (_, event) in &run.history {
        match *event {
            Event::StageEntered { stage: entered, .. } => stage = Some(entered),
            Event::RollbackBegan => return stage,
            _ => {}
        }
    }
    None
}
