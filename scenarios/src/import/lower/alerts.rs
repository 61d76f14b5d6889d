//! Alerts as triggers: rules of Prometheus, specs of sloth and objectives of OpenSLO roll nothing out, but they stop what is.
//!
//! The rollout is assumed: the release gets its share of the requests at once, and the first alert takes it away. Before
//! that the service runs for as long as the longest window, so that windows are full, as those of a real server are.
//! Windows count every request in them: scrapes and their extrapolation are not simulated here.

use controllers::openslo::Operator;
use controllers::openslo::{Document, Triggers};
use controllers::prometheus::form::{RuleFile, RuleForm};
use controllers::prometheus::shape::{BurnRate, Measure as Measured, Shape};
use controllers::prometheus::{Millis, Op, parse};
use controllers::sloth::form::{Sli, Spec};
use controllers::sloth::plan::{PERIOD, Severity, plan};
use sim_core::Decider;
use sim_core::decider::MetricUnit;
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::Gate;
use sim_core::policy::gate::{
    BadData, BurnRateWindow, Judgement, Population, Sustain, SustainMode, Window,
};

use super::assumed::Assumed;
use super::gates::{self, Gates, ROLLS_BACK, rollback_class, stage};
use super::judge::{Judge, Threshold};
use super::lowered::{Lowered, Made};
use super::meaning::{Meaning, Query, Reads, understand, words};
use super::population::{Counted, VersionNames, counted};
use super::refusal::fault;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::import::finding::seconds;
use crate::import::object::Object;
use crate::import::pool::Pool;
use crate::import::recognise::Product;

/// How long a release is watched before it counts as rolled out.
const WATCHED: SimDuration = SimDuration::from_hours(6);
/// From one evaluation to the next where nobody says otherwise: the default of Prometheus.
const EVERY: SimDuration = SimDuration::from_mins(1);
/// `group_wait` of Alertmanager where nobody says otherwise.
const GROUP_WAIT: SimDuration = SimDuration::from_secs(30);
/// Where nothing is said, nothing fires: an alert needs a value that is beyond its limit.
const NOTHING_FIRES: BadData = BadData {
    missing: Judgement::Pass,
    stale: Judgement::Pass,
    nan: Judgement::Pass,
    zero_denominator: Judgement::Pass,
    too_few: Judgement::Pass,
};

/// Whether an object holds alerts.
pub(super) fn alerts(object: &Object) -> bool {
    matches!(
        object.product,
        Product::Prometheus | Product::Sloth | Product::OpenSlo
    )
}

/// Lowers all alerts of the file that `first` is of.
pub(super) fn lower<'a>(
    pool: &Pool<'a>,
    first: &'a Object,
    assumed: &Assumed,
) -> Result<Made<'a>, Vec<Diagnostic>> {
    let mut maker = AlertMaker::default();
    let own: Vec<&'a Object> = pool.own().filter(|object| alerts(object)).collect();
    for object in &own {
        match object.product {
            Product::Prometheus => maker.rules(object),
            Product::Sloth => maker.sloth(object),
            _ => {}
        }
    }
    let documents = own
        .iter()
        .filter_map(|object| Document::read(&object.json)?.ok());
    maker.openslo(&documents.collect::<Vec<_>>());
    if maker.gates.list.is_empty() {
        let what = "no alert of this file can be a trigger here".to_owned() + &maker.why();
        let next = "ratios of requests, burn rates and quantiles of latencies can";
        return Err(vec![fault(first, ("CM464", ""), [&what, "", next])]);
    }
    Ok((maker.finish(first, assumed), own))
}

#[derive(Default)]
struct AlertMaker {
    gates: Gates,
    notes: Vec<String>,
    every: Option<SimDuration>,
}

/// What an alert reads, and when it fires.
struct AlertForm<'t> {
    name: &'t str,
    /// The query, and what else says whose requests it counts.
    text: &'t str,
    reads: Reads,
    over: SimDuration,
    limit: Threshold,
    window: Window,
}

impl AlertMaker {
    fn add(&mut self, alert: &AlertForm<'_>) {
        let population = match counted(alert.text, &VersionNames::default()) {
            Counted::Compared => Population::Fleet,
            Counted::Of(population) => population,
        };
        let meaning = Meaning {
            metric: alert.name.to_owned(),
            reads: alert.reads,
            population,
            over: alert.over,
            words: words(Counted::Of(population), alert.reads, alert.over),
        };
        let class = (alert.window, ROLLS_BACK);
        let gate = self.gates.in_window(meaning, Some(alert.limit), class);
        self.gates.list[gate].on = NOTHING_FIRES;
    }

    fn left_out(&mut self, name: &str, why: &str) {
        self.notes
            .push(format!("alert {} is no trigger here: {why}", quote(name)));
    }

    /// Why nothing was found, for a refusal.
    fn why(&self) -> String {
        self.notes
            .first()
            .map_or_else(String::new, |note| format!("; {note}"))
    }

    fn rules(&mut self, object: &Object) {
        let (_, body) = object.body();
        let file: RuleFile = object.read_part(body).unwrap_or_default();
        for group in &file.groups {
            let alerts = group.rules.iter().filter(|rule| !rule.alert.is_empty());
            for rule in alerts {
                self.rule(rule);
                if let Some(interval) = group.interval {
                    let interval = millis(interval.0);
                    self.every = Some(self.every.map_or(interval, |every| every.min(interval)));
                }
            }
        }
    }

    fn rule(&mut self, rule: &RuleForm) {
        let shape = parse(&rule.expr).ok().and_then(|expr| Shape::of(&expr));
        let Some(shape) = shape else {
            let why = "its expression is none that a trigger can say (`coalmine lint` says more)";
            self.left_out(&rule.alert, why);
            return;
        };
        self.shape(rule, &shape);
    }

    fn shape(&mut self, rule: &RuleForm, shape: &Shape) {
        match shape {
            Shape::Any(parts) => parts.iter().for_each(|part| self.shape(rule, part)),
            Shape::BurnRate(burn) if rule.hold.0 == 0 => self.burn(rule, burn),
            Shape::BurnRate(_) => {
                self.left_out(
                    &rule.alert,
                    "two windows and a `for` at once are not simulated",
                );
            }
            Shape::Threshold(threshold) => {
                let over = match &threshold.measure {
                    Measured::Growth { over, .. } | Measured::Quantile { over, .. } => *over,
                    Measured::Ratio(ratio) => ratio.over,
                    Measured::Value(_) | Measured::Over(..) => {
                        self.left_out(
                            &rule.alert,
                            "an instant value is nothing that the world simulates",
                        );
                        return;
                    }
                };
                self.threshold(rule, (threshold.is, threshold.limit.value), over);
            }
            Shape::All(_) | Shape::MOfN { .. } => {
                self.left_out(&rule.alert, "several conditions at once are not simulated");
            }
        }
    }

    fn burn(&mut self, rule: &RuleForm, burn: &BurnRate) {
        let short = millis(burn.short);
        self.add(&AlertForm {
            name: &rule.alert,
            text: &rule.expr,
            reads: Reads::Errors(MetricUnit::Plain),
            over: millis(burn.ratio.over),
            limit: above(burn.limit.value, burn.is == Op::Greater),
            window: Window::BurnRate(BurnRateWindow { short }),
        });
    }

    fn threshold(&mut self, rule: &RuleForm, (is, limit): (Op, f64), over: Millis) {
        let fires = move |number: f64| match is {
            Op::Greater => number > limit,
            Op::GreaterEqual => number >= limit,
            Op::Less => number < limit,
            Op::LessEqual => number <= limit,
            _ => false,
        };
        let judge = Judge::of(Box::new(move |number| !fires(number)), vec![limit]);
        let text = format!("prometheus {}", rule.expr);
        let query = Query {
            name: &rule.alert,
            text: &text,
            counts: Counted::Of(Population::Fleet),
            window: Some(millis(over)),
        };
        let meaning = understand(&query, Some(&judge));
        let (Some(limit), true) = (judge.threshold(), meaning.reads != Reads::Nothing) else {
            self.left_out(&rule.alert, "it measures nothing that the world simulates");
            return;
        };
        self.add(&AlertForm {
            name: &rule.alert,
            text: &rule.expr,
            reads: meaning.reads,
            over: meaning.over,
            limit,
            window: held(rule.hold.0),
        });
    }

    /// The alerts that wake somebody up; those that become tickets stop no release.
    fn sloth(&mut self, object: &Object) {
        let (_, body) = object.body();
        let spec: Spec = object.read_part(body).unwrap_or_default();
        let (plans, _) = plan(&spec, PERIOD);
        for plan in plans {
            if plan.severity == Severity::Ticket {
                self.left_out(
                    &format!("{} (ticket)", plan.alert),
                    "a ticket stops no release",
                );
                continue;
            }
            let slo = spec.slos.iter().find(|slo| plan.id.ends_with(&slo.name));
            let text = slo.map_or_else(String::new, |slo| queries(&slo.sli));
            for burn in plan.burns {
                let short = millis(burn.short);
                let long = millis(burn.long);
                let hours = seconds(long.as_secs_f64()).replace(' ', "");
                self.add(&AlertForm {
                    name: &format!("{}-{hours}", plan.alert),
                    text: &text,
                    reads: Reads::Errors(MetricUnit::Plain),
                    over: long,
                    limit: above(burn.limit(), true),
                    window: Window::BurnRate(BurnRateWindow { short }),
                });
            }
        }
    }

    fn openslo(&mut self, documents: &[Document]) {
        for trigger in Triggers::of(documents).triggers {
            let strict = match trigger.op {
                Operator::Gt => true,
                Operator::Gte => false,
                Operator::Lt | Operator::Lte => {
                    self.left_out(&trigger.condition, "it fires where little fails");
                    continue;
                }
            };
            let asks = |document: &Document| match document {
                Document::Slo(slo) if slo.metadata.name == trigger.slo => slo
                    .spec
                    .indicator
                    .as_ref()
                    .map(|indicator| indicator.spec.queries().join(" / ")),
                _ => None,
            };
            let text = documents.iter().find_map(asks);
            self.add(&AlertForm {
                name: &trigger.condition,
                text: &text.unwrap_or_default(),
                reads: Reads::Errors(MetricUnit::Plain),
                over: millis(trigger.lookback),
                limit: above(trigger.limit(), strict),
                window: held(trigger.alert_after),
            });
        }
    }

    fn finish(self, first: &Object, assumed: &Assumed) -> Lowered {
        let before = self.gates.list.iter().map(|gate| gate.over).max();
        let before = before.unwrap_or(EVERY);
        let mut filled = stage("before", Share::ZERO);
        filled.observe = before;
        let share = Share::from_fraction(assumed.weight).unwrap_or(Share::ONE);
        let mut released = stage("released", share);
        released.observe = WATCHED;
        released.triggers = self
            .gates
            .list
            .iter()
            .map(|gate: &Gate| gate.id.clone())
            .collect();
        let count = released.triggers.len();
        let class = rollback_class();
        let of_us = (
            &first.name[..],
            "rollback: the alert is told, traffic goes back",
        );
        let mut policy = gates::policy(of_us, self.gates.list, vec![class], vec![filled, released]);
        policy.evaluate_every = self.every.unwrap_or(EVERY);
        policy.rollback.steps[0].takes = Distribution::Constant(GROUP_WAIT);
        let mut notes = vec![format!(
            "an alert rolls nothing out: the release gets {} % of the requests at once, after {} in which windows fill, and is watched for {}; \
             the first alert takes it back, which is told after `group_wait` of {}; windows count every request, without scrapes and \
             what is extrapolated from them",
            super::assumed::figure(assumed.weight * 100.0),
            seconds(before.as_secs_f64()),
            seconds(WATCHED.as_secs_f64()),
            seconds(GROUP_WAIT.as_secs_f64()),
        )];
        notes.extend(self.notes);
        Lowered {
            subject: format!(
                "{count} condition{} of {}",
                if count == 1 { "" } else { "s" },
                first.product.name()
            ),
            policy,
            decider: Decider::Native,
            meanings: self.gates.meanings,
            notes,
            replicas: assumed.replicas.unwrap_or(10),
            horizon: before
                .saturating_add(WATCHED)
                .saturating_add(EVERY.saturating_mul(30)),
        }
    }
}

fn millis(length: Millis) -> SimDuration {
    SimDuration::from_millis(u64::try_from(length).unwrap_or(0))
}

/// A limit above which it fires; `strict` where the limit itself does not.
const fn above(at: f64, strict: bool) -> Threshold {
    Threshold {
        at,
        fails_above: true,
        itself: strict,
    }
}

/// `for`: each evaluation of that time is in breach.
fn held(hold: Millis) -> Window {
    let over = millis(hold);
    if over.is_zero() {
        return Window::Instant;
    }
    let mode = SustainMode::Every;
    Window::Sustained(Sustain { over, mode })
}

fn queries(sli: &Sli) -> String {
    let raw = sli.raw.as_ref().map(|raw| raw.error_ratio_query.clone());
    let events = sli.events.as_ref();
    let events = events.map(|it| format!("{} / {}", it.error_query, it.total_query));
    raw.or(events).unwrap_or_default()
}
