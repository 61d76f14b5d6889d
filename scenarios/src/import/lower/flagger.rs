//! Canaries of Flagger.

use std::sync::Arc;

use controllers::flagger::form::{Canary, CanaryWebhook, HookType};
use controllers::flagger::hook;
use controllers::flagger::metric::{self, Ask, Source, Step};
use controllers::flagger::policy::{Policy, Strategy};
use sim_core::Decider;
use sim_core::decider::{AnswerShape, FlaggerDecider, Hook, Probe};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::Stage;
use sim_core::policy::gate::{Counting, Population};

use super::assumed::{Assumed, figure};
use super::flagger_parts::{
    TICKS, duration_query, hook_of_chance, horizon, nothing, refused, templates, with_target,
};
use super::gates::{self, Gates, ROLLS_BACK, answer, rollback_class, stage};
use super::judge::Judge;
use super::lowered::{Lowered, Made};
use super::meaning::{Query, Reads, understand};
use super::population::{Counted, VersionNames, counted};
use super::refusal::fault;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::import::object::Object;
use crate::import::pool::Pool;

/// The router where a canary does not name one: what Flagger is started with unless told otherwise.
const MESH: &str = "istio";
/// Pods of a workload, where nobody says how many: the Canary does not.
const REPLICAS: u32 = 2;

/// Lowers a Canary with the templates that it names.
pub(super) fn lower<'a>(
    pool: &Pool<'a>,
    object: &'a Object,
    assumed: &Assumed,
) -> Result<Made<'a>, Vec<Diagnostic>> {
    let canary: Canary = object.read().map_err(|found| vec![*found])?;
    let (templates, used) = templates(&canary, object, pool)?;
    let policy = Policy::new(canary, &templates, MESH).map_err(|_| vec![no_analysis(object)])?;
    refused(object, &policy)?;
    let mut maker = Maker {
        policy: &policy,
        assumed,
        gates: Gates::default(),
        notes: Vec::new(),
    };
    let probes = maker.probes();
    let hooks = maker.hooks();
    let (mut stages, weights) = maker.stages();
    let (gates, notes) = (maker.gates, maker.notes);
    for stage in &mut stages {
        stage.triggers = gates.list.iter().map(|gate| gate.id.clone()).collect();
    }
    let people = hooks.iter().filter(|hook| **hook == Hook::Person).count() as u64;
    let horizon = horizon(&policy, stages.len() as u64, people);
    let replicas = assumed.replicas.unwrap_or(REPLICAS);
    let class = rollback_class();
    let of_us = (&object.name[..], "rollback: routes to the primary");
    let lowered = Lowered {
        subject: format!("Canary {} of Flagger", object.name),
        policy: gates::policy(of_us, gates.list, vec![class], stages),
        decider: Decider::Flagger(Arc::new(FlaggerDecider {
            policy,
            probes,
            hooks,
            weights,
            matched: Share::from_fraction(assumed.matched).unwrap_or(Share::ONE),
            replicas,
        })),
        meanings: gates.meanings,
        notes,
        replicas,
        horizon,
    };
    Ok((lowered, [vec![object], used].concat()))
}

fn no_analysis(object: &Object) -> Diagnostic {
    let what = "the Canary has no `spec.analysis`, and the API server refuses it";
    fault(
        object,
        ("CM463", "kind"),
        [what, "", "rename `canaryAnalysis` to `analysis`"],
    )
}

struct Maker<'a> {
    policy: &'a Policy,
    assumed: &'a Assumed,
    gates: Gates,
    notes: Vec<String>,
}

impl Maker<'_> {
    fn counting(&self) -> Counting {
        let most = u32::try_from(self.policy.threshold() - 1).unwrap_or(0);
        Counting {
            failures: Some(most),
            ..Counting::default()
        }
    }

    /// How each metric is answered; none for one that fails without being asked.
    fn probes(&mut self) -> Vec<Option<Probe>> {
        let policy = self.policy;
        let mut probes = vec![None; policy.analysis().metrics.len()];
        for step in metric::steps(policy) {
            match step {
                Step::Ask(ask) => probes[ask.index] = Some(self.probe(ask)),
                Step::Fail(index) => {
                    let name = &policy.analysis().metrics[index].name;
                    self.notes.push(format!(
                        "{} fails every check without being asked",
                        quote(name)
                    ));
                    let meaning = nothing(name);
                    let gate = self.gates.of(meaning, None, (self.counting(), ROLLS_BACK));
                    let answer = sim_core::decider::ProbeAnswer::Chance {
                        passes: 0.0,
                        takes: SimDuration::ZERO,
                    };
                    probes[index] = Some(Probe { gate, answer });
                }
            }
        }
        probes
    }

    fn probe(&mut self, ask: Ask<'_>) -> Probe {
        let name = ask.metric.name.as_str();
        let text = self.text(ask);
        let window = controllers::flagger::duration::parse(ask.interval).filter(|it| *it > 0.0);
        let judge = Judge::flagger(self.policy, ask);
        let query = Query {
            name,
            text: &text,
            counts: self.counts(ask),
            window: window.map(SimDuration::from_secs_f64),
        };
        let meaning = understand(&query, Some(&judge));
        if meaning.reads == Reads::Nothing {
            self.notes.push(format!(
                "{} measures nothing that is simulated: each check of it passes with {} % (--checks-pass)",
                quote(name),
                figure(self.assumed.checks_pass * 100.0)
            ));
        }
        let answer = answer(&meaning, AnswerShape::Vector, self.assumed.checks_pass);
        let gate = self
            .gates
            .of(meaning, judge.threshold(), (self.counting(), ROLLS_BACK));
        Probe { gate, answer }
    }

    /// The text of a query, as far as it is known.
    fn text(&self, ask: Ask<'_>) -> String {
        match ask.source {
            Source::RequestSuccessRate => "success rate / in percent".to_owned(),
            Source::RequestDuration => duration_query(self.policy),
            Source::Query => format!("prometheus {}", ask.metric.query),
            Source::Template => {
                let template = self.policy.template(ask.index);
                template.map_or_else(String::new, |it| format!("prometheus {}", it.query))
            }
        }
    }

    /// Whose requests a metric counts. What is built in asks for the canary, whatever the router.
    fn counts(&self, ask: Ask<'_>) -> Counted {
        let template = || self.policy.template(ask.index).map(|it| it.query.as_str());
        let query = match ask.source {
            Source::RequestSuccessRate | Source::RequestDuration => {
                return Counted::Of(Population::Canary);
            }
            Source::Query => &ask.metric.query,
            Source::Template => template().unwrap_or_default(),
        };
        let workload = &self.policy.canary().spec.target_ref.name;
        let names = VersionNames {
            rollout: workload.clone(),
            workload: workload.clone(),
            ..VersionNames::default()
        };
        counted(&with_target(query, workload), &names)
    }

    fn hooks(&mut self) -> Vec<Hook> {
        let policy = self.policy;
        let webhooks = policy.analysis().webhooks.iter();
        webhooks.map(|webhook| self.hook(webhook)).collect()
    }

    /// How a webhook answers: checks of the release pass as often as is assumed, gates of people when a person answers.
    fn hook(&mut self, webhook: &CanaryWebhook) -> Hook {
        let never = hook_of_chance(None, 0.0);
        let name = if webhook.name.is_empty() {
            "webhook"
        } else {
            &webhook.name
        };
        match webhook.kind {
            HookType::Rollback => {
                self.notes.push(format!(
                    "nobody asks for a rollback by webhook {}",
                    quote(name)
                ));
                never
            }
            HookType::ConfirmRollout
            | HookType::ConfirmPromotion
            | HookType::ConfirmTrafficIncrease
                if !webhook.url.contains("approve") && !webhook.url.contains("open") =>
            {
                self.notes
                    .push(format!("webhook {} waits for a person", quote(name)));
                Hook::Person
            }
            HookType::Rollout | HookType::PreRollout => self.check_hook(name, webhook),
            _ => hook_of_chance(None, 1.0),
        }
    }

    /// A check of the release, which passes as often as is assumed.
    fn check_hook(&mut self, name: &str, webhook: &CanaryWebhook) -> Hook {
        let counting = (self.counting(), ROLLS_BACK);
        let gate = self.gates.of(nothing(name), None, counting);
        let passes = self.assumed.checks_pass;
        self.notes.push(format!(
            "webhook {} is not simulated: it passes with {} % (--checks-pass)",
            quote(name),
            figure(passes * 100.0)
        ));
        let is_asked = hook::timeout(webhook).is_some();
        hook_of_chance(Some(gate), if is_asked { passes } else { 0.0 })
    }

    /// The stages: one for each weight that is really reached, and one for the promotion; with the weights.
    fn stages(&mut self) -> (Vec<Stage>, Vec<i64>) {
        let interval = SimDuration::from_secs_f64(self.policy.interval());
        let checks = u64::try_from(self.policy.iterations())
            .unwrap_or(0)
            .min(TICKS);
        let (mut stages, mut weights) = (Vec::new(), Vec::new());
        match self.policy.strategy() {
            Strategy::Canary => {
                (stages, weights) = self.weighted(interval);
            }
            Strategy::AbTesting => {
                let share = Share::from_fraction(self.assumed.matched).unwrap_or(Share::ONE);
                let mut stage = stage("matched-users", share);
                stage.observe = interval.saturating_mul(checks.saturating_sub(1));
                stages.push(stage);
                weights.push(100);
            }
            Strategy::BlueGreen => {
                let mut checked = stage("checks", Share::ZERO);
                checked.observe = interval.saturating_mul(checks.saturating_sub(1));
                let mut switched = stage("switched", Share::ONE);
                switched.observe = interval;
                stages.extend([checked, switched]);
                weights.extend([0, 100]);
            }
        }
        stages.push(stage("promoted", Share::ONE));
        (stages, weights)
    }

    fn weighted(&mut self, interval: SimDuration) -> (Vec<Stage>, Vec<i64>) {
        let (mut stages, mut weights) = (Vec::new(), Vec::new());
        for weight in self.weights() {
            let share = Share::from_fraction(weight as f64 / 100.0).unwrap_or(Share::ONE);
            let mut stage = stage(&format!("weight-{weight}"), share);
            stage.observe = interval;
            stages.push(stage);
            weights.push(weight);
        }
        (stages, weights)
    }

    /// The weights that a canary reaches one after the other; the last may be beyond `maxWeight`.
    fn weights(&mut self) -> Vec<i64> {
        let (policy, mut weights, mut weight) = (self.policy, Vec::new(), 0);
        while weight < policy.max_weight() && weights.len() < 1000 {
            let step = policy.next_step(weight);
            if step <= 0 {
                self.notes.push(format!(
                    "the weight stays at {weight} % for good: the next step is {step}"
                ));
                break;
            }
            weight = (weight + step).min(100);
            weights.push(weight);
        }
        if weight > policy.max_weight() {
            let declared = policy.max_weight();
            self.notes.push(format!("`maxWeight: {declared}` is exceeded: {weight} % of the users get the release before it is promoted"));
        }
        weights
    }
}
