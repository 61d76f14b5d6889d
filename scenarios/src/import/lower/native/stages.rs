//! The stages of a Rollout in our own form: one for each weight, and one for each analysis that is waited for.

use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::form::CanaryStep;
use controllers::argo::orders::RunKind;
use sim_core::decider::{ArgoDecider, ArgoRunner};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;
use sim_core::policy::{Gate, Policy, Stage};

use super::form::NativeForm;
use super::gates::{NativeAnalysis, NativeGates};
use super::unsaid::{Unsaid, UnsaidPlace};
use crate::diagnostic::quote::quote;
use crate::import::lower::assumed::Assumed;
use crate::import::lower::gates::stage;
use crate::import::lower::lowered::Lowered;

/// Between two evaluations where no metric is measured more than once.
const EVERY: SimDuration = SimDuration::from_secs(15);

/// Makes the stages one after the other.
pub(super) struct StageMaker<'a> {
    lowered: &'a Lowered,
    decider: &'a ArgoDecider,
    pub gates: NativeGates,
    pub stages: Vec<Stage>,
    /// The share of the last weight.
    target: Share,
    /// The name of the stage of the last weight.
    id: String,
    /// Whether the next step begins a stage of its own.
    opens: bool,
}

impl<'a> StageMaker<'a> {
    pub fn new(lowered: &'a Lowered, decider: &'a ArgoDecider) -> Self {
        Self {
            lowered,
            decider,
            gates: NativeGates::default(),
            stages: Vec::new(),
            target: Share::ZERO,
            id: "before".to_owned(),
            opens: true,
        }
    }

    /// The stages of a canary.
    pub fn canary(&mut self, policy: &CanaryPolicy) {
        let mut background = None;
        for (nth, step) in policy.steps.iter().enumerate() {
            self.opens |= policy.background == Some(nth);
            let first = self.stages.len();
            self.step(nth, step);
            if policy.background == Some(nth) {
                background = Some(first);
            }
        }
        if let Some(first) = background {
            self.watch_behind(first);
        }
        self.stages.push(stage("all", Share::ONE));
        if !policy.scale.routed {
            self.gates.tell(
                "without a router traffic follows the pods as they come and go; here a stage's share is reached at once with its last host"
                    .to_owned(),
            );
        }
    }

    fn step(&mut self, nth: usize, step: &CanaryStep) {
        if step.set_weight.is_some() {
            let of = &self.lowered.policy.stages[usize::from(self.decider.stages[nth])];
            (self.target, self.id) = (of.target, of.id.clone());
            self.begin(&self.id.clone());
        } else if let Some(pause) = &step.pause {
            match pause.seconds() {
                Some(seconds) => {
                    let waits = SimDuration::from_secs(u64::try_from(seconds).unwrap_or(0));
                    self.wait(waits);
                }
                None => self.ask(),
            }
        } else if step.analysis.is_some() {
            let made = self.analysis(RunKind::Step(nth), false);
            self.judged(made);
        } else if step.experiment.is_some() || step.plugin.is_some() {
            self.opaque(nth, step);
        } else {
            self.gates.tell(format!(
                "step {} moves no requests of its own and is left out: what counts here is the weight",
                nth + 1
            ));
        }
    }

    /// Begins a stage of this name, or of this name with a number.
    pub fn begin(&mut self, id: &str) {
        let taken = |id: &String| self.stages.iter().any(|known| known.id == *id);
        let mut free = std::iter::once(id.to_owned()).chain((2..).map(|n| format!("{id}.{n}")));
        let id = free.find(|id| !taken(id)).unwrap_or_default();
        self.stages.push(stage(&id, self.target));
        self.opens = false;
    }

    fn current(&mut self) -> &mut Stage {
        if self.opens || self.stages.is_empty() {
            let id = if self.stages.is_empty() {
                "before".to_owned()
            } else {
                format!("{}.after", self.id)
            };
            self.begin(&id);
        }
        let last = self.stages.len() - 1;
        &mut self.stages[last]
    }

    /// Waits in the stage of the last weight.
    pub fn wait(&mut self, time: SimDuration) {
        // Whoever waits for a person waits first for the person.
        self.opens |= self
            .stages
            .last()
            .is_some_and(|stage| stage.approval.is_some());
        let stage = self.current();
        stage.observe = stage.observe.saturating_add(time);
    }

    /// Waits for a person.
    pub fn ask(&mut self) {
        self.current().approval = Some("operator".to_owned());
    }

    /// A stage for an analysis that is waited for.
    pub fn judged(&mut self, made: NativeAnalysis) {
        if made.gates.is_empty() {
            return;
        }
        if !made.delay.is_zero() {
            self.wait(made.delay);
        }
        self.begin(&format!("{}.analysis", self.id));
        let every = self.gates.every.unwrap_or(EVERY);
        let once = made.measurements <= 1;
        let stage = self.current();
        stage.triggers = made.gates;
        stage.observe = if once {
            SimDuration::ZERO
        } else {
            every.saturating_mul(made.measurements)
        };
        self.opens = true;
        self.gates.tell(
            "an analysis is measured by the clock of the rollout and not by its own: it begins up to an interval later, and takes an \
             interval longer"
                .to_owned(),
        );
    }

    /// The analysis that runs for this purpose.
    pub fn analysis(&mut self, kind: RunKind, background: bool) -> NativeAnalysis {
        let run = self.decider.runs.iter().find(|run| run.kind == kind);
        match run.map(|run| &run.runner) {
            Some(ArgoRunner::Analysis { spec, probes }) => {
                let of = &self.lowered.policy.gates;
                self.gates.analysis(of, (spec, probes), background)
            }
            _ => NativeAnalysis::default(),
        }
    }

    /// Refuses an analysis of what nobody has got yet.
    pub fn unseen(&mut self, made: &NativeAnalysis) {
        let of_release =
            |gate: &&Gate| made.gates.contains(&gate.id) && gate.population == Population::Canary;
        if let Some(gate) = self.gates.list.iter().find(of_release) {
            self.gates.wrong.push(Unsaid {
                place: UnsaidPlace::Own("spec.strategy.blueGreen.prePromotionAnalysis".to_owned()),
                what: format!("{} before the promotion has no native form", quote(&gate.id)),
                why: "nobody sees the preview, so that a stage of it has nothing to read of the release",
            });
        }
    }

    fn watch_behind(&mut self, first: usize) {
        let made = self.analysis(RunKind::Background, true);
        for stage in &mut self.stages[first..] {
            stage.triggers.extend(made.gates.iter().cloned());
        }
    }

    /// An experiment or a plugin, which always succeeds or has no native form.
    fn opaque(&mut self, nth: usize, step: &CanaryStep) {
        let (kind, what) = if step.experiment.is_some() {
            (RunKind::Experiment(nth), "experiment")
        } else {
            (RunKind::Plugin(nth), "plugin")
        };
        let run = self.decider.runs.iter().find(|run| run.kind == kind);
        let Some(ArgoRunner::Opaque { passes, takes, .. }) = run.map(|run| &run.runner) else {
            return;
        };
        if *passes < 1.0 {
            self.gates.wrong.push(Unsaid {
                place: UnsaidPlace::Own(format!("spec.strategy.canary.steps[{nth}].{what}")),
                what: format!("the {what} of step {} has no native form", nth + 1),
                why: "it fails by chance, which no gate does",
            });
            return;
        }
        self.gates.tell(format!(
            "the {what} of step {} always succeeds: of it the time is left",
            nth + 1
        ));
        self.wait(*takes);
    }

    /// The policy of the stages, unless something cannot be said.
    pub fn finish(self, assumed: &Assumed) -> Result<NativeForm, Vec<Unsaid>> {
        if !self.gates.wrong.is_empty() {
            return Err(self.gates.wrong);
        }
        let mut differs = self.gates.differs;
        differs.push(
            "Argo waits for pods to be available and scales sets apart; here every stage takes one start of a pod".to_owned(),
        );
        let policy = Policy {
            evaluate_every: self.gates.every.unwrap_or(EVERY),
            gates: self.gates.list,
            stages: self.stages,
            ..self.lowered.policy.clone()
        };
        Ok(NativeForm {
            policy,
            update: assumed.pod_start,
            differs,
        })
    }
}
