//! A recorder: the notes of one checker on its way through a history.

use sim_core::engine::SimTime;

/// What a checker has noted so far. One breach outweighs any number of times that a promise held.
#[derive(Debug, Default)]
pub(super) struct CheckRecorder {
    pub tested: u32,
    pub broken: u32,
    pub slack: Option<f64>,
    pub first: Option<(SimTime, String)>,
    pub untested: Option<String>,
}

impl CheckRecorder {
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
}
