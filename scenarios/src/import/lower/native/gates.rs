//! The metrics of an analysis as gates that our own controller reads.

use controllers::argo::condition::Outcome;
use controllers::argo::metric::Metric;
use controllers::argo::run::{AnalysisRun, AnalysisSpec};
use controllers::argo::{args, facts};
use controllers::flagger::duration;
use sim_core::decider::{Probe, ProbeAnswer};
use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::gate::{BadData, Counting, Judgement, Sustain, SustainMode, Window};

use super::unsaid::{Unsaid, UnsaidPlace};
use crate::diagnostic::quote::quote;

/// Longer than any rollout: what is counted over it is counted from the start.
pub(super) const WHOLE: SimDuration = SimDuration::from_hours(24 * 90);

/// An analysis as our own form takes it.
#[derive(Default)]
pub(super) struct NativeAnalysis {
    /// The names of its gates.
    pub gates: Vec<String>,
    /// How long it waits before it measures.
    pub delay: SimDuration,
    /// How many measurements the metric with the most of them takes.
    pub measurements: u64,
}

/// The gates of a policy in our own form.
#[derive(Default)]
pub(super) struct NativeGates {
    pub list: Vec<Gate>,
    /// From one measurement to the next.
    pub every: Option<SimDuration>,
    pub differs: Vec<String>,
    pub wrong: Vec<Unsaid>,
}

impl NativeGates {
    /// An analysis: in the background, where it counts through all stages, or one that is waited for.
    pub fn analysis(
        &mut self,
        of: &[Gate],
        (spec, probes): (&AnalysisSpec, &[Probe]),
        background: bool,
    ) -> NativeAnalysis {
        let mut made = NativeAnalysis::default();
        let run = AnalysisRun::new(spec);
        for (nth, (raw, probe)) in spec.metrics.iter().zip(probes).enumerate() {
            let metric = args::resolve(raw, &spec.args).unwrap_or_else(|_| raw.clone());
            if run.dry(nth) {
                self.tell(format!("{} is a dry run: left out", quote(&metric.name)));
            } else if self.measures(&metric, probe) {
                self.fits(&metric, background, made.gates.is_empty(), &mut made.delay);
                let gate = self.gate(&of[probe.gate], &metric, background);
                made.gates.push(gate);
                let count = metric.limits().count.unwrap_or(0);
                made.measurements = made.measurements.max(u64::try_from(count).unwrap_or(0));
            }
        }
        made
    }

    /// Tells of a difference, once.
    pub fn tell(&mut self, what: String) {
        if !self.differs.contains(&what) {
            self.differs.push(what);
        }
    }

    fn refuse(&mut self, metric: &Metric, key: &'static str, [what, why]: [&'static str; 2]) {
        self.wrong.push(Unsaid {
            place: UnsaidPlace::Metric(metric.name.clone(), key),
            what: format!("{} of {} has no native form", what, quote(&metric.name)),
            why,
        });
    }

    /// Whether it measures something: what is answered by chance is left out where it always passes.
    fn measures(&mut self, metric: &Metric, probe: &Probe) -> bool {
        let ProbeAnswer::Chance { passes, .. } = probe.answer else {
            return true;
        };
        if passes < 1.0 {
            let why =
                "it measures nothing that is simulated and fails by chance, which no gate does";
            self.refuse(metric, "provider", ["the provider", why]);
        } else {
            let name = quote(&metric.name);
            self.tell(format!(
                "{name} measures nothing that is simulated and always passes: left out"
            ));
        }
        false
    }

    fn fits(&mut self, metric: &Metric, background: bool, first: bool, delay: &mut SimDuration) {
        let limits = metric.limits();
        if limits.success > 0 {
            let why = "no gate ends a stage early because it passed";
            self.refuse(
                metric,
                "consecutiveSuccessLimit",
                ["consecutiveSuccessLimit", why],
            );
        }
        if !metric.success_condition.is_empty() && !metric.failure_condition.is_empty() {
            let why = "between both conditions a measurement is Inconclusive; a gate has one limit";
            self.refuse(metric, "failureCondition", ["a second condition", why]);
        }
        if background && limits.count.is_some() {
            let why = "it stops measuring while the rollout goes on; a trigger watches as long as its stages do";
            self.refuse(metric, "count", ["the count of a background analysis", why]);
        }
        self.waits(metric, background || !first, delay);
        if limits.count != Some(1) {
            self.measured_every(metric);
        }
    }

    /// A wait before the first measurement: one for the whole analysis, which is a stage of its own.
    fn waits(&mut self, metric: &Metric, fixed: bool, delay: &mut SimDuration) {
        let said = duration::parse(&metric.initial_delay).unwrap_or(0.0);
        let said = SimDuration::from_secs_f64(said.max(0.0));
        if fixed && said != *delay {
            let why = "gates of a stage begin to be read together, and those of a background analysis with its first stage";
            self.refuse(metric, "initialDelay", ["initialDelay", why]);
        }
        if !fixed {
            *delay = said;
        }
    }

    fn measured_every(&mut self, metric: &Metric) {
        let seconds = duration::parse(&metric.interval).unwrap_or(0.0);
        let every = SimDuration::from_secs_f64(seconds.max(1.0));
        if *self.every.get_or_insert(every) != every {
            let why = "another metric is measured at another interval, and a policy reads all of its gates at one";
            self.refuse(metric, "interval", ["the interval", why]);
        }
    }

    /// The gate of a metric; one that is the same in all but its name is not made twice.
    fn gate(&mut self, of: &Gate, metric: &Metric, background: bool) -> String {
        let new = Gate {
            id: of.id.clone(),
            window: window(of.window, background),
            on: self.without_data(metric),
            ..of.clone()
        };
        let named = |id: &str| Gate {
            id: id.to_owned(),
            ..new.clone()
        };
        if let Some(known) = self.list.iter().find(|known| **known == named(&known.id)) {
            return known.id.clone();
        }
        let taken = |id: &String| self.list.iter().any(|known| known.id == *id);
        let more = (2..).map(|n| format!("{}-{n}", of.id));
        let mut free = std::iter::once(of.id.clone()).chain(more);
        let id = free.find(|id| !taken(id)).unwrap_or_default();
        self.list.push(named(&id));
        id
    }

    /// What the conditions make of an answer without data.
    fn without_data(&mut self, metric: &Metric) -> BadData {
        let judgement = |outcome| match outcome {
            Outcome::Successful => Judgement::Pass,
            Outcome::Failed => Judgement::Breach,
            Outcome::Inconclusive => Judgement::Hold,
            Outcome::Error => Judgement::Error,
        };
        let said = facts::without_data(metric);
        let (nothing, nan) = said.map_or((Judgement::Error, Judgement::Error), |said| {
            (judgement(said.nothing), judgement(said.nan))
        });
        self.tell_of_no_data(metric, [nothing, nan]);
        BadData {
            missing: nothing,
            stale: nothing,
            nan,
            zero_denominator: nan,
            too_few: nan,
        }
    }

    fn tell_of_no_data(&mut self, metric: &Metric, said: [Judgement; 2]) {
        if said.contains(&Judgement::Error) {
            self.tell(format!(
                "an answer without data is an Error of {}: Argo asks again every 10 s and aborts after {} in a row; here errors are \
                 counted at evaluations, and a background gate does not count them",
                quote(&metric.name),
                metric.limits().error + 1
            ));
        }
        if said.contains(&Judgement::Hold) {
            self.tell(format!(
                "an answer without data is Inconclusive for {}: Argo pauses until somebody resumes; here the gate says nothing",
                quote(&metric.name)
            ));
        }
    }
}

/// The limits of a metric as a window: of a stage, or from the start on.
fn window(of: Window, background: bool) -> Window {
    let Some(counting) = of.counting() else {
        return of;
    };
    if background {
        return added_up(counting.failures.unwrap_or(0).saturating_add(1));
    }
    Window::Count(Counting {
        inconclusive: None,
        ..counting
    })
}

/// So many breaches from the start on, in whatever stages.
pub(super) const fn added_up(failures: u32) -> Window {
    Window::Sustained(Sustain {
        over: WHOLE,
        mode: SustainMode::AtLeast(failures),
    })
}
