//! A gate under watch: the gate itself and the tracker that remembers its judgements.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{
    BadData, Comparison, Firing, Gate, Judgement, Limit, Measure, Population, Reading, Relation,
    Tracker, Window,
};

/// A reading beyond the limit of a [`WatchedGate::of_breaches`].
pub const BREACH: Reading = Reading::of(1.0, 1);
/// A reading within it.
pub const PASS: Reading = Reading::of(0.0, 1);

/// The time between two evaluations.
const EVERY: SimDuration = SimDuration::from_mins(1);

/// One gate and its memory.
#[derive(Clone, Debug)]
pub struct WatchedGate {
    gate: Gate,
    tracker: Tracker,
}

impl WatchedGate {
    /// Watches a gate that breaches when `measure` is in the relation `is` to `limit`.
    pub fn new(measure: Measure, is: Relation, limit: Limit, window: Window) -> Self {
        let gate = Gate {
            id: "gate".to_owned(),
            signal: "signal".to_owned(),
            measure,
            population: Population::Canary,
            over: SimDuration::ZERO,
            breach: Comparison { is, limit },
            window,
            min_samples: 0,
            // Data that are stale stand for a measurement that failed.
            on: BadData {
                stale: Judgement::Error,
                ..BadData::CLOSED
            },
            keep: Vec::new(),
            with: None,
            lasting: None,
            already_red: None,
            class: None,
        };
        Self {
            gate,
            tracker: Tracker::new(window, EVERY),
        }
    }

    /// Watches a gate whose readings are [`BREACH`] or [`PASS`]: for models of the breaches
    /// themselves.
    pub fn of_breaches(window: Window) -> Self {
        Self::new(Measure::Last, Relation::Above, Limit::Absolute(0.5), window)
    }

    /// A gate on a ratio, with the first breach firing.
    pub fn of_ratio(is: Relation, limit: f64) -> Self {
        Self::new(Measure::Ratio, is, Limit::Absolute(limit), Window::Instant)
    }

    /// A gate on a count, with the first breach firing.
    pub fn of_count(is: Relation, limit: f64) -> Self {
        Self::new(Measure::Count, is, Limit::Absolute(limit), Window::Instant)
    }

    /// Says whether `reading` breaches the limit; `reference` is what a relative limit refers to.
    pub fn breaches(&self, reading: Reading, reference: Option<Reading>) -> bool {
        self.gate.judge(reading, reference).judgement == Judgement::Breach
    }

    /// Judges `reading` at `now`, remembers the judgement and says whether the gate fires.
    pub fn see(&mut self, now: SimTime, reading: Reading) -> Firing {
        let judgement = self.gate.judge(reading, None).judgement;
        self.tracker
            .observe(now, judgement, (reading, None), &self.gate.breach)
    }

    /// Does the same with a memory that the caller keeps, for states that are copied.
    pub fn show(&self, tracker: &mut Tracker, now: SimTime, reading: Reading) -> Firing {
        let judgement = self.gate.judge(reading, None).judgement;
        tracker.observe(now, judgement, (reading, None), &self.gate.breach)
    }

    /// Returns an empty memory for [`WatchedGate::show`].
    pub fn tracker(&self) -> Tracker {
        Tracker::new(self.gate.window, EVERY)
    }

    /// Forgets all judgements.
    pub fn reset(&mut self) {
        self.tracker.reset();
    }

    /// Returns the number of measurements since the last reset.
    pub fn measured(&self) -> u32 {
        self.tracker.measured()
    }
}

/// Returns the instant of the evaluation `number`, a minute after the one before.
pub fn minute(number: u64) -> SimTime {
    SimTime::after(SimDuration::from_mins(number))
}

/// Returns 1 for what is so and 0 for what is not.
pub fn indicator(so: bool) -> f64 {
    f64::from(u8::from(so))
}
