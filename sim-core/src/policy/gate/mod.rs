//! Gates: one metric, one comparison, one memory.
//!
//! A gate is judged in two steps that share nothing but a [`Judgement`]:
//!
//! 1. [`Gate::judge`] compares one [`Reading`] with the limit. What it says about data that are
//!    missing, stale, not a number, without denominator or too few is written in the gate: there is
//!    no default, because every default is a decision that somebody would rather have made.
//! 2. [`Window`] says how many judgements make the gate fire; a [`Tracker`] is its memory.

mod comparison;
mod count_test;
mod firing;
mod reading;
mod statistical;
pub mod test;
mod tracker;
mod window;
mod window_facts;

pub use comparison::{Comparison, Limit, Relation};
pub use count_test::{CountIncrement, CountTest};
pub use firing::Firing;
pub use reading::{BadData, Flaw, Judged, Judgement, Reading};
pub use statistical::{
    BayesWindow, BurnRateWindow, ConditionalWindow, CusumWindow, EProcessWindow, EwmaWindow,
    GroupSequentialWindow, MannWhitneyWindow, MsprtWindow, SprtWindow,
};
pub use tracker::Tracker;
pub use window::{Counting, Sustain, SustainMode, Window};
pub use window_facts::CountRule;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// One gate of a policy.
///
/// The comparison describes the **breach**: `above 5%` breaches when the value is more than 5 %.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gate {
    /// The name of the gate, unique in its policy.
    pub id: String,
    /// The signal that is read.
    pub signal: String,
    /// What is read of the signal.
    pub measure: Measure,
    /// Whose signal is read.
    pub population: Population,
    /// How far back one reading looks; `0` means the newest sample alone.
    pub over: SimDuration,
    /// What a breach is.
    pub breach: Comparison,
    /// How breaches add up until the gate fires.
    pub window: Window,
    /// The least number of samples (requests, measurements) that a reading needs over its look-back time.
    /// It binds the gate's own population alone, not the one that a relative limit refers to; of a burn
    /// rate it binds the long window alone, so that the short one may rest on a single request.
    pub min_samples: u64,
    /// What is concluded from data that cannot be compared.
    pub on: BadData,
    /// Flaws on which the gate keeps what it said before (CloudWatch's `ignore`, Grafana's "keep last state"); where it has
    /// said nothing yet, it says what `on` says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<Flaw>,
    /// Other gates whose breaches count together with this one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Joined>,
    /// For how long the window must fire, at every evaluation, before the gate does: a duration on top of any window, as
    /// `for:` of an alerting rule. An evaluation that can say nothing neither extends nor ends it.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub lasting: Option<SimDuration>,
    /// What is done where the gate breaches before the rollout has begun, on what the service did over the look-back time
    /// before the start; left out, nobody looks. What is compared is the expected value: before the start nothing is left to chance
    /// but the requests of a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already_red: Option<AlreadyRed>,
    /// The trigger class of the gate; needed where a stage lists it as a trigger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// What is done about a gate that breaches before the rollout has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlreadyRed {
    /// The rollout does not start (CodeDeploy).
    Refuse,
    /// The gate does not fire in this rollout (ECS).
    Ignore,
}

/// Breaches of other gates that a gate's own breach is joined with. They are compared at the same instant, each by its
/// limit alone: of their windows nothing counts. To join breaches by OR, list both gates with one class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Joined {
    /// Gates that must all breach as well (AND).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<String>,
    /// Gates of which none may breach (NOT).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
}

impl Joined {
    /// The gates that are referred to, and whether each is to breach.
    pub fn wanted(&self) -> impl Iterator<Item = (&String, bool)> {
        let all = self.all.iter().map(|id| (id, true));
        all.chain(self.none.iter().map(|id| (id, false)))
    }

    /// What a gate says together with another one that is, or is not, to breach: who cannot say anything leaves it open,
    /// unless the other one settles it.
    pub fn together(own: Judgement, other: Judgement, wanted: bool) -> Judgement {
        let met = match other {
            Judgement::Breach => Some(wanted),
            Judgement::Pass => Some(!wanted),
            Judgement::Hold | Judgement::Error => None,
        };
        match (own, met) {
            (_, Some(false)) => Judgement::Pass,
            (Judgement::Breach, None) => Judgement::Hold,
            (own, _) => own,
        }
    }
}

/// What a gate reads of a signal over its look-back time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Numerator over denominator, for ratio signals.
    Ratio,
    /// How many events there were.
    Count,
    /// Events for each host and hour.
    RatePerHostHour,
    /// The mean, for gauges.
    Mean,
    /// The newest value that the look-back time holds, for gauges.
    Last,
    /// A quantile of a latency, as a fraction below 1: of `n` requests the one of rank `q n`, rounded up, or
    /// what Prometheus interpolates where the signal declares the buckets of its histogram.
    Quantile(f64),
    /// The change of the mean from the first half of the look-back time to the second.
    Trend,
}

impl Measure {
    /// The unit of what is read, and so of an absolute limit and of a margin.
    /// # Example
    /// ```
    /// use sim_core::policy::gate::{Measure, MeasureUnit};
    ///
    /// assert_eq!(Measure::Quantile(0.99).unit(), MeasureUnit::Milliseconds);
    /// ```
    pub const fn unit(self) -> MeasureUnit {
        match self {
            Self::Ratio => MeasureUnit::Share,
            Self::Quantile(_) => MeasureUnit::Milliseconds,
            Self::RatePerHostHour => MeasureUnit::PerHostHour,
            Self::Count | Self::Mean | Self::Last | Self::Trend => MeasureUnit::Number,
        }
    }
}

/// What the number of a reading counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureUnit {
    /// A fraction of events, from 0 to 1.
    Share,
    /// Milliseconds.
    Milliseconds,
    /// Events for each host and hour.
    PerHostHour,
    /// Events, or whatever the signal measures.
    Number,
}

/// Whose signal a gate reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Population {
    /// The hosts (requests, users) on the new version.
    Canary,
    /// Those on the old version at the same time.
    Control,
    /// All of them.
    Fleet,
    /// The canary as it was when its first stage ended.
    CanaryBaseline,
}

impl Gate {
    /// Compares one reading with the limit; `reference` is the reading of the population that a
    /// relative limit refers to.
    /// # Example
    /// Twice the control's rate, and a flaw that is never a pass:
    ///
    /// ```
    /// use sim_core::policy::gate::{BadData, Comparison, Flaw, Gate, Judgement, Limit, Measure, Population, Reading, Relation, Window};
    ///
    /// let gate = Gate {
    ///     id: "errors".into(),
    ///     signal: "errors".into(),
    ///     measure: Measure::Ratio,
    ///     population: Population::Canary,
    ///     over: "5m".parse()?,
    ///     breach: Comparison {
    ///         is: Relation::Above,
    ///         limit: Limit::Times { factor: 2.0, of: Population::Control },
    ///     },
    ///     window: Window::Instant,
    ///     min_samples: 100,
    ///     on: BadData::CLOSED,
    ///     keep: Vec::new(),
    ///     with: None,
    ///     lasting: None,
    ///     already_red: None,
    ///     class: None,
    /// };
    /// let judged = gate.judge(Reading::of(0.03, 500), Some(Reading::of(0.01, 4500)));
    /// assert_eq!((judged.judgement, judged.limit), (Judgement::Breach, Some(0.02)));
    /// let unheard = gate.judge(Reading::flawed(Flaw::Missing), Some(Reading::of(0.01, 4500)));
    /// assert_eq!(unheard.judgement, Judgement::Hold);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge(&self, reading: Reading, reference: Option<Reading>) -> Judged {
        self.judge_needing(self.min_samples, reading, reference)
    }

    /// Does the same where another number of samples is needed than the gate asks for.
    pub fn judge_needing(
        &self,
        samples: u64,
        reading: Reading,
        reference: Option<Reading>,
    ) -> Judged {
        let shown = self.shown_by(reference);
        let judgement = match (reading.flaw(samples), shown) {
            (Some(flaw), _) | (None, Err(flaw)) => self.on.conclude(flaw),
            (None, Ok(shown)) => self.breach.judge(reading.value, shown, self.on.nan),
        };
        Judged {
            judgement,
            limit: shown.ok().map(|shown| self.breach.limit.resolve(shown)),
        }
    }

    /// Returns what the population shows that the limit refers to; 0 where it refers to none.
    fn shown_by(&self, reference: Option<Reading>) -> Result<f64, Flaw> {
        if self.breach.limit.refers_to().is_none() {
            return Ok(0.0);
        }
        let reading = reference.ok_or(Flaw::Missing)?;
        reading.flaw(0).map_or(Ok(reading.value), Err)
    }

    /// Returns how far a reading lies beyond the limit, in the unit of the window: positive where it is
    /// harmful. Windows without a unit of their own take the standard error of a ratio of so many
    /// samples at the limit. Where there is no such thing the answer is not a number.
    pub fn excess(&self, reading: Reading) -> f64 {
        let unit = self.window.chart_unit();
        let Some(limit) = self.breach.limit.absolute() else {
            return f64::NAN;
        };
        let error = || libm::sqrt(limit * (1.0 - limit) / reading.samples as f64);
        let distance = (reading.value - limit) / unit.unwrap_or_else(error);
        match self.breach.is {
            Relation::Above | Relation::AtLeast => distance,
            Relation::Below | Relation::AtMost => -distance,
        }
    }

    /// Returns what the gate promises about firing on a harmless release.
    pub fn guarantee(&self) -> test::Guarantee {
        self.window.guarantee()
    }
}
