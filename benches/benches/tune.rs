//! Tuning against an exhaustive grid: how many rollouts each needs to find the best of 120 settings.
//!
//! The best is who has the least harm among those that keep the limit over all seeds together. The grid
//! needs the smallest number of replications with which every seed alone finds it; the race is given a
//! quarter of that, and has to find it with every seed.

use std::sync::atomic::AtomicBool;

use benches::goal::{Goals, SEED};
use benches::grid::{limit, question};
use coalmine::study::on_threads;
use coalmine::study::shards::{Hands, RoundPlayer};
use coalmine::study::tune::{Evaluator, Metric, Race, RaceHooks, Record, Work};

const SEEDS: u64 = 10;
/// The replications of the grid that are tried, the largest of which makes the truth.
const SIZES: [u64; 12] = [32, 50, 80, 125, 200, 320, 500, 800, 1250, 2000, 3200, 5000];

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

/// Everything played as often as the truth asks for.
fn uniform(seed: u64) -> Record {
    let question = question(seed);
    let evaluator = Evaluator::new(question.policies.clone(), question.search.clone(), seed, 0);
    let candidates: Vec<usize> = (0..question.policies.len()).collect();
    let largest = *SIZES.last().expect("there are sizes");
    let work = |part| Work {
        part,
        candidates: candidates.clone(),
        replications: (0, largest),
    };
    let mut record = Record::new(evaluator.releases(), candidates.len());
    let works: Vec<Work> = (0..question.search.len()).map(work).collect();
    let hands = Hands {
        player: &RoundPlayer::here(),
        stop: &never(),
        done: &|_| {},
    };
    let played = evaluator.play(&works, hands).expect("nobody stops it");
    played.into_iter().for_each(|played| record.add(played));
    record
}

/// Returns the setting with the least harm among those whose rate of false rollbacks is within the limit,
/// over several records together.
fn pick(records: &[&Record], runs: u64) -> usize {
    let mean = |candidate: usize, metric: Metric| {
        let values = records
            .iter()
            .map(|record| record.value(candidate, metric, runs).expect("played"));
        values.sum::<f64>() / records.len() as f64
    };
    let fits = |candidate: &usize| mean(*candidate, Metric::FalseRollback) <= limit().limit;
    let fitting = (0..120).filter(fits);
    let harm = |candidate: usize| mean(candidate, Metric::Harm);
    fitting
        .min_by(|&one, &other| harm(one).total_cmp(&harm(other)))
        .expect("some setting fits")
}

/// What the race picks with so many rollouts, and how many it plays.
fn race(seed: u64, budget: u64) -> (Option<usize>, u64) {
    let question = question(seed);
    let evaluator = Evaluator::new(question.policies.clone(), question.search.clone(), seed, 0);
    let constraints = [limit()];
    let mut race = Race::new(120, evaluator.releases(), &constraints, Metric::Harm, 0);
    let hands = Hands {
        player: &RoundPlayer::here(),
        stop: &never(),
        done: &|_| {},
    };
    race.run(&RaceHooks {
        may: &|played, cost| played + cost <= budget,
        play: &|works| evaluator.play(works, hands),
        looked: &|_| {},
    });
    (race.best(), race.rollouts)
}

#[expect(clippy::print_stderr, reason = "a bench talks to whoever runs it")]
fn compare() -> (u64, u64) {
    let seeds: Vec<u64> = (0..SEEDS).map(|seed| SEED + seed).collect();
    let records: Vec<Record> = seeds.iter().map(|&seed| uniform(seed)).collect();
    let all: Vec<&Record> = records.iter().collect();
    let truth = pick(&all, *SIZES.last().expect("there are sizes"));
    let finds = |runs: u64| {
        records
            .iter()
            .filter(|record| pick(&[record], runs) == truth)
            .count() as u64
    };
    let found: Vec<(u64, u64)> = SIZES
        .into_iter()
        .map(|runs| (runs * 240, finds(runs)))
        .collect();
    eprintln!(
        "the best is setting {truth}; of {SEEDS} seeds the grid finds it with (rollouts, seeds) {found:?}"
    );
    let needed = found
        .iter()
        .rev()
        .take_while(|(_, found)| *found == SEEDS)
        .last();
    let grid = needed.map_or(u64::MAX, |(rollouts, _)| *rollouts);
    let races: Vec<_> = seeds.iter().map(|&seed| race(seed, grid / 4)).collect();
    eprintln!(
        "with at most {} rollouts the race picks (setting, rollouts) {races:?}",
        grid / 4
    );
    let right = races
        .iter()
        .filter(|(best, _)| *best == Some(truth))
        .count() as u64;
    (grid, right)
}

fn main() {
    let mut goals = Goals::of("tune");
    let (grid, right) = on_threads(0, compare).expect("threads can be started");
    goals.times_at_least(
        &format!("seeds in which a quarter of {grid} rollouts suffice"),
        right as f64,
        SEEDS as f64,
    );
    goals.write();
}
