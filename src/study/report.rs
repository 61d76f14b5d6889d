//! From one judged rollout to its typed result.

use reports::{ExposureFigures, HarmFigures, Inputs, InvariantRow, RunReport, SlowFigures};
use sim_core::engine::{Share, SimDuration};
use sim_core::{Run, Seed};

use super::case::Case;
use super::judge::{Judgement, status};
use super::profile::profile_word;
use super::summary::hex;

/// Returns the typed result of a rollout of `case` under `seed`.
pub fn run_report(
    case: &Case,
    seed: Seed,
    run: &Run,
    judgement: &Judgement,
    inputs: Inputs,
    replay: String,
) -> RunReport {
    let policy = &case.experiment().policy;
    let is_detected = judgement.facts.detection_ms.is_some();
    let detection = run.detection.filter(|_| is_detected);
    let exposure = ExposureFigures {
        declared_max_percent: percent(run.exposure.declared_max),
        reached_max_percent: percent(run.exposure.reached_max),
    };
    RunReport {
        schema: RunReport::SCHEMA.to_owned(),
        version: RunReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        scenario: case.name.clone(),
        seed: seed.root,
        replication: seed.replication,
        inputs,
        gates: reports::gate_rows(policy),
        outcome: run.outcome,
        verdict: judgement.facts.verdict,
        reasons: judgement.reasons.clone(),
        invariants: invariants(judgement),
        exposure,
        detection_s: detection.map(SimDuration::as_secs_f64),
        rollback_s: run.rollback.map(SimDuration::as_secs_f64),
        harm: harm(case, run),
        hash: hex(run.history.hash()),
        replay,
        events: reports::event_rows(case.experiment(), &run.history),
        timeline: None,
        blast_radius_percent: policy.blast_radius.map(|blast| percent(blast.max)),
    }
}

fn harm(case: &Case, run: &Run) -> HarmFigures {
    HarmFigures {
        exposed_requests: run.harm.exposed_requests,
        exposed_error_minutes: run.harm.exposed_error_minutes,
        lost_jobs: Some(run.harm.lost_jobs).filter(|lost| *lost > 0),
        users_met: run.harm.users.map(|users| users[0]),
        users_hurt: run.harm.users.map(|users| users[1]),
        slow_requests: slow_requests(case),
    }
}

fn slow_requests(case: &Case) -> Vec<SlowFigures> {
    let declared = sim_core::slow_requests(case.experiment());
    let figures = |slow: sim_core::SlowRequests| SlowFigures {
        signal: slow.signal,
        above_ms: slow.above,
        weight: slow.weight,
    };
    declared.into_iter().map(figures).collect()
}

fn invariants(judgement: &Judgement) -> Vec<InvariantRow> {
    let row = |found: &chaos::checker::Finding| InvariantRow {
        id: found.id.to_owned(),
        status: status(found.status),
        slack: found.slack,
        unit: found.unit.map(str::to_owned),
        detail: found.detail.clone(),
    };
    judgement.findings.iter().map(row).collect()
}

/// Parts per million divided exactly: 12.5 % is 12.5.
fn percent(share: Share) -> f64 {
    f64::from(share.ppm()) / 1e4
}
