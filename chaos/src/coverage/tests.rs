//! Tests of coverage.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::Request;
use sim_core::{Event, History, Outcome};

use super::{Coverage, Map, Novelty, Situation, can_show, steps};
use crate::catalogue::ENTRIES;
use crate::catalogue::tests::ground::{Ground, rehearsal};
use crate::rehearsal::Rehearsal;

fn covered(rehearsals: &[Rehearsal]) -> Coverage {
    let mut coverage = Coverage::default();
    for rehearsal in rehearsals {
        let rehearsed = rehearsal.play().expect("it can happen");
        coverage.note(rehearsal, &rehearsed);
    }
    coverage
}

fn some() -> Vec<Rehearsal> {
    vec![
        rehearsal(Ground::Good, &["env.surge", "telemetry.nan"], 0),
        rehearsal(Ground::Bad, &["actuation.step_fails"], 1),
        rehearsal(Ground::Killed, &["env.surge"], 2),
    ]
}

#[test]
fn coverages_merge_in_any_order_to_what_one_would_have_seen() {
    let all = covered(&some());
    let parts: Vec<Coverage> = some().into_iter().map(|one| covered(&[one])).collect();
    let (mut forward, mut backward) = (Coverage::default(), Coverage::default());
    let news: u64 = parts.iter().map(|part| forward.merge(part)).sum();
    for part in parts.iter().rev() {
        backward.merge(part);
    }
    assert_eq!(forward, all);
    assert_eq!(backward, all);
    assert_eq!(news, all.covered());
    assert_eq!(
        forward.merge(&parts[0]),
        0,
        "nothing is new the second time"
    );
}

#[test]
fn a_coverage_comes_back_from_its_file_as_it_was() {
    let coverage = covered(&some());
    let text = serde_json::to_string(&coverage).unwrap();
    assert_eq!(serde_json::from_str::<Coverage>(&text).unwrap(), coverage);
}

#[test]
fn a_good_rollout_takes_the_way_forward_and_no_other() {
    let good = rehearsal(Ground::Good, &[], 0);
    let map = Map::of(&good.experiment);
    let summary = covered(&[good]).against(&map);
    let [transitions, cells, pairs, ..] = &summary.reaches;
    // Entered; two stages watched, asked about, answered and left; the last one, which has no control left
    // to compare with, watched.
    assert_eq!(
        transitions.reached,
        1 + 2 * 4 + 1,
        "{:?}",
        transitions.missing
    );
    assert_eq!(transitions.beyond, 0);
    assert_eq!((cells.reached, pairs.reached), (0, 0));
    assert!(
        transitions
            .missing
            .iter()
            .any(|name| name == "watching stage-1 -> rolling back")
    );
}

#[test]
fn what_a_rollout_does_beyond_its_policys_graph_is_counted_apart() {
    let promoted = rehearsal(Ground::Good, &["human.override_advance"], 0);
    let map = Map::of(&promoted.experiment);
    let summary = covered(&[promoted]).against(&map);
    assert!(summary.reaches[0].reached > 0);
    let fixed = rehearsal(Ground::Bad, &["human.fix_forward"], 0);
    let summary = covered(&[fixed]).against(&map);
    assert!(summary.reaches[0].beyond > 0, "no policy waits for a fix");
}

/// Every cell that is seen in some rehearsal of one fault is one that the map knows, apart from the
/// situation at the other end of its instant.
#[test]
fn a_fault_shows_only_where_it_can() {
    for entry in ENTRIES {
        let (ground, injection) = crate::catalogue::tests::ground::of(entry);
        let one = Rehearsal {
            injections: vec![injection],
            ..rehearsal(ground, &[], 0)
        };
        let rehearsed = one.play().expect("it can happen");
        let own = rehearsed.places[0];
        let experiment = &rehearsed.experiment;
        let mut effects = experiment.release.iter().chain(&experiment.faults);
        let change = &effects.nth(own).expect("it was numbered").change;
        let shown = steps(&rehearsed.run.history).find(|step| {
            matches!(step.event, Event::EffectShowed { effect } if usize::from(*effect) == own)
        });
        let step = shown.expect("every fault shows on its ground");
        let possible = [step.then, step.now]
            .iter()
            .any(|situation| can_show(&rehearsed.experiment, change, *situation));
        assert!(possible, "{}: {:?} {:?}", entry.name, step.then, step.now);
    }
}

#[test]
fn two_faults_are_a_pair_only_near_an_anchor_and_near_each_other() {
    let at = |mut one: Rehearsal, after: [u64; 2]| {
        for (injection, after) in one.injections.iter_mut().zip(after) {
            let mut course = injection.course();
            course.from = sim_core::effect::Anchor::StageEntered(1);
            course.after = SimDuration::from_secs(after);
            injection.at = Some(course);
        }
        let map = Map::of(&one.experiment);
        covered(&[one]).against(&map).reaches[2].reached
    };
    let two = || rehearsal(Ground::Good, &["env.surge", "telemetry.nan"], 0);
    assert_eq!(at(two(), [0, 10]), 1);
    assert_eq!(at(two(), [5, 5]), 2);
    assert_eq!(at(two(), [0, 11]), 0);
    assert_eq!(at(two(), [11, 12]), 0);
}

#[test]
fn situations_follow_from_what_happens() {
    let mut history = History::new();
    let mut at = 0;
    let mut tell = |event| {
        at += 1;
        history.push(SimTime::ZERO + SimDuration::from_secs(at), event);
    };
    let (operator, request) = (0, Request::Approval);
    tell(Event::Started);
    tell(Event::StageEntered {
        stage: 0,
        hosts: 1,
        attempt: 0,
    });
    tell(Event::ObservationBegan { stage: 0 });
    tell(Event::Asked { operator, request });
    tell(Event::RollbackBegan);
    tell(Event::Answered { operator, request });
    tell(Event::RollbackEnded { recovered: true });
    tell(Event::Ended {
        outcome: Outcome::RolledBack,
    });
    let now: Vec<Situation> = steps(&history).map(|step| step.now).collect();
    assert_eq!(
        now,
        [
            Situation::Before,
            Situation::Climbing(0),
            Situation::Watching(0),
            Situation::Asking(0),
            Situation::Retreating,
            Situation::Retreating,
            Situation::Owing,
            Situation::Over(Outcome::RolledBack),
        ]
    );
}

/// Good's estimate on a case by hand: ten runs, three ways, one of them taken once.
#[test]
fn the_missing_mass_is_the_share_of_runs_that_went_alone() {
    let novelty = Novelty {
        runs: 10,
        ways: 3,
        once: 1,
    };
    assert!((novelty.missing_mass() - 0.1).abs() < 1e-12);
    let many = Novelty {
        runs: 1_000_000,
        ways: 3,
        once: 0,
    };
    // (2 sqrt 2 + sqrt 3) sqrt(ln 60 / 1e6) = 4.5605 * 0.0020234.
    assert!(
        (many.upper_bound() - 0.009_228).abs() < 1e-5,
        "{}",
        many.upper_bound()
    );
}
