//! A Canary of Flagger in our own form: a stage for each tick that may move the weight.

use controllers::flagger::form::HookType;
use controllers::flagger::policy::Strategy;
use sim_core::decider::{FlaggerDecider, Hook, Probe, ProbeAnswer};
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::gate::{BadData, Judgement, Window};
use sim_core::policy::{Gate, Policy, Stage};

use super::form::NativeForm;
use super::gates::added_up;
use super::unsaid::{Unsaid, UnsaidPlace};
use crate::diagnostic::quote::quote;
use crate::import::lower::assumed::Assumed;
use crate::import::lower::gates::stage;
use crate::import::lower::lowered::Lowered;

/// The most checks of an A/B test that become stages.
const CHECKS: i64 = 100;
/// An answer that is none fails the check.
const FAILS: BadData = BadData {
    missing: Judgement::Breach,
    stale: Judgement::Breach,
    nan: Judgement::Breach,
    zero_denominator: Judgement::Breach,
    too_few: Judgement::Breach,
};

/// The canary in our own form.
pub(super) fn native(
    lowered: &Lowered,
    decider: &FlaggerDecider,
    assumed: &Assumed,
) -> Result<NativeForm, Vec<Unsaid>> {
    let mut maker = TickMaker {
        lowered,
        decider,
        differs: told(decider),
        wrong: Vec::new(),
    };
    maker.cannot();
    let gates = maker.gates();
    let stages = maker.stages(&gates, assumed);
    if !maker.wrong.is_empty() {
        return Err(maker.wrong);
    }
    let mut policy = Policy {
        evaluate_every: maker.tick(),
        gates,
        stages,
        ..lowered.policy.clone()
    };
    // The tick after the last failed check rolls back.
    policy.rollback.steps[0].takes = Distribution::Constant(maker.tick());
    Ok(NativeForm {
        policy,
        update: SimDuration::ZERO,
        differs: maker.differs,
    })
}

/// What is never quite the same.
fn told(decider: &FlaggerDecider) -> Vec<String> {
    let mut differs = vec![
        "while it promotes, Flagger updates the primary pod by pod behind the last weight and needs three more ticks; here all of the \
         requests go to the release at once"
            .to_owned(),
    ];
    let asked = decider.probes.iter().flatten();
    let signals = asked.filter(|probe| matches!(probe.answer, ProbeAnswer::Signal { .. }));
    if signals.count() > 1 {
        differs.push(
            "a check of Flagger ends with the first metric that fails, and the failures of all metrics add up to one threshold; here each \
             gate counts its own"
                .to_owned(),
        );
    }
    differs
}

struct TickMaker<'a> {
    lowered: &'a Lowered,
    decider: &'a FlaggerDecider,
    differs: Vec<String>,
    wrong: Vec<Unsaid>,
}

impl TickMaker<'_> {
    fn tick(&self) -> SimDuration {
        SimDuration::from_secs_f64(self.decider.policy.interval())
    }

    fn refuse(&mut self, path: &str, what: String, why: &'static str) {
        let place = UnsaidPlace::Own(path.to_owned());
        self.wrong.push(Unsaid { place, what, why });
    }

    /// What our own form cannot say of the analysis as a whole.
    fn cannot(&mut self) {
        let policy = &self.decider.policy;
        let analysis = policy.analysis();
        if analysis.mirror && policy.mirrors() {
            let what = "copies of requests (`mirror`) have no native form".to_owned();
            let why = "a release that answers copies is measured and harms nobody; a stage's share is of real requests";
            self.refuse("spec.analysis.mirror", what, why);
        }
        if analysis.step_weight_promotion > 0 {
            let what = "`stepWeightPromotion` has no native form".to_owned();
            let why = "requests go back to the primary step by step while both serve the release";
            self.refuse("spec.analysis.stepWeightPromotion", what, why);
        }
        if policy.canary().spec.skip_analysis {
            let what = "`skipAnalysis` has no native form".to_owned();
            self.refuse("spec.skipAnalysis", what, "no stage is left to be judged");
        }
        self.hooks();
    }

    fn hooks(&mut self) {
        let webhooks = &self.decider.policy.analysis().webhooks;
        for (nth, (webhook, hook)) in webhooks.iter().zip(&self.decider.hooks).enumerate() {
            let path = format!("spec.analysis.webhooks[{nth}]");
            match hook {
                Hook::Chance {
                    gate: Some(_),
                    passes,
                    ..
                } if *passes < 1.0 => {
                    let what = format!("webhook {} has no native form", quote(&webhook.name));
                    self.refuse(&path, what, "it fails by chance, which no gate does");
                }
                Hook::Chance { gate: Some(_), .. } => self.differs.push(format!(
                    "webhook {} always passes: left out",
                    quote(&webhook.name)
                )),
                Hook::Person if webhook.kind == HookType::ConfirmTrafficIncrease => {
                    let what = format!("webhook {} has no native form", quote(&webhook.name));
                    let why = "one answer opens it for all weights; an approval is asked for again in each stage";
                    self.refuse(&path, what, why);
                }
                Hook::Chance { .. } | Hook::Person => {}
            }
        }
    }

    /// A gate for each metric that measures something.
    fn gates(&mut self) -> Vec<Gate> {
        let mut gates: Vec<Gate> = Vec::new();
        let metrics = &self.decider.policy.analysis().metrics;
        for (metric, probe) in metrics.iter().zip(&self.decider.probes) {
            let Some(probe) = probe else { continue };
            if let Some(gate) = self.gate(&metric.name, probe)
                && !gates.iter().any(|known| known.id == gate.id)
            {
                gates.push(gate);
            }
        }
        gates
    }

    fn gate(&mut self, name: &str, probe: &Probe) -> Option<Gate> {
        let of = &self.lowered.policy.gates[probe.gate];
        match probe.answer {
            ProbeAnswer::Signal { .. } => Some(Gate {
                window: self.window(),
                on: FAILS,
                ..of.clone()
            }),
            ProbeAnswer::Chance { passes, .. } if passes < 1.0 => {
                self.wrong.push(Unsaid {
                    place: UnsaidPlace::Metric(name.to_owned(), "name"),
                    what: format!("metric {} has no native form", quote(name)),
                    why: "it measures nothing that is simulated, and fails always or by chance, which no gate does",
                });
                None
            }
            ProbeAnswer::Chance { .. } => {
                self.differs.push(format!(
                    "{} measures nothing that is simulated and always passes: left out",
                    quote(name)
                ));
                None
            }
        }
    }

    /// Failed checks add up until the threshold, whatever passes between them.
    fn window(&self) -> Window {
        added_up(u32::try_from(self.decider.policy.threshold()).unwrap_or(u32::MAX))
    }

    fn stages(&mut self, gates: &[Gate], assumed: &Assumed) -> Vec<Stage> {
        let tick = self.tick();
        let mut first = stage("pods-start", Share::ZERO);
        let ticks = assumed
            .pod_start
            .as_nanos()
            .div_ceil(tick.as_nanos().max(1));
        first.observe = tick.saturating_mul(ticks.max(1));
        let ids: Vec<String> = gates.iter().map(|gate| gate.id.clone()).collect();
        let mut stages = vec![first];
        for (id, share) in self.checked() {
            let mut checked = stage(&id, share);
            checked.observe = tick;
            // A failing tick keeps the weight, and one too many takes it back.
            checked.criteria.clone_from(&ids);
            checked.triggers.clone_from(&ids);
            stages.push(checked);
        }
        self.ask(&mut stages);
        stages.push(stage("promoted", Share::ONE));
        stages
    }

    /// Each check that gates, with the share of the requests while it is made.
    fn checked(&mut self) -> Vec<(String, Share)> {
        let of = &self.lowered.policy.stages;
        let weights = &of[..of.len() - 1];
        let policy = &self.decider.policy;
        let times = policy.iterations();
        if policy.strategy() == Strategy::Canary {
            return weights
                .iter()
                .map(|it| (it.id.clone(), it.target))
                .collect();
        }
        if times > CHECKS {
            let what = format!("{times} iterations have no native form");
            let why = "each of them is a stage of its own, and no more than 100 are written";
            self.refuse("spec.analysis.iterations", what, why);
            return Vec::new();
        }
        let first = &weights[0];
        let checks = (1..=times).map(|nth| (format!("{}-{nth}", first.id), first.target));
        let rest = weights[1..].iter().map(|it| (it.id.clone(), it.target));
        checks.chain(rest).collect()
    }

    /// Gates of people: before the first weight, and before the promotion.
    fn ask(&self, stages: &mut [Stage]) {
        let webhooks = &self.decider.policy.analysis().webhooks;
        for (webhook, hook) in webhooks.iter().zip(&self.decider.hooks) {
            let place = match webhook.kind {
                _ if *hook != Hook::Person => continue,
                HookType::ConfirmRollout => 0,
                _ => stages.len() - 1,
            };
            stages[place].approval = Some("operator".to_owned());
        }
    }
}
