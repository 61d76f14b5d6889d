//! Group T: what is measured does not arrive, or is not what it seems.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::effect::{
    Anchor, AnswerChange, AnswerTrouble, Change, Course, DataChange, Mislabel, Misread, Misreading,
    Part, SignalChange, Straggling,
};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;
use sim_core::telemetry::{Signal, SignalKind};

use super::lowering::{Lower, Lowering, Misfit};
use super::macros::params;

/// What is read where a number should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotANumber {
    /// NaN, or a text that no number can be made of.
    Nan,
    /// More than any number.
    Infinite,
    /// Nothing: null, or the field is not there.
    Absent,
    /// Zero.
    Zero,
    /// Minus one, as some exporters say that they do not know.
    MinusOne,
}

params! {
    /// Samples that do not arrive.
    Missing {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Whose; none means everybody's.
        population: Option<Population> = None,
        /// Which part of the scrapes; 100% is an outage.
        ratio: Share = Share::ONE,
    }
    /// Samples that arrive late.
    Lag {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// How much later.
        delay: SimDuration = SimDuration::from_mins(10),
    }
    /// The last value, again and again, as if it were new.
    Stale {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Whose; none means everybody's.
        population: Option<Population> = None,
    }
    /// Something that is no number where a number should be.
    Nan {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Whose; none means everybody's.
        population: Option<Population> = None,
        /// What is read instead.
        kind: NotANumber = NotANumber::Nan,
    }
    /// A denominator of zero.
    ZeroTraffic {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Whose; none means everybody's.
        population: Option<Population> = Some(Population::Canary),
    }
    /// The label of a version is lost: samples of the canary count as those of the control.
    LabelDrop {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Which part of the samples.
        ratio: Share = Share::ONE,
    }
    /// Labels of canary and control take each other's place.
    LabelSwap {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Which part of the samples.
        ratio: Share = Share::ONE,
    }
    /// The control sees a part of what the canary does as well.
    Contamination {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Which part.
        share: Share = Share::ONE,
    }
    /// A baseline that learns from the canary while it is judged against it.
    BaselineDrift {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// How much of the canary the baseline holds at last.
        alpha: Share = Share::ONE,
        /// How long it takes to learn it.
        over: SimDuration = SimDuration::from_hours(1),
    }
    /// Counters that start again from zero, where queries do not expect it.
    CounterReset {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Whose; none means everybody's.
        population: Option<Population> = Some(Population::Canary),
    }
    /// Samples that are counted twice.
    Duplicate {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Which part of them.
        ratio: Share = Share::ONE,
    }
    /// Samples that arrive after the others of their scrape.
    Reorder {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Which part of them.
        ratio: Share = Share::from_ppm(500_000).expect("a half"),
        /// How much later.
        delay: SimDuration = SimDuration::from_mins(2),
    }
    /// Values that are rounded.
    Quantise {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// To multiples of what, in the signal's unit.
        #[schemars(range(min = 0.0, max = 1e12))]
        step: f64 = 0.05,
    }
    /// One sample in so many.
    Sampling {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Whose; none means everybody's.
        population: Option<Population> = None,
        /// One in how many.
        #[schemars(range(min = 1, max = 1_000_000))]
        one_in: u32 = 100,
    }
    /// Series that are dropped above a limit.
    CardinalityCap {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// Which part of the series is kept; those of the canary are the newest and go first.
        keep: Share = Share::from_ppm(100_000).expect("a tenth"),
    }
    /// An average over the fleet that hides the canary.
    Aggregation {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// How much of the control is mixed into what is called the canary.
        mixed: Share = Share::ONE,
    }
    /// A query whose window is not that of the evaluation.
    WindowMisalign {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// How much further back it looks.
        offset: SimDuration = SimDuration::from_mins(15),
    }
    /// A gap that is filled later with other values.
    Backfill {
        /// The signal; none means all.
        signal: Option<String> = None,
        /// How many times too large the values are that fill it.
        #[schemars(range(min = 0.0, max = 1e9))]
        factor: f64 = 0.1,
        /// How long the gap is.
        gap: SimDuration = SimDuration::from_mins(20),
    }
    /// A wrong query: a wrong unit, or a wrong sign.
    MonitorBug {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// By what factor values are wrong; below zero for a wrong sign.
        #[schemars(range(min = -1e12, max = 1e12))]
        factor: f64 = 0.001,
    }
    /// Hosts of the new version that are not heard of.
    SilentHosts {
        /// Which share of them.
        hosts: Share = Share::from_ppm(100_000).expect("a tenth"),
    }
    /// A page that is not delivered.
    AlertPathDown {
        /// Who is not reached; none means nobody is.
        role: Option<String> = None,
    }
}

/// From the start on: nobody knows when a question is asked.
pub(super) fn always() -> Course {
    Course::default()
}

/// One instant, ten minutes after the first exposure.
pub(super) fn soon_after_exposure() -> Course {
    Course {
        from: Anchor::FirstExposure,
        after: SimDuration::from_mins(10),
        ..Course::default()
    }
}

fn part(of: DataChange, share: Share) -> Part {
    Part { of, share }
}

impl Lower for Missing {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), self.population)?;
        if self.ratio == Share::ONE {
            on.plays(Change::Outage(of));
        } else {
            on.plays(Change::DropScrapes(part(of, self.ratio)));
        }
        Ok(())
    }
}

impl Lower for Lag {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let DataChange { signal, .. } = on.data(self.signal.as_ref(), None)?;
        let by = self.delay;
        on.plays(Change::Lag { signal, by });
        Ok(())
    }
}

impl Lower for Stale {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), self.population)?;
        on.plays(Change::Freeze(of));
        Ok(())
    }
}

impl Lower for Nan {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), self.population)?;
        let reads = |reads| {
            Change::Misread(Misread {
                of: of.clone(),
                measure: None,
                reads,
            })
        };
        let change = match self.kind {
            NotANumber::Nan => Change::Nan(of),
            NotANumber::Absent => Change::Outage(of),
            NotANumber::Infinite => reads(Misreading::Infinite),
            NotANumber::Zero => reads(Misreading::Constant(0.0)),
            NotANumber::MinusOne => reads(Misreading::Constant(-1.0)),
        };
        on.plays(change);
        Ok(())
    }
}

impl Lower for ZeroTraffic {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), self.population)?;
        on.plays(Change::Thin(part(of, Share::ONE)));
        Ok(())
    }
}

/// Puts a share of the samples of one population under the label of the other.
fn relabel(
    on: &Lowering<'_>,
    named: Option<&String>,
    (from, to): (Population, Population),
    (share, copied): (Share, bool),
) -> Result<Change, Misfit> {
    let DataChange { signal, .. } = on.data(named, None)?;
    Ok(Change::Mislabel(Mislabel {
        signal,
        from,
        to,
        share,
        copied,
    }))
}

const INTO_CONTROL: (Population, Population) = (Population::Canary, Population::Control);
const INTO_CANARY: (Population, Population) = (Population::Control, Population::Canary);

impl Lower for LabelDrop {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let moved = (self.ratio, false);
        let change = relabel(on, self.signal.as_ref(), INTO_CONTROL, moved)?;
        on.plays(change);
        Ok(())
    }
}

impl Lower for LabelSwap {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let moved = (self.ratio, false);
        let there = relabel(on, self.signal.as_ref(), INTO_CONTROL, moved)?;
        let back = relabel(on, self.signal.as_ref(), INTO_CANARY, moved)?;
        on.plays(there);
        on.besides(back);
        Ok(())
    }
}

impl Lower for Contamination {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let copied = (self.share, true);
        let change = relabel(on, self.signal.as_ref(), INTO_CONTROL, copied)?;
        on.plays(change);
        Ok(())
    }
}

impl Lower for BaselineDrift {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let copied = (self.alpha, true);
        let change = relabel(on, self.signal.as_ref(), INTO_CONTROL, copied)?;
        on.plays(change).course.ramp = self.over;
        Ok(())
    }
}

impl Lower for CounterReset {
    /// Queries that expect resets do not mind: the fault is that these do not.
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        if !on.experiment.telemetry.resets_unhandled {
            let why = "the queries of this world handle counters that start again";
            return Err(Misfit(why.to_owned()));
        }
        let of = on.data(self.signal.as_ref(), self.population)?;
        on.plays(Change::CounterReset(of));
        Ok(())
    }
}

impl Lower for Duplicate {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), None)?;
        on.plays(Change::Duplicate(part(of, self.ratio)));
        Ok(())
    }
}

impl Lower for Reorder {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), None)?;
        on.plays(Change::Straggle(Straggling {
            of,
            share: self.ratio,
            by: self.delay,
        }));
        Ok(())
    }
}

/// Reads values of a signal, or of all, otherwise than they are.
fn misread(on: &mut Lowering<'_>, named: Option<&String>, reads: Misreading) -> Result<(), Misfit> {
    let of = on.data(named, None)?;
    on.plays(Change::Misread(Misread {
        of,
        measure: None,
        reads,
    }));
    Ok(())
}

impl Lower for Quantise {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        misread(on, self.signal.as_ref(), Misreading::Rounded(self.step))
    }
}

impl Lower for Sampling {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), self.population)?;
        let kept = 1_000_000 / self.one_in.max(1);
        let lost = Share::from_ppm(1_000_000 - kept).unwrap_or(Share::ONE);
        on.plays(Change::Thin(part(of, lost)));
        Ok(())
    }
}

impl Lower for CardinalityCap {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), Some(Population::Canary))?;
        on.plays(Change::Thin(part(of, self.keep.complement())));
        Ok(())
    }
}

impl Lower for Aggregation {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let copied = (self.mixed, true);
        let change = relabel(on, self.signal.as_ref(), INTO_CANARY, copied)?;
        on.plays(change);
        Ok(())
    }
}

impl Lower for WindowMisalign {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), None)?;
        let by = self.offset;
        on.plays(Change::ShiftWindow { of, by });
        Ok(())
    }
}

impl Lower for Backfill {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), None)?;
        let reads = Misreading::Times(self.factor);
        let gap = on.plays(Change::Outage(of.clone()));
        gap.course.lasts = Some(self.gap);
        let filled = on.besides(Change::Misread(Misread {
            of,
            measure: None,
            reads,
        }));
        filled.course.after = filled.course.after.saturating_add(self.gap);
        filled.course.lasts = Some(self.gap);
        Ok(())
    }
}

impl Lower for MonitorBug {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let numbers = |signal: &Signal| !matches!(signal.kind, SignalKind::Count { .. });
        let signal = on
            .signal_where("signal", self.signal.as_ref(), numbers)
            .or_else(|_| on.signal(self.signal.as_ref()))?;
        misread(on, Some(&signal), Misreading::Times(self.factor))
    }
}

impl Lower for SilentHosts {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let beats = |kind: &SignalKind| matches!(kind, SignalKind::Heartbeat { .. });
        let heartbeat = on.needs_signal("heartbeat", beats)?;
        let signals = on.experiment.telemetry.signals.iter();
        // How updates end is no word of theirs.
        let said = signals.filter(|it| !beats(&it.kind) && it.kind != SignalKind::Updates);
        let others: Vec<String> = said.map(|it| it.id.clone()).collect();
        let population = Population::Canary;
        let gone = SignalChange {
            signal: heartbeat,
            by: 1.0,
            population,
        };
        on.plays(Change::Add(gone)).hosts = Some(self.hosts);
        for signal in others {
            let data = DataChange {
                signal: Some(signal),
                population: Some(population),
            };
            let same = on.id.to_owned();
            on.besides(Change::Outage(data)).hosts_of = Some(same);
        }
        Ok(())
    }
}

impl Lower for AlertPathDown {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.needs_people(self.role.as_ref())?;
        on.plays(Change::Answers(AnswerChange {
            role: self.role.clone(),
            trouble: AnswerTrouble::Unheard,
        }));
        Ok(())
    }
}
