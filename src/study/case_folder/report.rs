//! From an ablation to its typed result.

use chaos::ablation::{Ablation, Showing, Without};
use chaos::catalogue::Injection;
use chaos::rehearsal::Rehearsal;
use reports::{CaseFault, CaseParting, CaseReport, CaseShowing, CaseSize, EventRow};
use scenarios::CaseFile;
use sim_core::engine::{SimDuration, SimTime};

use super::old_reading::old_reading;
use super::words::{cost, parameters, when};
use crate::study::{hex, profile_word, status};
use chaos::checker::Status;

/// Returns the typed result of a case that lies `at` some path.
pub fn case_report(
    case: &CaseFile,
    rehearsal: &Rehearsal,
    ablation: &Ablation,
    at: &str,
) -> CaseReport {
    let (policy, whole) = (&case.policy, &ablation.whole);
    let old_reading = decides(&case.broken.promise).then(|| old_reading(whole));
    let faults = rehearsal.injections.iter().zip(&ablation.without);
    let faults = faults.map(|(injection, without)| fault(rehearsal, injection, without, whole));
    CaseReport {
        schema: CaseReport::SCHEMA.to_owned(),
        version: CaseReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        promise: case.broken.promise.clone(),
        title: whole.finding.title.to_owned(),
        unit: whole.finding.unit.map(str::to_owned),
        broken_at_s: whole.finding.at.map(SimTime::as_secs_f64),
        whole: showing(whole),
        bare: showing(&ablation.bare),
        faults: faults.collect(),
        old_reading: old_reading.flatten(),
        size: size(case, rehearsal),
        hash: hex(whole.history.hash()),
        replay: format!("coalmine replay {at}"),
        found_by: case.broken.found_by.clone(),
        events: rows(whole),
    }
}

/// Whether the promise is broken by going on, on what a gate read.
fn decides(promise: &str) -> bool {
    matches!(promise, "INV-GATE" | "INV-CAUGHT")
}

fn size(case: &CaseFile, rehearsal: &Rehearsal) -> CaseSize {
    let experiment = &rehearsal.experiment;
    CaseSize {
        faults_found: case.broken.faults_found,
        faults: rehearsal.injections.len() as u32,
        hosts: experiment.fleet.hosts,
        stages: experiment.policy.stages.len() as u32,
        horizon_s: experiment.horizon.as_secs_f64(),
        replays: case.broken.replays,
    }
}

fn rows(showing: &Showing) -> Vec<EventRow> {
    reports::event_rows(&showing.experiment, &showing.history)
}

fn showing(showing: &Showing) -> CaseShowing {
    CaseShowing {
        status: status(showing.finding.status),
        detail: showing.finding.detail.clone(),
        slack: showing.finding.slack,
        outcome: showing.outcome,
        detection_s: showing.detection.map(SimDuration::as_secs_f64),
        rollback_s: showing.rollback.map(SimDuration::as_secs_f64),
        reached_max_percent: f64::from(showing.reached.ppm()) / 1e4,
        error_minutes: showing.harm.exposed_error_minutes,
    }
}

fn fault(
    rehearsal: &Rehearsal,
    injection: &Injection,
    without: &Without,
    whole: &Showing,
) -> CaseFault {
    let entry = injection.fault.entry();
    let slack = |showing: &Showing| showing.finding.slack;
    let margin = slack(&without.showing).zip(slack(whole));
    CaseFault {
        id: injection.id.clone(),
        name: entry.name.to_owned(),
        layer: entry.layer.word().to_owned(),
        what: entry.summary.to_owned(),
        when: when(injection.course(), &rehearsal.experiment.policy),
        parameters: parameters(injection),
        showed_at_s: without.showed.map(SimTime::as_secs_f64),
        without: showing(&without.showing),
        needed: without.showing.finding.status != Status::Violated,
        cost: cost(&without.showing, whole, entry.summary),
        margin: margin.map(|(without, with)| without - with),
        parting: without.parting.map(|parting| CaseParting {
            at_s: parting.at.as_secs_f64(),
            with: parting.one.map(|place| rows(whole).swap_remove(place)),
            without: parting
                .other
                .map(|place| rows(&without.showing).swap_remove(place)),
        }),
    }
}
