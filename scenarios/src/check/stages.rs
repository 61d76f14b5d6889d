//! Stages: exposure that climbs, and ramps that arrive.

use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;
use sim_core::policy::{Gate, Policy, Ramp, Stage};

use super::numbers::lasts;
use super::problem::{Problem, each};

/// The most increments of one ramp.
const INCREMENTS_MAX: f64 = 10_000.0;

/// Checks the order of the targets, the initial share and each stage's ramp.
///
/// Equal neighbours are allowed: a stage may hold the exposure of the one before under other gates.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let mut problems: Vec<Problem> = order(policy).chain(initial(policy)).collect();
    let mut before = policy.initial.unwrap_or(Share::ZERO);
    for (path, stage) in each("stages", &policy.stages) {
        problems.extend(ramp(&format!("{path}.ramp"), stage, before));
        problems.extend(nobody(&path, stage, policy));
        problems.extend(pause(&path, stage));
        problems.extend(unasked(&path, stage));
        problems.extend(endless(&path, stage));
        before = stage.target;
    }
    problems
}

fn order(policy: &Policy) -> impl Iterator<Item = Problem> {
    let pairs = policy.stages.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| pair[1].target < pair[0].target)
        .map(|(place, pair)| {
            let (now, before) = (pair[1].target, pair[0].target);
            let message = format!("target {now} is less than {before} of the stage before");
            Problem::error("CM110", format!("stages[{}].target", place + 1), message)
                .reason("stages are played in the order of the file, and exposure climbs")
                .help("put the stages into the order of their targets")
        })
}

fn initial(policy: &Policy) -> Option<Problem> {
    let (initial, first) = (policy.initial?, policy.stages.first()?.target);
    (initial > first).then(|| {
        let message = format!("the initial share {initial} is above {first}, the first target");
        Problem::error("CM111", "initial", message)
            .help("lower it, or raise the target of the first stage")
    })
}

/// A stage before anybody gets the release may wait, or watch what the release does not reach.
fn nobody(path: &str, stage: &Stage, policy: &Policy) -> Option<Problem> {
    let waits = !stage.observe.is_zero() || stage.approval.is_some();
    let reads = |id: &&String| {
        policy
            .gates
            .iter()
            .any(|gate| gate.id == **id && of_release(gate))
    };
    let asked = stage.triggers.iter().chain(&stage.criteria).find(reads);
    (stage.target == Share::ZERO && (asked.is_some() || !waits)).then(|| {
        Problem::error(
            "CM114",
            format!("{path}.target"),
            "a stage that reaches nobody",
        )
        .reason("nothing is exposed, so that its gates have nothing to read")
        .help("write the share that it is to reach, such as `1%`, or leave the stage out")
    })
}

/// Whether a gate reads what the release itself does.
fn of_release(gate: &Gate) -> bool {
    matches!(
        gate.population,
        Population::Canary | Population::CanaryBaseline
    )
}

fn pause(path: &str, stage: &Stage) -> Option<Problem> {
    stage.pause_after_windows?;
    lasts(
        &format!("{path}.observe"),
        stage.observe,
        "the rollout pauses after a number of observation windows, which is at once",
    )
}

/// The increments of a manual ramp are approved by the role that approves the stage.
fn unasked(path: &str, stage: &Stage) -> Option<Problem> {
    let stuck = matches!(stage.ramp, Ramp::Manual { .. }) && stage.approval.is_none();
    stuck.then(|| {
        Problem::error(
            "CM113",
            format!("{path}.ramp"),
            "nobody can approve the increments",
        )
        .reason("a manual ramp waits for the stage's approval, and the stage names no role")
        .help("add `approval:` with a role")
    })
}

/// A time limit belongs to an approval that is asked for.
fn endless(path: &str, stage: &Stage) -> Option<Problem> {
    let within = stage.approval_within?;
    let path = format!("{path}.approval-within");
    if stage.approval.is_none() {
        let problem = Problem::error("CM113", path, "nobody is asked, so that nobody can be late");
        return Some(problem.help("add `approval:` with a role, or leave the limit out"));
    }
    lasts(
        &format!("{path}.limit"),
        within.limit,
        "nobody can answer at once",
    )
}

fn ramp(path: &str, stage: &Stage, before: Share) -> Vec<Problem> {
    let gap = stage.target.as_f64() - before.as_f64();
    match stage.ramp {
        Ramp::AtOnce => Vec::new(),
        Ramp::Linear { step, every } => {
            let path = format!("{path}.linear");
            let waits = waits(&path, every);
            waits
                .into_iter()
                .chain(linear(&format!("{path}.step"), step, gap))
                .collect()
        }
        Ramp::Exponential { factor, every } => {
            let path = format!("{path}.exponential");
            let waits = waits(&path, every);
            let start = before.as_f64().max(1e-6);
            let grows = exponential(&format!("{path}.factor"), factor, stage.target, start);
            waits.into_iter().chain(grows).collect()
        }
        Ramp::Manual { step } => linear(&format!("{path}.manual.step"), step, gap)
            .into_iter()
            .collect(),
    }
}

fn waits(path: &str, every: SimDuration) -> Option<Problem> {
    lasts(
        &format!("{path}.every"),
        every,
        "all increments fall together",
    )
}

fn linear(path: &str, step: Share, gap: f64) -> Option<Problem> {
    if step == Share::ZERO {
        let problem = Problem::error("CM112", path, "a ramp of steps of 0% never arrives");
        return Some(problem.help("write a step above 0%"));
    }
    too_many(path, gap / step.as_f64())
}

/// From nothing the climb begins with the smallest share there is, one part per million.
fn exponential(path: &str, factor: f64, target: Share, start: f64) -> Option<Problem> {
    if !(factor.is_finite() && factor > 1.0) {
        let message = format!("a ramp with the factor {factor} never arrives");
        return Some(Problem::error("CM112", path, message).help("write a factor above 1"));
    }
    let climb = (target.as_f64() / start).max(1.0);
    too_many(path, libm::log(climb) / libm::log(factor))
}

fn too_many(path: &str, increments: f64) -> Option<Problem> {
    (increments > INCREMENTS_MAX).then(|| {
        let message = format!("the ramp has {increments:.0} increments, at most {INCREMENTS_MAX}");
        Problem::error("CM112", path, message).help("take larger steps")
    })
}
