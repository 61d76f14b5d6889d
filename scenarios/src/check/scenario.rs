//! Scenarios by themselves: effects, objectives and expectations that can be told apart from none.

use chaos::checker::{HARM, known as invariants};
use chaos::rehearsal::Verdict::Fail;
use sim_core::effect::Effect;
use sim_core::engine::Share;

use super::names::{Names, unique};
use super::numbers::{lasts, within};
use super::problem::{Problem, each};
use super::references::named;
use super::{effects, labels, rehearse};
use crate::{Scenario, Verdict};

/// Checks a scenario, without the world that it may carry.
pub(crate) fn check(scenario: &Scenario) -> Vec<Problem> {
    let mut problems: Vec<Problem> = lasts(
        "horizon",
        scenario.horizon,
        "the simulation would end before it begins",
    )
    .into_iter()
    .collect();
    problems.extend(
        scenario
            .load
            .and_then(|load| within("load", load, 0.0..=1e6)),
    );
    problems.extend(of_effects(scenario));
    problems.extend(rehearse::check(scenario));
    problems.extend(harmless(scenario));
    problems.extend(objectives(scenario));
    problems.extend(always_met(scenario));
    problems.extend(limited_invariants(scenario));
    problems.extend(expectations(scenario));
    problems.extend(promises(scenario));
    problems
}

/// Pairs each effect with its path: the release's first, then the faults.
pub(crate) fn all_effects(scenario: &Scenario) -> impl Iterator<Item = (String, &Effect)> {
    each("release.effects", &scenario.release.effects).chain(each("faults", &scenario.faults))
}

fn of_effects(scenario: &Scenario) -> Vec<Problem> {
    let ids = named("release.effects", &scenario.release.effects, |effect| {
        &effect.id
    })
    .chain(named("faults", &scenario.faults, |effect| &effect.id))
    .chain(rehearse::ids(scenario));
    let mut problems = unique("effect", ids);
    for (path, effect) in all_effects(scenario) {
        problems.extend(effects::check(&path, effect, scenario.horizon));
    }
    problems.extend(shared_hosts(scenario));
    problems
}

/// Hosts can be shared with an effect that has some of its own.
fn shared_hosts(scenario: &Scenario) -> Vec<Problem> {
    let owners = all_effects(scenario).filter(|(_, effect)| effect.hosts.is_some());
    let owners = owners.map(|(_, effect)| effect.id.as_str());
    let known = Names::new("effect with `hosts`", owners);
    let sharing = all_effects(scenario);
    let unknown = sharing.filter_map(|(path, effect)| {
        let of = effect.hosts_of.as_ref()?;
        known.resolve(format!("{path}.hosts-of"), of)
    });
    unknown.collect()
}

fn harmless(scenario: &Scenario) -> Option<Problem> {
    let nothing = scenario.release.effects.is_empty()
        && scenario.faults.is_empty()
        && scenario.rehearse.is_empty()
        && scenario.method.is_none()
        && scenario.evidence.is_empty();
    let effects = &scenario.release.effects;
    let idle = !effects.is_empty() && effects.iter().all(labels::is_idle);
    let (path, message) = if idle {
        (
            "release.effects[0]",
            "the effects of the bad release change nothing",
        )
    } else {
        ("release.is", "a bad release that does nothing")
    };
    ((nothing || idle) && scenario.release.is == Verdict::Bad).then(|| {
        Problem::error("CM164", path, message)
            .reason("every policy would miss it, and the missed regressions would mean nothing")
            .help("give it `effects:` that do harm, or write `is: good`")
    })
}

fn objectives(scenario: &Scenario) -> Option<Problem> {
    let said = &scenario.objectives;
    let (word, limit, kind) = match scenario.release.is {
        Verdict::Good => ("missed-regression", said.missed_regression, "good"),
        Verdict::Bad if said.false_rollback.is_none() => {
            ("stalled-release", said.stalled_release, "bad")
        }
        Verdict::Bad => ("false-rollback", said.false_rollback, "bad"),
    };
    limit.map(|_| {
        let message = format!("a {kind} release has no rate called `{word}`");
        Problem::error("CM160", format!("objectives.{word}"), message)
            .reason("the limit would hold whatever the policy does")
            .help("leave it out")
    })
}

/// Objectives that hold whatever happens.
fn always_met(scenario: &Scenario) -> Vec<Problem> {
    let said = &scenario.objectives;
    let at_most = [
        ("false-rollback", said.false_rollback),
        ("stalled-release", said.stalled_release),
        ("missed-regression", said.missed_regression),
    ];
    let at_least = [
        ("rollback-within-deadline", said.rollback_within_deadline),
        ("blast-within", said.blast_within),
    ];
    let idle = at_most.map(|(word, limit)| (word, limit, Share::ONE, "at most 100%"));
    let idle = idle
        .into_iter()
        .chain(at_least.map(|(word, limit)| (word, limit, Share::ZERO, "at least 0%")));
    idle.filter(|(_, limit, always, _)| *limit == Some(*always))
        .map(|(word, _, _, bound)| {
            let message = format!("an objective of {bound} is always met");
            Problem::error("CM162", format!("objectives.{word}"), message)
                .reason("the study would say PASS whatever the policy does")
                .help("write the share that you would accept, or leave it out for the default")
        })
        .collect()
}

/// Checks that the invariants that are limited exist; those of the policy itself are not known here.
fn limited_invariants(scenario: &Scenario) -> Vec<Problem> {
    let known = Names::new(
        "invariant",
        invariants().map(|known| known.id).chain([HARM]),
    );
    let limited = scenario.objectives.invariants.keys();
    let ours = limited.filter(|id| id.starts_with("INV-"));
    let found = ours.filter_map(|id| known.resolve(format!("objectives.invariants.{id}"), id));
    found.collect()
}

fn expectations(scenario: &Scenario) -> impl Iterator<Item = Problem> {
    let empty = scenario
        .expect
        .iter()
        .filter(|(_, expect)| expect.at_least == Share::ZERO);
    empty.map(|(profile, _)| {
        let path = format!("expect.{}.at-least", super::profile::word(*profile));
        Problem::error(
            "CM161",
            path,
            "an outcome in at least 0% of the runs is always met",
        )
        .help("write a share above 0%")
    })
}

/// Checks that what is expected to be broken exists, and that the verdict agrees with it.
fn promises(scenario: &Scenario) -> Vec<Problem> {
    let known = Names::new(
        "invariant",
        invariants().map(|known| known.id).chain([HARM]),
    );
    let mut problems = Vec::new();
    for (profile, expect) in &scenario.expect {
        let path = format!("expect.{}", super::profile::word(*profile));
        let own = |id: &str| !id.starts_with("INV-");
        for (path, id) in each(&format!("{path}.breaks"), &expect.breaks) {
            problems.extend(known.resolve(&path, id).filter(|_| !own(id)));
        }
        let fails = expect.verdict.map(|verdict| verdict == Fail);
        if fails.is_some_and(|fails| fails == expect.breaks.is_empty()) {
            let message = "the verdict and the broken invariants contradict each other";
            let problem = Problem::error("CM172", format!("{path}.verdict"), message);
            problems.push(
                problem.help("write `verdict: fail` with `breaks:`, or another verdict without"),
            );
        }
    }
    problems
}
