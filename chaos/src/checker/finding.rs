//! What a checker says.

use sim_core::engine::SimTime;
use sim_core::policy::Policy;
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;

/// One line of a history: when, and what.
pub(super) type Line = (SimTime, Event);

/// A safety promise, and the function that judges it.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// The code by which reports and scenarios call it.
    pub id: &'static str,
    /// The promise, as a sentence without a full stop.
    pub title: &'static str,
    /// The documents that make the promise.
    pub source: &'static str,
    /// The unit of the slack; none where the promise has no margin.
    pub unit: Option<&'static str>,
    /// Reads the history and notes what it finds.
    pub(super) judge: fn(&Experiment, &[Line], &mut CheckRecorder),
    /// What is said when the history never put the promise to the test.
    pub(super) untested: &'static str,
}

/// A promise that some policies make by what they say, and which of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeclaredInvariant {
    pub invariant: Invariant,
    /// Whether a policy makes it.
    pub by: fn(&Policy) -> bool,
}

/// How a promise fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was put to the test, and it held every time.
    Holds,
    /// The history never put it to the test, so nothing is known.
    NotReached,
    /// It was broken at least once.
    Violated,
}

impl Status {
    /// Returns the word that files and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::NotReached => "not-reached",
            Self::Violated => "violated",
        }
    }
}

/// What one checker found in one history.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The invariant's code.
    pub id: &'static str,
    /// The promise.
    pub title: &'static str,
    /// How it fared.
    pub status: Status,
    /// The least margin that was left, negative where the promise was broken by so much.
    pub slack: Option<f64>,
    /// The unit of the slack.
    pub unit: Option<&'static str>,
    /// When it was broken first.
    pub at: Option<SimTime>,
    /// What happened, as a sentence without a full stop.
    pub detail: String,
}

impl CheckRecorder {
    /// Comes to a finding.
    pub fn close(self, invariant: &Invariant) -> Finding {
        let status = match (self.tested, self.broken) {
            (0, _) => Status::NotReached,
            (_, 0) => Status::Holds,
            _ => Status::Violated,
        };
        let (at, detail) = match (self.first, status) {
            (Some((at, first)), _) if self.broken > 1 => {
                (Some(at), format!("{first}, and {} more", self.broken - 1))
            }
            (Some((at, first)), _) => (Some(at), first),
            (None, Status::NotReached) => (
                None,
                self.untested
                    .unwrap_or_else(|| invariant.untested.to_owned()),
            ),
            (None, _) => (None, format!("held {}", times(self.tested))),
        };
        let (id, title, unit) = (invariant.id, invariant.title, invariant.unit);
        Finding {
            id,
            title,
            status,
            slack: self.slack,
            unit,
            at,
            detail,
        }
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}
