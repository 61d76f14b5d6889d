//! What can be said about a scenario without playing it.

use sim_core::effect::{Change, Effect};
use sim_core::engine::Share;
use sim_core::policy::gate::{Judgement, Limit, Measure, Population};
use sim_core::policy::{Gate, Policy};
use sim_core::telemetry::SignalKind;

use super::odd_limit::{percent, tidy};
use super::world::{counts_requests, no_requests};
use crate::check::{Problem, all_effects, each, labels};
use crate::{CodeEntry, Diagnostic, Document, Scenario, Verdict, World, WorldSource};

/// The codes of scenarios.
pub const ENTRIES: &[CodeEntry] = &[
    CodeEntry {
        code: "CM260",
        title: "the strength of an effect may be in another unit than its signal",
        explanation: "What is added to a ratio is a fraction, so that `5` is 500 percentage points; what is added to a \
                      latency is in milliseconds, so that `0.3` is less than one. Write the unit: `5%`, `300ms`.",
    },
    CodeEntry {
        code: "CM261",
        title: "a good release breaches a limit for good",
        explanation: "The release is called good, and what it does for as long as it runs lies beyond a limit of the policy: \
                      either the release is bad, or the limit is too tight. The study counts each rollback as a false one.",
    },
    CodeEntry {
        code: "CM262",
        title: "an objective allows more than half of the runs",
        explanation: "A study that allows most rollouts to go wrong says PASS of nearly every policy.",
    },
];

/// So small a part of a normal latency nobody would notice.
const UNNOTICED: f64 = 1e-3;

/// Returns what is odd about a scenario in its world, and under a policy if one is known.
pub fn scenario(
    scenario: &Document<Scenario>,
    world: &World,
    policy: Option<&Policy>,
) -> Vec<Diagnostic> {
    let value = &scenario.value;
    let mut found = strengths(value, world);
    let silent = value.load == Some(0.0) && counts_requests(world);
    found.extend(silent.then(|| no_requests("load")));
    found.extend(generous(value));
    if let WorldSource::Inline(world) = &value.world {
        let inline = super::world::doubts(world).into_iter();
        found.extend(inline.map(|problem| problem.under("world.inline")));
    }
    found.extend(
        policy
            .into_iter()
            .flat_map(|policy| breaching(policy, value, world)),
    );
    let found = found.into_iter();
    found
        .map(|problem| problem.locate(&scenario.spans))
        .collect()
}

fn strengths(scenario: &Scenario, world: &World) -> Vec<Problem> {
    let odd = |(path, effect): (String, &Effect)| {
        let Change::Add(change) = &effect.change else {
            return None;
        };
        let by = change.by;
        let (is, meant) = match &labels::signal(world, change)?.kind {
            SignalKind::Ratio { .. } | SignalKind::RatioOfRuns { .. } => {
                (by.abs() >= 1.0).then(|| (percent(by), format!("{}%", tidy(by))))?
            }
            SignalKind::Latency { parts, .. } => {
                let normal: f64 = parts.iter().map(|part| part.weight * part.median).sum();
                let odd = by != 0.0 && by.abs() < UNNOTICED * normal.max(1000.0);
                (odd && by.abs() < 10.0 && by.fract() != 0.0)
                    .then(|| (format!("{}ms", tidy(by)), format!("{}s", tidy(by))))?
            }
            _ => return None,
        };
        let message = format!("`{}` adds {is} to `{}`", effect.id, change.signal);
        Some(
            Problem::warning("CM260", format!("{path}.change.add.by"), message).help(format!(
                "if {meant} is meant, write `{meant}`; if not, write `{is}`"
            )),
        )
    };
    all_effects(scenario).filter_map(odd).collect()
}

fn generous(scenario: &Scenario) -> Vec<Problem> {
    let half = Share::from_ppm(500_000).expect("a half is a share");
    let said = &scenario.objectives;
    let limits = [
        ("false-rollback", said.false_rollback),
        ("stalled-release", said.stalled_release),
        ("missed-regression", said.missed_regression),
    ];
    let generous = limits
        .into_iter()
        .filter_map(|(word, limit)| Some((word, limit.filter(|limit| *limit > half)?)));
    let problem = |(word, limit): (&str, Share)| {
        let message = format!("{limit} of the runs may go wrong");
        Problem::warning("CM262", format!("objectives.{word}"), message)
            .help("write the share that you would accept in your own service, such as `5%`")
    };
    generous.map(problem).collect()
}

/// Effects of a good release that lie beyond an absolute limit for as long as it runs.
fn breaching(policy: &Policy, scenario: &Scenario, world: &World) -> Vec<Problem> {
    if scenario.release.is == Verdict::Bad {
        return Vec::new();
    }
    let breached = |(path, effect): (String, &Effect)| {
        let more = labels::lasting_harm(effect, world)?;
        let (change, _) = labels::level(effect)?;
        let (SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. }) =
            labels::signal(world, change)?.kind
        else {
            return None;
        };
        let is_it =
            |gate: &&Gate| gate.signal == change.signal && is_passed(gate, base, base + more);
        let gate = policy.gates.iter().find(is_it)?;
        let message = format!(
            "the good release takes `{}` to {} for good, beyond the limit of `{}`",
            change.signal,
            percent(base + more),
            gate.id
        );
        let problem = Problem::warning("CM261", format!("{path}.change"), message)
            .reason("each rollback of it counts as a false one");
        Some(problem.help("write `is: bad`, or give the gate a limit that a good release keeps"))
    };
    each("release.effects", &scenario.release.effects)
        .filter_map(breached)
        .collect()
}

/// Whether a gate on the canary's share bears one level and not the other.
fn is_passed(gate: &Gate, base: f64, level: f64) -> bool {
    let beyond = |level: f64| gate.breach.judge(level, 0.0, Judgement::Hold) == Judgement::Breach;
    gate.measure == Measure::Ratio
        && gate.population == Population::Canary
        && matches!(gate.breach.limit, Limit::Absolute(_))
        && !beyond(base)
        && beyond(level)
}
