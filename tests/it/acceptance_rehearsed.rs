//! Acceptance rows about what must not go wrong when something does: exposure beyond the radius, kill
//! switches, long soaks, evidence.

use coalmine::chaos::catalogue::{Fault, Injection};
use coalmine::chaos::checker::{Finding, Status, check};
use coalmine::chaos::rehearsal::{Rehearsal, Rehearsed, Verdict};
use coalmine::scenarios::library;
use coalmine::sim_core::effect::{Anchor, Course};
use coalmine::sim_core::engine::{Share, SimDuration, SimTime};
use coalmine::sim_core::history::{Event, Outcome};
use coalmine::sim_core::policy::{EvidenceFlaw, Profile};
use coalmine::sim_core::{Experiment, Run, Seed};

use crate::acceptance::{ROOT, experiment, implemented, runs, written};
use crate::command::coalmine;

/// A fault of the catalogue, written as a file would: its name and its parameters.
pub(crate) fn injection(name: &str, parameters: &str, at: Option<Course>) -> Injection {
    let text = format!("{{\"{name}\": {parameters}}}");
    let fault: Fault =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    Injection {
        id: name.to_owned(),
        fault,
        at,
        cured_by: Vec::new(),
    }
}

/// Half an hour after the stage of this number was entered.
fn inside_stage(stage: u16) -> Course {
    Course {
        from: Anchor::StageEntered(stage),
        after: SimDuration::from_mins(30),
        ..Course::default()
    }
}

/// Plays an experiment with faults.
pub(crate) fn rehearsed(
    experiment: Experiment,
    injections: Vec<Injection>,
    replication: u64,
) -> Rehearsed {
    let seed = Seed {
        root: ROOT,
        replication,
    };
    let rehearsal = Rehearsal {
        experiment,
        injections,
        seed,
    };
    rehearsal.play().expect("the fault can happen here")
}

fn first(run: &Run, wanted: impl Fn(&Event) -> bool) -> Option<SimTime> {
    let mut past = run.history.iter();
    past.find(|(_, event)| wanted(event)).map(|(at, _)| *at)
}

fn found<'a>(findings: &'a [Finding], id: &str) -> &'a Finding {
    let finding = findings.iter().find(|finding| finding.id == id);
    finding.expect("every invariant is judged")
}

/// The largest share over all events, and not the last one.
fn observed_max(run: &Run) -> Share {
    let shares = run.history.iter().filter_map(|(_, event)| match event {
        Event::Exposure { reached } | Event::BlastExceeded { reached } => Some(*reached),
        _ => None,
    });
    shares.max().unwrap_or(Share::ZERO)
}

/// Acceptance row 10: the exposure that counts is the largest of all events, and INV-BLAST is violated
/// exactly where it is beyond what the policy declares.
#[test]
fn the_blast_radius_is_held_against_the_largest_exposure_of_every_event() {
    let system = library::system("wedge").expect("it is shipped");
    let radius = Share::from_ppm(900_000).expect("a share");
    let (mut within, mut beyond) = (0, 0);
    for (scenario, _) in system.scenarios {
        let experiment = experiment(system, Profile::AsWritten, scenario);
        for run in runs(&experiment, 5) {
            let most = observed_max(&run);
            assert_eq!(most, run.exposure.reached_max, "{scenario}, seed {ROOT}");
            let findings = check(&experiment, &run);
            let violated = found(&findings, "INV-BLAST").status == Status::Violated;
            assert_eq!(violated, most > radius, "{scenario}: {most}, seed {ROOT}");
            within += u32::from(!violated);
            beyond += u32::from(violated);
        }
    }
    assert!(within > 20 && beyond > 0, "{within} and {beyond}");
}

/// Acceptance row 10, continued: an overshoot by rounding, by commands in flight or behind a partition is
/// a violation of INV-RWG-BLAST, and it is answered with the automatic rollback of RWG-003.
#[test]
fn every_way_to_overshoot_the_blast_radius_is_found_and_rolled_back() {
    let check = |what: &str, experiment: Experiment, injections: Vec<Injection>| {
        let played = rehearsed(experiment, injections, 0);
        let finding = played.finding("INV-BLAST").expect("it is judged");
        assert_eq!(
            played.verdict(finding),
            Verdict::Fail,
            "{what}: {finding:?}"
        );
        assert!(finding.slack.is_some_and(|slack| slack < 0.0), "{what}");
        let exceeded = first(&played.run, |event| {
            matches!(event, Event::BlastExceeded { .. })
        });
        let began = first(&played.run, |event| *event == Event::RollbackBegan);
        assert!(exceeded.is_some(), "{what}");
        assert_eq!(exceeded, began, "{what}: the rollback begins at once");
        let trail = coalmine::reports::audit_trail(&played.experiment, &played.run.history);
        let codes: Vec<_> = trail.iter().map(|row| row.event_code.as_str()).collect();
        assert!(codes.contains(&"RWG-003"), "{what}: {codes:?}");
    };
    // Six and three tenths of seven hosts are all seven of them where shares are rounded up.
    let mut small = written("wedge", "healthy");
    small.fleet.hosts = 7;
    check("rounding", small, Vec::new());
    let healthy = || written("wedge", "healthy");
    let twice = injection(
        "actuation.cmd_dup",
        r#"{"hosts": "5%"}"#,
        Some(inside_stage(3)),
    );
    check("in flight", healthy(), vec![twice]);
    let apart = r#"{"hosts": "8%", "overlap": "30s"}"#;
    let apart = injection("controller.split_brain", apart, Some(inside_stage(3)));
    check("partition", healthy(), vec![apart]);
}

/// How long users go on with the global strategy after the switch was thrown; none where they do so to
/// the end.
fn time_to_zero(run: &Run) -> Option<SimDuration> {
    let thrown = first(run, |event| {
        matches!(event, Event::StepBegan { step: 0, .. })
    })?;
    let zero = first(run, |event| *event == Event::KillEffective)?;
    Some(zero - thrown)
}

/// The times to zero of the rollouts that threw the switch, in order; a switch without effect is none.
fn times_to_zero(faults: &[(&str, &str)]) -> Vec<Option<SimDuration>> {
    let time = |replication| {
        let injections = faults
            .iter()
            .map(|(name, with)| injection(name, with, None));
        let base = written("optimize", "step-regression");
        let played = rehearsed(base, injections.collect(), replication);
        let step = |event: &Event| matches!(event, Event::StepBegan { step: 0, .. });
        first(&played.run, step).map(|_| time_to_zero(&played.run))
    };
    let mut times: Vec<_> = (0..60).filter_map(time).collect();
    times.sort();
    assert!(times.len() >= 55, "{} throws, seed {ROOT}", times.len());
    times
}

/// Acceptance row 20: a switch that is read at a restart takes 45 s in the middle; clients that keep what
/// they have loaded make it as much longer; one that nothing honours never takes effect.
#[test]
fn the_time_to_zero_traffic_is_that_of_the_restart_and_of_stale_clients_and_of_a_noop() {
    let median =
        |times: &[Option<SimDuration>]| times[times.len() / 2].map(SimDuration::as_secs_f64);
    let restart = times_to_zero(&[]);
    // The policy: lognormal of median 45 s and sigma 0.4. The median of 60 has a standard error of
    // 1.25 x 0.4 / sqrt(60) in logarithms; four of them are a factor of 1.3.
    // The step itself takes 30 s before.
    let middle = median(&restart).expect("it works") - 30.0;
    assert!(
        (45.0 / 1.3..45.0 * 1.3).contains(&middle),
        "{middle} s, seed {ROOT}"
    );
    let stale = times_to_zero(&[("defect.stale_clients", r#"{"by": {"constant": "2h"}}"#)]);
    for (stale, restart) in stale.iter().zip(&restart) {
        let more = stale.expect("it works") - restart.expect("it works");
        assert_eq!(
            more,
            SimDuration::from_hours(2),
            "the same draws, and two hours"
        );
    }
    let noop = times_to_zero(&[("defect.kill_switch_noop", "{}")]);
    assert!(noop.iter().all(Option::is_none), "it never takes effect");
}

/// Acceptance row 20, continued: the rehearsal of a switch without effect fails, by the library and by
/// the command.
#[test]
fn a_rehearsal_with_a_kill_switch_that_does_nothing_fails() {
    let noop = injection("defect.kill_switch_noop", "{}", None);
    let played = rehearsed(written("optimize", "step-regression"), vec![noop], 0);
    let finding = played.finding("INV-KILL").expect("it is judged");
    assert_eq!(played.confirmed, [true]);
    assert_eq!(played.verdict(finding), Verdict::Fail, "{finding:?}");
    let ran = coalmine(&[
        "run",
        "optimize",
        "--scenario",
        "kill-switch-noop",
        "--seed",
        "424242",
    ]);
    assert_eq!(ran.code, 99, "{ran:#?}");
    assert!(ran.out.contains("INV-KILL violated"), "{}", ran.out);
    // The code as it is needs no fault for it.
    let implemented = implemented("optimize", "step-regression");
    let run = runs(&implemented, 1).remove(0);
    let findings = check(&implemented, &run);
    assert_eq!(found(&findings, "INV-KILL").status, Status::Violated);
}

/// A leak of 8 MiB an hour on a fifth of the 20 hosts, with a canary of so many hosts.
fn leaky(hosts: u32) -> Experiment {
    let mut experiment = written("cutover", "leak");
    experiment.policy.stages[0].target = Share::from_ppm(hosts * 50_000).expect("a share");
    experiment.policy.stages[0].approval = None;
    let leak = &mut experiment.release[0];
    leak.hosts = Share::from_ppm(200_000);
    leak.course.ramp = SimDuration::from_hours(10);
    experiment.horizon = SimDuration::from_hours(26);
    experiment
}

/// The share of rollouts that a leak stops within the 24 h soak.
fn caught(experiment: &Experiment, count: u64) -> f64 {
    let left = |event: &Event| matches!(event, Event::Advanced { .. });
    let caught = runs(experiment, count)
        .iter()
        .filter(|run| run.outcome == Outcome::Paused && first(run, left).is_none())
        .count();
    caught as f64 / count as f64
}

/// How many of `n` hosts can be chosen in `k` ways.
fn ways(n: u64, k: u64) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// Acceptance row 22: a canary of one host sees a leak on four of 20 hosts in one case of five, one of k
/// hosts in 1 - C(16, k) / C(20, k).
#[test]
fn a_soak_of_more_hosts_finds_a_leak_that_one_host_may_not_have() {
    const RUNS: u64 = 400;
    for hosts in [1, 4, 8] {
        let exact = 1.0 - ways(16, hosts.into()) / ways(20, hosts.into());
        let share = caught(&leaky(hosts), RUNS);
        let error = (exact * (1.0 - exact) / RUNS as f64).sqrt();
        assert!(
            (share - exact).abs() < 4.0 * error + 0.01,
            "{hosts} hosts: {share} and not {exact}, seed {ROOT}"
        );
    }
}

/// Acceptance row 22, continued: a leak that shows after hours only is caught by the day of soak, never
/// in its first hours, and never by the half minutes of the code.
#[test]
fn a_leak_that_shows_after_hours_is_caught_by_a_day_and_not_by_minutes() {
    let day = written("cutover", "leak");
    let onset = SimTime::after(SimDuration::from_hours(4));
    let long = runs(&day, 60);
    let stopped = |run: &&Run| {
        let fired = first(run, |event| matches!(event, Event::Triggered { .. }));
        run.outcome == Outcome::Paused && fired.is_some_and(|at| at > onset)
    };
    let stopped = long.iter().filter(stopped).count();
    assert!(stopped >= 56, "{stopped} of 60, seed {ROOT}");
    // The code soaks for half a minute a stage, and never looks at memory.
    let through = runs(&implemented("cutover", "leak"), 60);
    let through = through
        .iter()
        .filter(|run| run.outcome == Outcome::Completed)
        .count();
    assert!(through >= 58, "{through} of 60 go through, seed {ROOT}");
}

/// What each profile does with a scenario of evidence.
fn evidence(scenario: &str, flaw: EvidenceFlaw, promise: &str) {
    let written = written("cutover", scenario);
    for run in runs(&written, 10) {
        let refused = run
            .history
            .iter()
            .any(|(_, event)| matches!(event, Event::Refused { flaw: seen, .. } if *seen == flaw));
        assert!(refused, "{scenario}: {flaw:?} is not green, seed {ROOT}");
        assert_ne!(run.outcome, Outcome::Completed, "{scenario}");
        let held = found(&check(&written, &run), promise).status;
        assert_eq!(held, Status::Holds, "{scenario}, seed {ROOT}");
    }
    let implemented = implemented("cutover", scenario);
    for run in runs(&implemented, 10) {
        assert_eq!(run.outcome, Outcome::Completed, "{scenario}: it is green");
        let findings = check(&implemented, &run);
        let broken = found(&findings, promise);
        assert_eq!(broken.status, Status::Violated, "{scenario}: {broken:?}");
        assert!(broken.detail.contains(&format!("{flaw:?}")), "{broken:?}");
    }
}

/// Acceptance row 25: a gate that ran no test, an old green file, one that begins with a byte-order mark
/// and one whose resident set is null are not green; the code takes each of them, and a promise says so.
#[test]
fn vacuous_stale_unreadable_and_null_evidence_is_not_green() {
    evidence("vacuous-evidence", EvidenceFlaw::Vacuous, "INV-PRE");
    evidence("stale-evidence", EvidenceFlaw::Stale, "INV-PRE");
    evidence("unreadable-evidence", EvidenceFlaw::Unparseable, "INV-PRE");
    evidence("null-rss-snapshot", EvidenceFlaw::Vacuous, "INV-PRE");
}
