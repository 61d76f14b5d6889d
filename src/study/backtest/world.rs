//! The past as a world: recordings in the place of models, and nobody who gets in the way.

use sim_core::engine::{Distribution, SimDuration};
use sim_core::fleet::{Fleet, Update, UpdateOrder};
use sim_core::operator::Operator;
use sim_core::policy::Policy;
use sim_core::telemetry::{Noise, Signal, SignalKind, Telemetry};
use sim_core::traffic::{Arrivals, Split, Traffic};
use sim_core::{Experiment, Shared};

use super::recorded_signal::RecordedSignal;

/// Returns the experiment whose signals are the recordings; its horizon is still to be set.
///
/// Samples may end at any whole number of steps before or after a start, and starts lie `beat` apart.
pub(super) fn experiment(
    policy: Policy,
    tapes: &[RecordedSignal],
    hosts: u32,
    beat: [SimDuration; 2],
) -> Experiment {
    let steps = || tapes.iter().map(|tape| tape.recording.step);
    let scrape = steps().chain(beat).map(SimDuration::as_nanos).fold(0, gcd);
    let longest = steps().max().unwrap_or_default();

    Experiment {
        decider: sim_core::Decider::Native,
        operators: people(&policy),
        policy: policy.into(),
        fleet: fleet(hosts),
        traffic: traffic(),
        telemetry: Shared::from(Telemetry {
            scrape_every: SimDuration::from_nanos(scrape),
            lag: SimDuration::ZERO,
            // A store shows a sample for five minutes (the look-back of Prometheus), or until the next
            // one but one should have come.
            stale_after: SimDuration::from_mins(5).max(longest.saturating_mul(2)),
            resets_unhandled: false,
            starts_in_week: None,
            signals: tapes.iter().map(signal).collect(),
        }),
        release: Vec::new(),
        faults: Vec::new(),
        evidence: Vec::new(),
        horizon: SimDuration::ZERO,
    }
}

fn signal(tape: &RecordedSignal) -> Signal {
    Signal {
        id: tape.signal.clone(),
        // No sample is drawn: what the kind says is never looked at.
        kind: SignalKind::Gauge { base: 0.0, sd: 0.0 },
        noise: Noise::default(),
        harms_users: false,
        harm_weight: None,
        slow_above: None,
        recording: Some(tape.recording.clone()),
    }
}

const fn fleet(hosts: u32) -> Fleet {
    Fleet {
        hosts,
        regions: Vec::new(),
        order: UpdateOrder::Random,
        host_effect: 0.0,
        update: Update::AT_ONCE,
        next_releases: None,
    }
}

const fn traffic() -> Traffic {
    Traffic {
        requests_per_second: 1.0,
        shape: Vec::new(),
        arrivals: Arrivals::Exact,
        // Shares are exact whatever the number of hosts was.
        split: Split::ByRequest,
        work: None,
    }
}

/// Everybody whom the policy asks, answering at once.
fn people(policy: &Policy) -> Vec<Operator> {
    let stages = policy
        .stages
        .iter()
        .filter_map(|stage| stage.approval.clone());
    let classes = policy
        .classes
        .iter()
        .filter_map(|class| class.sign_off.clone());
    let ladder = policy
        .ladder
        .iter()
        .filter_map(|ladder| ladder.escalate_to.clone());
    let mut roles: Vec<String> = stages.chain(classes).chain(ladder).collect();
    roles.sort();
    roles.dedup();
    let at_once = |role: String| Operator {
        role,
        name: String::new(),
        answers_in: Distribution::Constant(SimDuration::ZERO),
        silent: 0.0,
    };
    roles.into_iter().map(at_once).collect()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
