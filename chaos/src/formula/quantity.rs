//! The words of formulas: events, quantities, states, and what they mean.

use sim_core::history::{Event, Outcome};

/// An event, a quantity or a state, with the word that formulas use for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// What it means, as a sentence without a full stop.
    pub meaning: &'static str,
}

const fn word(word: &'static str, meaning: &'static str) -> Word {
    Word { word, meaning }
}

/// The events that a formula can name, in the order of [`happens`].
pub const EVENTS: &[Word] = &[
    word("started", "the rollout was asked to start"),
    word("refused", "a stage was not entered for lack of evidence"),
    word("stage_entered", "a stage was entered"),
    word(
        "converged",
        "every host of the stage's target serves the new version",
    ),
    word("triggered", "a gate fired"),
    word("blast_exceeded", "more was reached than the policy allows"),
    word("asked", "somebody was asked"),
    word("answered", "somebody answered"),
    word("advanced", "a stage was left for the next one"),
    word("paused", "the rollout stood still"),
    word("stepped_back", "the rollout returned to the stage before"),
    word("rollback_began", "a rollback began"),
    word(
        "step_failed",
        "a rollback step failed, or reached a part only",
    ),
    word("reverted", "the last host serves the old version again"),
    word("rollback_ended", "a rollback is over"),
    word(
        "recovered",
        "a rollback is over and nothing serves the new version",
    ),
    word("rung_taken", "a rung of the fallback ladder was taken"),
    word("ladder_exhausted", "no rung was left"),
    word("kill_thrown", "the kill switch was thrown"),
    word(
        "kill_effective",
        "the kill switch has taken effect on everybody",
    ),
    word("new_attempt", "a new attempt began"),
    word("controller_stopped", "the controller went down"),
    word("controller_started", "the controller is back"),
    word("hosts_lost", "hosts are gone for a while"),
    word("hosts_returned", "hosts are back"),
    word(
        "overruled",
        "somebody let the rollout go on, whatever its gates said",
    ),
    word("completed", "the last stage was done"),
    word("ended", "the rollout is over"),
];

/// Says whether `event` is the one of this number in [`EVENTS`].
pub(super) fn happens(number: usize, event: &Event) -> bool {
    use sim_core::history::StepResult::{Failed, Partial};
    match EVENTS[number].word {
        "started" => matches!(event, Event::Started),
        "refused" => matches!(event, Event::Refused { .. }),
        "stage_entered" => matches!(event, Event::StageEntered { .. }),
        "converged" => matches!(event, Event::Converged { .. }),
        "triggered" => matches!(event, Event::Triggered { .. }),
        "blast_exceeded" => matches!(event, Event::BlastExceeded { .. }),
        "asked" => matches!(event, Event::Asked { .. }),
        "answered" => matches!(event, Event::Answered { .. }),
        "advanced" => matches!(event, Event::Advanced { .. }),
        "paused" => matches!(event, Event::Paused { .. }),
        "stepped_back" => matches!(event, Event::SteppedBack { .. }),
        "rollback_began" => matches!(event, Event::RollbackBegan),
        "step_failed" => matches!(
            event,
            Event::StepEnded {
                result: Failed | Partial,
                ..
            }
        ),
        "reverted" => matches!(event, Event::Reverted),
        "rollback_ended" => matches!(event, Event::RollbackEnded { .. }),
        "recovered" => matches!(event, Event::RollbackEnded { recovered: true }),
        "rung_taken" => matches!(event, Event::RungTaken { .. }),
        "ladder_exhausted" => matches!(event, Event::LadderExhausted),
        "kill_thrown" => matches!(event, Event::KillThrown),
        "kill_effective" => matches!(event, Event::KillEffective),
        "new_attempt" => matches!(event, Event::Recovered { .. }),
        "controller_stopped" => matches!(event, Event::ControllerStopped),
        "controller_started" => matches!(event, Event::ControllerStarted { .. }),
        "hosts_lost" => matches!(event, Event::HostsLost { .. }),
        "hosts_returned" => matches!(event, Event::HostsReturned { .. }),
        "overruled" => matches!(event, Event::Overruled { .. }),
        "completed" => matches!(
            event,
            Event::Ended {
                outcome: Outcome::Completed
            }
        ),
        "ended" => matches!(event, Event::Ended { .. }),
        _ => unreachable!("every event of the table is matched; a test plays them all"),
    }
}

/// A number that changes during a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The share of the fleet that serves the new version.
    ServingNew,
    /// The target of the stage.
    StageTarget,
    /// The number of the stage.
    Stage,
    /// What the rollout is doing.
    State,
    /// How it ended.
    Outcome,
    /// The attempt.
    Attempt,
    /// Rungs taken in this attempt.
    Rungs,
    /// Hosts that are gone.
    HostsDown,
    /// Whether the controller is down.
    ControllerDown,
    /// Minutes of full outage, at the end.
    ExposedErrorMinutes,
    /// Requests that the new version served, at the end.
    ExposedRequests,
}

/// The quantities that a formula can name, in the order of [`Quantity::ALL`].
pub const QUANTITIES: &[Word] = &[
    word(
        "serving_new",
        "the share of the fleet that serves the new version",
    ),
    word(
        "stage_target",
        "the target of the stage that was entered last, as a share of the fleet",
    ),
    word(
        "stage",
        "the stage that was entered last: its id, or its number from 0",
    ),
    word(
        "state",
        "what the rollout does: waiting, staged, paused, rolling_back, reverted, fallen_back, killed or over",
    ),
    word(
        "outcome",
        "how it ended: completed, rolled_back, paused, fell_back, killed, aborted or unfinished",
    ),
    word("attempt", "the number of the attempt, 0 for the first"),
    word(
        "rungs",
        "how many rungs of the ladder this attempt has taken",
    ),
    word("hosts_down", "how many hosts are gone"),
    word("controller_down", "1 while the controller is down, else 0"),
    word(
        "exposed_error_minutes",
        "minutes of full outage that the errors above normal amount to; inside `final` alone",
    ),
    word(
        "exposed_requests",
        "requests that the new version served; inside `final` alone",
    ),
];

impl Quantity {
    /// Every quantity, in the order of [`QUANTITIES`].
    pub(super) const ALL: [Self; 11] = [
        Self::ServingNew,
        Self::StageTarget,
        Self::Stage,
        Self::State,
        Self::Outcome,
        Self::Attempt,
        Self::Rungs,
        Self::HostsDown,
        Self::ControllerDown,
        Self::ExposedErrorMinutes,
        Self::ExposedRequests,
    ];

    /// Returns the quantity that is called `name`.
    pub(super) fn of(name: &str) -> Option<Self> {
        let place = QUANTITIES.iter().position(|known| known.word == name)?;
        Some(Self::ALL[place])
    }

    /// Whether it is known at the end alone.
    pub(super) const fn is_final(self) -> bool {
        matches!(self, Self::ExposedErrorMinutes | Self::ExposedRequests)
    }

    /// Whether it is a share of the fleet.
    pub(super) const fn is_share(self) -> bool {
        matches!(self, Self::ServingNew | Self::StageTarget)
    }

    /// Whether its values are names, which have no order worth speaking of.
    pub(super) const fn is_named(self) -> bool {
        matches!(self, Self::State | Self::Outcome)
    }

    /// Returns by what a margin is multiplied, and its unit.
    pub(super) const fn margin(self) -> (f64, &'static str) {
        match self {
            Self::ServingNew | Self::StageTarget => (100.0, "percentage points"),
            Self::HostsDown => (1.0, "hosts"),
            Self::ExposedErrorMinutes => (1.0, "min"),
            Self::ExposedRequests => (1.0, "requests"),
            _ => (1.0, ""),
        }
    }
}

/// What a rollout is doing, by the words of formulas; the place is the number.
pub(super) const STATES: [&str; 8] = [
    "waiting",
    "staged",
    "paused",
    "rolling_back",
    "reverted",
    "fallen_back",
    "killed",
    "over",
];
