//! What a race promises, over many races whose best candidate is known.

use scenarios::Verdict;
use sim_core::engine::Key;

use sim_core::policy::gate::test::normal_upper_quantile;

use super::choice::comparable;
use super::{
    Ended, Metric, Played, Race, RaceHooks, Record, Sample, Standing, Work, front, nearest, ranking,
};

const ROOT: u64 = 20_261_121;
const RACES: u64 = 300;

/// Candidates by the chance that they take a good release back, and their mean harm in minutes. The
/// constraint is 5 %: the first three break it, the fourth is the best, and the fifth is so near that it
/// need not be told from the best.
const CANDIDATES: [(f64, f64); 10] = [
    (0.30, 0.5),
    (0.12, 0.7),
    (0.08, 0.9),
    (0.03, 1.0),
    (0.02, 1.02),
    (0.01, 1.1),
    (0.01, 1.3),
    (0.00, 1.5),
    (0.00, 2.0),
    (0.10, 3.0),
];
const BEST: usize = 3;

/// One rollout of a world whose luck is the same for every candidate: the harm of a bad release is
/// exponential, a part of it common to all.
fn sample(race: u64, part: usize, replication: u64, candidate: usize) -> Sample {
    let key = Key::for_replication(ROOT + race, replication);
    let (chance, harm) = CANDIDATES[candidate];
    let mut common = key.draws(part as u32, u32::MAX, 0);
    let mut own = key.draws(part as u32, candidate as u32, 1);
    let exponential = |uniform: f64| -libm::log1p(-uniform);
    if part == 0 {
        return Sample {
            taken_back: Some(common.uniform() < chance),
            ..Sample::default()
        };
    }
    let luck = 0.7 * exponential(common.uniform()) + 0.3 * exponential(own.uniform());
    Sample {
        harm_min: Some(harm * luck),
        ..Sample::default()
    }
}

fn play(race: u64, work: &Work) -> Played {
    let of = |&candidate: &usize| {
        (work.replications.0..work.replications.1)
            .map(|replication| sample(race, work.part, replication, candidate))
            .collect()
    };
    Played {
        samples: work.candidates.iter().map(of).collect(),
        work: work.clone(),
    }
}

/// How the best stands at the end of a race, who wins it, and why it ended.
fn run(number: u64) -> (Standing, Option<usize>, Ended) {
    let constraints = ["false_rollback<=5%".parse().expect("well formed")];
    let releases = vec![Verdict::Good, Verdict::Bad];
    let last = CANDIDATES.len() - 1;
    let mut race = Race::new(CANDIDATES.len(), releases, &constraints, Metric::Harm, last);
    let ended = race.run(&RaceHooks {
        may: &|played, cost| played + cost <= 200_000,
        play: &|works| Some(works.iter().map(|work| play(number, work)).collect()),
        looked: &|_| {},
    });
    (race.standing[BEST], race.best(), ended)
}

#[test]
fn a_race_drops_the_best_at_most_as_often_as_it_says_and_still_decides() {
    let (mut dropped, mut missed, mut decided) = (0, 0, 0);
    for number in 0..RACES {
        let (best, winner, ended) = run(number);
        dropped += u64::from(best != Standing::Racing);
        missed += u64::from(winner != Some(BEST) && winner != Some(BEST + 1));
        decided += u64::from(ended == Ended::Decided);
    }
    println!(
        "root seed {ROOT}: of {RACES} races {dropped} dropped the best, {missed} chose a worse one, {decided} were decided"
    );
    let allowed = (super::ERROR * RACES as f64) as u64;
    assert!(dropped <= allowed, "the best was dropped {dropped} times");
    assert!(missed <= allowed, "a worse one was chosen {missed} times");
    assert!(decided > RACES / 4, "a race that never ends proves nothing");
}

/// Random problems whose best is known: so many candidates with one of some chances of a false rollback, of which
/// 5 % are allowed, and one of some harms. Candidates of the same harm tie to the bit.
const PROBLEMS: u64 = if cfg!(debug_assertions) { 60 } else { 400 };

fn problem(number: u64) -> Vec<(f64, f64)> {
    let draws = &mut Key::for_replication(ROOT, number).draws(7, 0, 0);
    let mut pick = |of: &[f64]| of[draws.below(of.len() as u64) as usize];
    let many = pick(&[4.0, 7.0, 12.0]) as usize;
    let one = |_| {
        let chance = pick(&[0.0, 0.002, 0.01, 0.03, 0.08, 0.2]);
        (chance, pick(&[1.0, 1.2, 1.6]))
    };
    (0..many).map(one).collect()
}

fn play_problem(number: u64, candidates: &[(f64, f64)], work: &Work) -> Played {
    let sample = |candidate: usize, replication: u64| {
        let key = Key::for_replication(ROOT ^ (number << 20), replication);
        let (chance, harm) = candidates[candidate];
        let mut draws = key.draws(work.part as u32, 0, 0);
        let uniform = draws.uniform();
        if work.part == 0 {
            let taken_back = Some(uniform < chance);
            return Sample {
                taken_back,
                duration_s: Some(if uniform < chance { 900.0 } else { 600.0 }),
                ..Sample::default()
            };
        }
        Sample {
            harm_min: Some(harm * -libm::log1p(-uniform)),
            missed: Some(false),
            ..Sample::default()
        }
    };
    let of = |&candidate: &usize| {
        let (first, end) = work.replications;
        (first..end)
            .map(|replication| sample(candidate, replication))
            .collect()
    };
    Played {
        samples: work.candidates.iter().map(of).collect(),
        work: work.clone(),
    }
}

#[test]
fn what_is_recommended_is_the_best_is_on_the_front_and_has_the_most_room_of_its_equals() {
    let constraints = ["false_rollback<=5%".parse().expect("well formed")];
    let (mut wrong, mut decided) = (0, 0);
    for number in 0..PROBLEMS {
        let candidates = problem(number);
        let releases = vec![Verdict::Good, Verdict::Bad];
        let mut race = Race::new(candidates.len(), releases, &constraints, Metric::Harm, 0);
        let ended = race.run(&RaceHooks {
            may: &|played, cost| played + cost <= 60_000,
            play: &|works| {
                let play = |work| play_problem(number, &candidates, work);
                Some(works.iter().map(play).collect())
            },
            looked: &|_| {},
        });
        let feasible = candidates.iter().filter(|(chance, _)| *chance <= 0.05);
        let least = feasible
            .map(|(_, harm)| *harm)
            .fold(f64::INFINITY, f64::min);
        let Some(&first) = ranking(&race, &Metric::FRONT).first() else {
            if least == f64::INFINITY {
                assert_eq!(ended, Ended::Infeasible, "problem {number}");
                let near = nearest(&race, &constraints).expect("there is a candidate");
                let of = |it: usize| candidates[it].0;
                let lowest = (0..candidates.len()).map(of).fold(1.0, f64::min);
                assert_eq!(of(near.candidate), lowest, "problem {number}: the nearest");
                decided += 1;
            }
            continue;
        };
        decided += 1;
        let (chance, harm) = candidates[first];
        wrong += u64::from(chance > 0.05 || harm > least);
        // What is certain, whatever the luck was.
        let among = comparable(&race, &Metric::FRONT, &[], Some(first));
        let front = front(&race.record, &Metric::FRONT, &among, &race.size);
        assert!(
            front.contains(&first),
            "problem {number}: {first} of {front:?}"
        );
        let equal = |it: &usize| candidates[*it].1 == harm && *it != 0 && first != 0;
        for other in race.contenders().into_iter().filter(equal) {
            assert!(
                !race.is_proven(other) || race.margin(other) <= race.margin(first),
                "problem {number}: {other} has more room than {first}"
            );
        }
    }
    println!("root seed {ROOT}: of {PROBLEMS} problems {decided} were decided, {wrong} wrongly");
    assert!(
        wrong as f64 <= super::ERROR * PROBLEMS as f64,
        "{wrong} are wrong"
    );
    assert!(decided > PROBLEMS * 3 / 4, "{decided} are decided");
}

/// Every interval that a search prints: one mean of harms, rare and large or not, one rate, one quantile.
#[test]
fn the_intervals_of_a_candidate_hold_the_truth_as_often_as_they_say() {
    const SETS: u64 = 200;
    const RUNS: u64 = 400;
    // The chance of a harm, which is lognormal with sigma 1 (its mean is exp(1/2)). That of the mean of rare
    // harms is counted over more sets in tests/it/coverage.rs.
    for (chance, least) in [(0.05, 93.0), (0.5, 93.0), (1.0, 93.0)] {
        let mut missed = [0_u64; 3];
        for set in 0..SETS {
            let sample = |replication: u64| {
                let key = Key::for_replication(ROOT + set, replication);
                let mut draws = key.draws(9, 0, 0);
                let hit = draws.uniform() < chance;
                let size = libm::exp(normal_upper_quantile(draws.uniform().max(1e-12)));
                Sample {
                    harm_min: Some(if hit { size } else { 0.0 }),
                    detection_s: Some(size),
                    missed: Some(hit),
                    ..Sample::default()
                }
            };
            let mut record = Record::new(vec![Verdict::Bad], 1);
            record.add(Played {
                work: Work {
                    part: 0,
                    candidates: vec![0],
                    replications: (0, RUNS),
                },
                samples: vec![(0..RUNS).map(sample).collect()],
            });
            let truths = [
                (Metric::Harm, chance * libm::exp(0.5)),
                (Metric::MissedRegression, chance),
                // The 95 % quantile of the normal law is 1.644854.
                (Metric::DetectionP95, libm::exp(1.644_854)),
            ];
            for ((metric, truth), missed) in truths.into_iter().zip(&mut missed) {
                let found = record.estimate(0, metric, RUNS).expect("it was played");
                *missed += u64::from(truth < found.low || found.high < truth);
            }
        }
        let covered = missed.map(|missed| 100.0 - 100.0 * missed as f64 / SETS as f64);
        println!(
            "chance {chance}, {SETS} sets from seed {ROOT}: mean, rate, quantile {covered:?} %"
        );
        let [mean, others @ ..] = covered;
        assert!(mean >= least, "chance {chance}: {mean}");
        assert!(
            others.iter().all(|it| *it >= 93.0),
            "chance {chance}: {others:?}"
        );
    }
}

#[test]
fn a_mean_of_nothing_but_equal_values_has_no_interval() {
    let sample = Sample {
        harm_min: Some(0.0),
        ..Sample::default()
    };
    let mut record = Record::new(vec![Verdict::Bad], 1);
    record.add(Played {
        work: Work {
            part: 0,
            candidates: vec![0],
            replications: (0, 300),
        },
        samples: vec![vec![sample; 300]],
    });
    let found = record
        .estimate(0, Metric::Harm, 300)
        .expect("it was played");
    assert_eq!((found.value, found.low), (0.0, 0.0));
    assert!(
        found.high.is_infinite(),
        "what was never seen may be any harm"
    );
}

mod equals {
    use scenarios::load;
    use sim_core::engine::SimDuration;
    use sim_core::policy::gate::{Limit, Sustain, SustainMode, Window};
    use sim_core::traffic::Arrivals;
    use sim_core::{Experiment, policy::Policy};

    use super::super::distinct;

    const POLICY: &str = include_str!("../../../tests/it/plain/policy.yaml");
    const WORLD: &str = include_str!("../../../tests/it/plain/world.yaml");
    const GOOD: &str = include_str!("../../../tests/it/plain/good.scenario.yaml");

    fn experiment() -> Experiment {
        let policy = load::policy("policy.yaml", POLICY.as_bytes())
            .expect("sound")
            .value;
        let world = load::world("world.yaml", WORLD.as_bytes())
            .expect("sound")
            .value;
        let scenario = load::scenario("good.yaml", GOOD.as_bytes())
            .expect("sound")
            .value;
        load::experiment(&policy, &scenario, &world).expect("they fit together")
    }

    /// The same policy with its gate number `at` changed.
    fn with(policy: &Policy, at: usize, change: impl Fn(&mut sim_core::policy::Gate)) -> Policy {
        let mut other = policy.clone();
        change(&mut other.gates[at]);
        other
    }

    #[test]
    fn limits_between_the_same_whole_numbers_are_one_where_the_requests_are_known() {
        let mut exact = experiment();
        exact.traffic.arrivals = Arrivals::Exact;
        exact.traffic.shape = Vec::new();
        exact.traffic.requests_per_second = 4.0;
        let place = exact
            .policy
            .gates
            .iter()
            .position(|gate| gate.id == "errors-high");
        let place = place.expect("the policy has it");
        let requests = 4.0 * exact.policy.gates[place].over.as_secs_f64();
        exact.policy.gates[place].min_samples = requests as u64;
        let limit = |limit: f64| {
            with(&exact.policy, place, |gate| {
                gate.breach.limit = Limit::Absolute(limit);
            })
        };
        // A quarter of a request more makes no difference where requests are whole; one more does.
        let policies = [10.0, 10.25, 11.0].map(|errors| limit(errors / requests));
        assert_eq!(
            distinct(&policies.clone().map(Into::into), &[&exact]),
            [0, 0, 2]
        );
        let mut random = exact.clone();
        random.traffic.arrivals = Arrivals::Poisson;
        assert_eq!(
            distinct(&policies.clone().map(Into::into), &[&random]),
            [0, 1, 2],
            "the number of requests is not known"
        );
    }

    #[test]
    fn a_breach_is_sustained_by_whole_evaluations() {
        let experiment = experiment();
        let every = experiment.policy.evaluate_every;
        let sustained = |nanos: u64| {
            with(&experiment.policy, 1, |gate| {
                gate.window = Window::Sustained(Sustain {
                    over: SimDuration::from_nanos(nanos),
                    mode: SustainMode::Every,
                });
            })
        };
        let nanos = every.as_nanos();
        let policies = [2 * nanos, 2 * nanos - 1, nanos + 1, 2 * nanos + 1].map(sustained);
        assert_eq!(
            distinct(&policies.clone().map(Into::into), &[&experiment]),
            [0, 0, 0, 3]
        );
    }

    #[test]
    fn a_gate_that_no_stage_looks_at_makes_no_difference() {
        let experiment = experiment();
        let mut spare = experiment.policy.clone();
        let mut gate = spare.gates[0].clone();
        gate.id = "nobody-asks".to_owned();
        spare.gates.push(gate);
        assert_eq!(
            distinct(
                &[experiment.policy.clone().into(), spare.into()],
                &[&experiment]
            ),
            [0, 0]
        );
    }
}
