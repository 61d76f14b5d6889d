//! What a search makes of a rollout is what a study makes of it, to the last bit.
//!
//! A search plays many candidates in one world and keeps no history; a study plays one and judges what it reads
//! there. Every shipped policy, in both profiles and in every scenario of its system, beside a nervous twin
//! that often acts before a regression begins.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use scenarios::{Verdict, files, library, load};
use sim_core::policy::gate::Limit;
use sim_core::policy::{Policy, Profile};
use sim_core::{Grid, Seed, Steering};

use super::{Evaluator, Part, Played, Sample, Work};
use crate::study::facts::Facts;
use crate::study::rate::Rate;
use crate::study::shards::{Hands, RoundPlayer};
use crate::study::{Case, judge};

const ROOT: u64 = 20_261_201;
const RUNS: u64 = 6;

/// The same policy with limits so low that good releases and early bad ones are often rolled back.
fn nervous(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    for gate in &mut policy.gates {
        if let Limit::Absolute(limit) = &mut gate.breach.limit {
            *limit *= 0.6;
        }
    }
    policy
}

/// What a study has of a rollout and a search has, too.
fn seen(facts: &Facts) -> BTreeMap<&'static str, String> {
    let rate = |rate: Rate| format!("{:?}", facts.rates.get(&rate));
    BTreeMap::from([
        ("false_rollback", rate(Rate::FalseRollback)),
        ("stalled_release", rate(Rate::StalledRelease)),
        ("missed_regression", rate(Rate::MissedRegression)),
        ("ended_before", rate(Rate::EndedBeforeRegression)),
        ("by_chance", rate(Rate::StoppedByChance)),
        ("within_deadline", rate(Rate::RollbackWithinDeadline)),
        ("within_blast", rate(Rate::BlastWithin)),
        ("detection", format!("{:?}", facts.detection_ms)),
        ("harm", format!("{:?}", facts.error_millimin)),
    ])
}

/// The same of a sample, in the words and units of a study.
fn sampled(sample: &Sample, part: &Part) -> BTreeMap<&'static str, String> {
    let rate = |rate: Option<bool>| format!("{:?}", rate.as_ref());
    let horizon = part.experiment.horizon.as_secs_f64();
    let millis = |s: f64| (s < horizon).then(|| (s * 1e9).round() as u64 / 1_000_000);
    let harm = sample.harm_min.map(|harm| (harm * 1e3).round() as u64);
    BTreeMap::from([
        ("false_rollback", rate(sample.taken_back)),
        ("stalled_release", rate(sample.stalled)),
        ("missed_regression", rate(sample.missed)),
        ("ended_before", rate(sample.ended_before)),
        ("by_chance", rate(sample.by_chance)),
        ("within_deadline", rate(sample.within_deadline)),
        ("within_blast", rate(sample.within_blast)),
        ("detection", format!("{:?}", sample.detection_s.map(millis))),
        ("harm", format!("{harm:?}")),
    ])
}

fn play(evaluator: &Evaluator, work: Work) -> Played {
    let hands = Hands {
        player: &RoundPlayer::here(),
        stop: &AtomicBool::new(false),
        done: &|_| {},
    };
    let played = evaluator.play(&[work], hands);
    played.expect("nobody stops it").remove(0)
}

#[test]
fn a_search_and_a_study_make_the_same_of_every_rollout() {
    let mut kinds = BTreeMap::new();
    for system in library::systems() {
        for profile in [Profile::AsWritten, Profile::AsImplemented] {
            let text = system.policy(profile).expect("both are shipped");
            let policy = load::policy("policy", text.as_bytes()).expect("sound");
            for (name, text) in system.scenarios {
                let scenario = load::scenario(name, text.as_bytes()).expect("sound");
                let world = files::world_of(&scenario, ".".as_ref()).expect("sound");
                let experiment = load::experiment_of(&policy, &scenario, &world).expect("fits");
                let expect = scenario.value.expect.get(&experiment.policy.profile);
                let part = Part {
                    name: (*name).to_owned(),
                    release: scenario.value.release.is,
                    expected: expect.map(|expect| expect.outcome),
                    experiment,
                };
                let policies = [policy.value.clone(), nervous(&policy.value)].map(Steering::from);
                let with = |policy: &Steering| part.experiment.steered_by(policy.clone());
                let experiments = policies.each_ref().map(with);
                let grid = Grid::common(&experiments.each_ref());
                let parts = vec![part.clone()];
                let evaluator = Evaluator::new(policies.to_vec(), parts, ROOT, 0);
                let work = Work {
                    part: 0,
                    candidates: vec![0, 1],
                    replications: (0, RUNS),
                };
                let played = play(&evaluator, work);
                for (member, experiment) in experiments.iter().enumerate() {
                    let case = Case::on(experiment, &scenario.value, &grid);
                    for replication in 0..RUNS {
                        let root = ROOT;
                        let run = case.plan.play(Seed { root, replication });
                        let facts = judge(&case, &run).facts;
                        let mut expect = seen(&facts);
                        if part.release == Verdict::Good {
                            // The harm of a good release is no figure of a search.
                            expect.insert("harm", "None".to_owned());
                        }
                        for rate in facts.rates.iter().filter(|(_, happened)| **happened) {
                            *kinds.entry(*rate.0).or_insert(0) += 1;
                        }
                        let place = format!(
                            "{} {profile:?} {name}, candidate {member}, root {ROOT}, replication {replication}",
                            system.name
                        );
                        let sample = &played.samples[member][replication as usize];
                        assert_eq!(sampled(sample, &part), expect, "{place}");
                    }
                }
            }
        }
    }
    for rate in [
        Rate::FalseRollback,
        Rate::MissedRegression,
        Rate::EndedBeforeRegression,
        Rate::StoppedByChance,
        Rate::StillExposed,
    ] {
        assert!(
            kinds.contains_key(&rate),
            "{rate:?} never happened: {kinds:?}"
        );
    }
}
