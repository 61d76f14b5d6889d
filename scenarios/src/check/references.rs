//! References inside a policy: from stages to gates, from gates to classes, to evidence.

use sim_core::policy::gate::Population;
use sim_core::policy::{Gate, Policy, Stage};

use super::names::{Names, unique};
use super::problem::{Problem, each};

/// Checks that every id of a policy occurs once.
pub(crate) fn ids(policy: &Policy) -> Vec<Problem> {
    let rungs = policy
        .ladder
        .as_ref()
        .map_or(&[][..], |ladder| &ladder.rungs);
    let groups = [
        unique("gate", named("gates", &policy.gates, |gate| &gate.id)),
        unique(
            "class",
            named("classes", &policy.classes, |class| &class.id),
        ),
        unique("stage", named("stages", &policy.stages, |stage| &stage.id)),
        unique(
            "piece of evidence",
            named("evidence", &policy.evidence, |known| &known.id),
        ),
        unique(
            "step",
            named("rollback.steps", &policy.rollback.steps, |step| &step.id),
        ),
        unique("rung", named("ladder.rungs", rungs, |rung| &rung.id)),
    ];
    groups.into_iter().flatten().collect()
}

/// Pairs the path of each item's id with the id.
pub(crate) fn named<'a, T>(
    path: &str,
    items: &'a [T],
    id: impl Fn(&'a T) -> &'a String,
) -> impl Iterator<Item = (String, &'a str)> {
    each(path, items).map(move |(path, item)| (format!("{path}.id"), id(item).as_str()))
}

/// Checks that every reference inside a policy leads somewhere.
pub(crate) fn resolve(policy: &Policy) -> Vec<Problem> {
    let gates = Names::new("gate", policy.gates.iter().map(|gate| gate.id.as_str()));
    let classes = Names::new(
        "class",
        policy.classes.iter().map(|class| class.id.as_str()),
    );
    let evidence = Names::new(
        "piece of evidence",
        policy.evidence.iter().map(|known| known.id.as_str()),
    );
    let mut problems = evidence.resolve_all("prerequisites", &policy.prerequisites);
    for (path, stage) in each("stages", &policy.stages) {
        problems.extend(of_stage(&path, stage, &gates, &evidence));
    }
    problems.extend(
        each("gates", &policy.gates).filter_map(|(path, gate)| unseen(&path, gate, policy)),
    );
    problems.extend(
        each("gates", &policy.gates).flat_map(|(path, gate)| joined(&path, gate, policy, &gates)),
    );
    let of_gates = named_class("gates", &policy.gates, |gate| gate.class.as_deref());
    let of_evidence = named_class("evidence", &policy.evidence, |known| known.class.as_deref());
    problems.extend(of_gates.filter_map(|(path, class)| classes.resolve(path, class)));
    problems.extend(of_evidence.filter_map(|(path, class)| classes.resolve(path, class)));
    problems.extend(classless_triggers(policy));
    problems
}

/// What is red before the start is read of the old version, and compared with a number.
fn unseen(path: &str, gate: &Gate, policy: &Policy) -> Option<Problem> {
    gate.already_red?;
    let mut stages = policy.stages.iter();
    let why = match gate.population {
        Population::Canary | Population::CanaryBaseline => "nobody is on the new version yet",
        _ if gate.breach.limit.absolute().is_none() => {
            "there is no other version to compare with yet"
        }
        _ if gate.window.takes_every_request() => "a test takes the requests of the rollout alone",
        _ if stages.any(|stage| stage.criteria.contains(&gate.id)) => {
            "a criterion that is ignored would hold its stage for ever, or mean nothing"
        }
        _ => return None,
    };
    let message = format!("`{}` says nothing before the start: {why}", gate.id);
    let problem = Problem::error("CM129", format!("{path}.already-red"), message);
    Some(problem.help("ask a trigger on `fleet` or `control` with an absolute limit"))
}

/// What a gate's breach is joined with: other gates, by their limits alone.
fn joined(path: &str, gate: &Gate, policy: &Policy, gates: &Names<'_>) -> Vec<Problem> {
    let Some(with) = &gate.with else {
        return Vec::new();
    };
    let mut problems = gates.resolve_all(&format!("{path}.with.all"), &with.all);
    problems.extend(gates.resolve_all(&format!("{path}.with.none"), &with.none));
    for (id, _) in with.wanted() {
        let other = policy.gates.iter().find(|other| other.id == *id);
        let why = match other {
            Some(_) if *id == gate.id => "a gate joined with itself says what it says alone",
            Some(other) if other.with.is_some() => {
                "the other gate is joined itself; name its gates here"
            }
            Some(other) if other.window.takes_every_request() => {
                "the other gate takes every request once and has nothing to say at one instant"
            }
            _ => continue,
        };
        let message = format!("`{id}` cannot be joined here: {why}");
        let problem = Problem::error("CM124", format!("{path}.with"), message);
        problems.push(problem.help("join gates that compare with a limit"));
    }
    if with.all.is_empty() && with.none.is_empty() {
        let problem = Problem::error("CM124", format!("{path}.with"), "nothing is joined");
        problems.push(problem.help("name gates under `all` or `none`, or leave `with` out"));
    }
    problems
}

fn of_stage(path: &str, stage: &Stage, gates: &Names<'_>, evidence: &Names<'_>) -> Vec<Problem> {
    let lists = [
        gates.resolve_all(&format!("{path}.criteria"), &stage.criteria),
        gates.resolve_all(&format!("{path}.triggers"), &stage.triggers),
        evidence.resolve_all(&format!("{path}.entry"), &stage.entry),
        evidence.resolve_all(&format!("{path}.hold"), &stage.hold),
    ];
    lists.into_iter().flatten().collect()
}

fn named_class<'a, T>(
    path: &str,
    items: &'a [T],
    class: impl Fn(&'a T) -> Option<&'a str>,
) -> impl Iterator<Item = (String, &'a str)> {
    each(path, items).filter_map(move |(path, item)| Some((format!("{path}.class"), class(item)?)))
}

/// A trigger without a class would fire and nobody would know what to do.
fn classless_triggers(policy: &Policy) -> Vec<Problem> {
    let triggers = |gate: &Gate| {
        policy
            .stages
            .iter()
            .any(|stage| stage.triggers.contains(&gate.id))
    };
    each("gates", &policy.gates)
        .filter(|(_, gate)| gate.class.is_none() && triggers(gate))
        .map(|(path, _)| {
            Problem::error("CM120", path, "this gate is a trigger and has no class")
                .reason("the class says what is done when a trigger fires")
                .help("add `class:` with one of the `classes`")
        })
        .collect()
}
