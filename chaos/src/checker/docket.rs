//! A docket: the notes of one checker on its way through a history.

use sim_core::engine::SimTime;

use super::finding::{Finding, Invariant, Status};

/// What a checker has noted so far. One breach outweighs any number of times that a promise held.
#[derive(Debug, Default)]
pub(super) struct Docket {
    tested: u32,
    broken: u32,
    slack: Option<f64>,
    first: Option<(SimTime, String)>,
    untested: Option<String>,
}

impl Docket {
    /// The promise was put to the test and held.
    pub fn holds(&mut self) {
        self.tested += 1;
    }

    /// The promise held, and so much was left.
    pub fn holds_by(&mut self, slack: f64) {
        assert!(
            slack >= 0.0,
            "an invariant that holds has no negative margin"
        );
        self.tested += 1;
        self.note(slack);
    }

    /// The promise was broken at `at`.
    pub fn breaks(&mut self, at: SimTime, detail: impl Into<String>) {
        self.tested += 1;
        self.broken += 1;
        if self.first.as_ref().is_none_or(|(first, _)| at < *first) {
            self.first = Some((at, detail.into()));
        }
    }

    /// The promise was broken at `at`, and so much was missing (a negative number).
    pub fn breaks_by(&mut self, at: SimTime, slack: f64, detail: impl Into<String>) {
        self.note(slack);
        self.breaks(at, detail);
    }

    /// Says why the promise could not be put to the test, where there is more to say than usual.
    pub fn untested(&mut self, why: impl Into<String>) {
        self.untested = Some(why.into());
    }

    fn note(&mut self, slack: f64) {
        self.slack = Some(self.slack.map_or(slack, |least| least.min(slack)));
    }

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
