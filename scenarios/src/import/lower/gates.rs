//! Gates: one for each metric, so that results speak of it.

use std::collections::BTreeMap;

use sim_core::decider::{AnswerShape, MetricUnit, ProbeAnswer};
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::gate::{BadData, Comparison, Counting, Limit, Measure, Relation, Window};
use sim_core::policy::{
    Action, Class, Gate, ObservationStart, Paper, Policy, Profile, Ramp, Rollback, Rounding, Stage,
    Step, StepEffect,
};

use super::judge::Threshold;
use super::meaning::{Meaning, Reads};
use super::world::{ERRORS, LATENCY};

/// The name of the class of what aborts a Rollout.
pub(super) const ABORTS: &str = "abort";

/// The quantile that is the mean of a lognormal law, however slow it is: normal(sigma / 2) = normal(0.3).
const MEAN: f64 = 0.618;

/// The gates of a policy that is being made.
#[derive(Default)]
pub(super) struct Gates {
    pub list: Vec<Gate>,
    pub meanings: Vec<Meaning>,
}

impl Gates {
    /// The place of the gate for a metric; one that is the same gate in all but its name is not made twice.
    pub fn of(
        &mut self,
        meaning: Meaning,
        threshold: Option<Threshold>,
        (window, class): (Counting, &str),
    ) -> usize {
        self.in_window(meaning, threshold, (Window::Count(window), class))
    }

    /// Does the same with any window.
    pub fn in_window(
        &mut self,
        meaning: Meaning,
        threshold: Option<Threshold>,
        (window, class): (Window, &str),
    ) -> usize {
        let gate = gate(&meaning, threshold, (window, class));
        let same = |known: &Gate| {
            let named = Gate {
                id: known.id.clone(),
                ..gate.clone()
            };
            *known == named
                && (known.id == gate.id || known.id.starts_with(&format!("{}-", gate.id)))
        };
        if let Some(place) = self.list.iter().position(same) {
            return place;
        }
        let id = self.free(&gate.id);
        self.list.push(Gate { id, ..gate });
        if !self.meanings.contains(&meaning) {
            self.meanings.push(meaning);
        }
        self.list.len() - 1
    }

    /// The name, or the name with a number.
    fn free(&self, id: &str) -> String {
        let taken = |id: &str| self.list.iter().any(|gate| gate.id == id);
        let mut names = std::iter::once(id.to_owned()).chain((2..).map(|n| format!("{id}-{n}")));
        names.find(|name| !taken(name)).unwrap_or_default()
    }
}

fn gate(meaning: &Meaning, threshold: Option<Threshold>, (window, class): (Window, &str)) -> Gate {
    let (signal, measure) = match meaning.reads {
        Reads::Errors(_) | Reads::Nothing => (ERRORS, Measure::Ratio),
        Reads::ErrorCount { .. } => (ERRORS, Measure::Count),
        Reads::Latency(Some(q), _) => (LATENCY, Measure::Quantile(q)),
        Reads::Latency(None, _) => (LATENCY, Measure::Quantile(MEAN)),
    };
    Gate {
        keep: Vec::new(),
        with: None,
        lasting: None,
        already_red: None,
        id: meaning.metric.clone(),
        signal: signal.to_owned(),
        measure,
        population: meaning.population,
        over: meaning.over,
        breach: breach(meaning, threshold),
        window,
        min_samples: 0,
        on: BadData::CLOSED,
        class: Some(class.to_owned()),
    }
}

/// What fails, in the unit of the signal. What is answered by chance reads 1 where it failed.
fn breach(meaning: &Meaning, threshold: Option<Threshold>) -> Comparison {
    let chance = Comparison {
        is: Relation::AtLeast,
        limit: Limit::Absolute(1.0),
    };
    let Some(threshold) = threshold.filter(|_| meaning.reads != Reads::Nothing) else {
        return chance;
    };
    let unit = unit(meaning);
    let turned = matches!(unit, MetricUnit::Good | MetricUnit::GoodPercent);
    let is = match (threshold.fails_above != turned, threshold.itself) {
        (true, true) => Relation::Above,
        (true, false) => Relation::AtLeast,
        (false, true) => Relation::Below,
        (false, false) => Relation::AtMost,
    };
    // 1 - 0.95 is told as 0.05; what decides is the condition itself, on the metric's own number.
    let back = unit.back(threshold.at);
    let limit = (back * 1e9).round() / 1e9;
    Comparison {
        is,
        limit: Limit::Absolute(limit),
    }
}

fn unit(meaning: &Meaning) -> MetricUnit {
    match meaning.reads {
        Reads::Errors(unit) | Reads::Latency(_, unit) => unit,
        Reads::ErrorCount { each_second: true } => {
            MetricUnit::EachOf(meaning.over.as_secs_f64().round().max(1.0) as u32)
        }
        Reads::ErrorCount { .. } | Reads::Nothing => MetricUnit::Plain,
    }
}

/// What answers the questions of a metric.
pub(super) fn answer(meaning: &Meaning, shape: AnswerShape, checks_pass: f64) -> ProbeAnswer {
    match meaning.reads {
        Reads::Nothing => ProbeAnswer::Chance {
            passes: checks_pass,
            takes: SimDuration::ZERO,
        },
        _ => ProbeAnswer::Signal {
            unit: unit(meaning),
            shape,
        },
    }
}

/// A stage that is watched from when its share is reached, and asks for nothing yet.
pub(super) fn stage(id: &str, target: Share) -> Stage {
    Stage {
        approval_within: None,
        id: id.to_owned(),
        target,
        ramp: Ramp::AtOnce,
        observe: SimDuration::ZERO,
        observe_from: ObservationStart::Convergence,
        pause_after_windows: None,
        sets: BTreeMap::new(),
        planned: None,
        entry: Vec::new(),
        hold: Vec::new(),
        criteria: Vec::new(),
        triggers: Vec::new(),
        approval: None,
    }
}

/// The name of the class of what rolls back.
pub(super) const ROLLS_BACK: &str = "rollback";

/// The class of what rolls back.
pub(super) fn rollback_class() -> Class {
    Class {
        id: ROLLS_BACK.to_owned(),
        action: Action::Rollback,
        sign_off: None,
        at_most: None,
        no_new_starts: false,
    }
}

/// A policy of these parts; the rollback is one step of this name.
pub(super) fn policy(
    (name, back): (&str, &str),
    gates: Vec<Gate>,
    classes: Vec<Class>,
    stages: Vec<Stage>,
) -> Policy {
    Policy {
        advances: sim_core::policy::Advances::AtOnce,
        calendar: None,
        version: 1,
        name: if name.is_empty() { "rollout" } else { name }.to_owned(),
        profile: Profile::Own,
        description: String::new(),
        scope: Vec::new(),
        evaluate_every: SimDuration::from_secs(15),
        decide: None,
        initial: None,
        increment: None,
        critical: false,
        rounding: Rounding::Nearest,
        blast_radius: None,
        prerequisites: Vec::new(),
        evidence: Vec::new(),
        gates,
        classes,
        stages,
        ladder: None,
        kill_switch: None,
        rollback: rollback(back),
        recovery: None,
        waivers: Vec::new(),
        harm_budget: None,
        promises: Vec::new(),
        tolerance: BTreeMap::new(),
        waives: Vec::new(),
        paper: Paper::default(),
    }
}

fn rollback(back: &str) -> Rollback {
    Rollback {
        deadline: None,
        estimate: None,
        standby: None,
        keeps: None,
        steps: vec![Step {
            id: back.to_owned(),
            effect: StepEffect::ShiftTraffic,
            takes: Distribution::Constant(SimDuration::ZERO),
            retries: 0,
            required: true,
        }],
    }
}
