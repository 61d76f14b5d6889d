//! Rollouts of Argo.

use std::sync::Arc;

use controllers::argo::bluegreen::policy::BlueGreenPolicy;
use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::form::Rollout;
use controllers::argo::validate;
use sim_core::Decider;
use sim_core::decider::{ArgoDecider, ArgoStrategy};
use sim_core::engine::SimDuration;
use sim_core::policy::{Class, Policy};

use super::argo_runs::Finder;
use super::argo_stages::{StageCourse, blue_green, canary};
use super::assumed::Assumed;
use super::gates::{self, ABORTS, Gates};
use super::lowered::{Lowered, Made};
use super::refusal::fault;
use crate::diagnostic::Diagnostic;
use crate::import::object::Object;
use crate::import::pool::Pool;

/// The class of what aborts, by its place.
const ABORT: u16 = 0;
/// The class of what pauses, by its place.
const PAUSE: u16 = 1;
/// The most pods of a Rollout that are simulated.
const PODS: i32 = 10_000;

/// Lowers a Rollout with the templates that it names.
pub(super) fn lower<'a>(
    pool: &Pool<'a>,
    object: &'a Object,
    assumed: &Assumed,
) -> Result<Made<'a>, Vec<Diagnostic>> {
    let mut rollout: Rollout = object.read().map_err(|found| vec![*found])?;
    if let Some(replicas) = assumed.replicas {
        rollout.spec.replicas = Some(i32::try_from(replicas).unwrap_or(PODS));
    }
    refused(object, &rollout)?;
    let mut finder = Finder::new(object, pool, assumed);
    let mut gates = Gates::default();
    let (strategy, course) = strategy(&rollout, &mut finder, &mut gates);
    if !finder.wrong.is_empty() {
        return Err(finder.wrong);
    }
    let decider = ArgoDecider {
        strategy,
        runs: finder.runs,
        stages: course.of_steps.clone(),
        min_ready: SimDuration::from_secs(
            u64::try_from(rollout.spec.min_ready_seconds).unwrap_or(0),
        ),
        abort: ABORT,
        pause: PAUSE,
    };
    let replicas = rollout.spec.replicas.unwrap_or(1).max(1) as u32;
    let used = [vec![object], finder.used].concat();
    let lowered = Lowered {
        subject: format!("Rollout {} of Argo Rollouts", object.name),
        policy: policy(object, gates.list, course.stages),
        decider: Decider::Argo(Arc::new(decider)),
        meanings: gates.meanings,
        notes: [course.notes, finder.notes].concat(),
        replicas,
        horizon: course.horizon,
    };
    Ok((lowered, used))
}

/// What the product's own validation refuses, and what is beyond what is simulated.
fn refused(object: &Object, rollout: &Rollout) -> Result<(), Vec<Diagnostic>> {
    let invalid = validate::rollout(&rollout.spec).into_iter().map(|found| {
        let what = format!("the Rollout is refused (InvalidSpec): {}", found.message);
        let why = "it never starts, so that there is nothing to simulate";
        fault(
            object,
            ("CM463", &format!("spec.{}", found.path)),
            [&what, why, ""],
        )
    });
    let mut found: Vec<Diagnostic> = invalid.collect();
    if !(1..=PODS).contains(&rollout.spec.replicas.unwrap_or(1)) {
        let what = format!("only Rollouts of 1 to {PODS} pods are simulated");
        let next = "say --replicas";
        found.push(fault(object, ("CM464", "spec.replicas"), [&what, "", next]));
    }
    if rollout.spec.paused {
        let what =
            "the Rollout is paused (`spec.paused`): nothing moves until somebody unpauses it";
        let next = "take the key out of a copy of the file";
        found.push(fault(object, ("CM464", "spec.paused"), [what, "", next]));
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn strategy(
    rollout: &Rollout,
    finder: &mut Finder<'_, '_>,
    gates: &mut Gates,
) -> (ArgoStrategy, StageCourse) {
    let spec = &rollout.spec;
    match (CanaryPolicy::new(spec), BlueGreenPolicy::new(spec)) {
        (Some(policy), _) => {
            let strategy = spec.strategy.canary.as_ref();
            let strategy = strategy.expect("a canary's policy is made of it");
            let course = canary(strategy, &policy, finder, gates);
            (ArgoStrategy::Canary(Arc::new(policy)), course)
        }
        (None, policy) => {
            let policy = policy.expect("a valid Rollout has one of the strategies");
            let strategy = spec.strategy.blue_green.as_ref();
            let strategy = strategy.expect("a blue-green policy is made of it");
            let course = blue_green(strategy, finder, gates);
            (ArgoStrategy::BlueGreen(policy), course)
        }
    }
}

fn policy(
    object: &Object,
    gates: Vec<sim_core::policy::Gate>,
    stages: Vec<sim_core::policy::Stage>,
) -> Policy {
    let class = |id: &str, action, sign_off: Option<&str>| Class {
        id: id.to_owned(),
        action,
        sign_off: sign_off.map(str::to_owned),
        at_most: None,
        no_new_starts: false,
    };
    let classes = vec![
        class(ABORTS, sim_core::policy::Action::Rollback, None),
        class(
            "inconclusive",
            sim_core::policy::Action::Pause,
            Some("operator"),
        ),
    ];
    gates::policy(
        (&object.name, "abort: traffic back to stable"),
        gates,
        classes,
        stages,
    )
}
