use super::super::LatencyPart;
use super::super::law::Shape;
use super::super::rank::{Walker, rank, ranked};
use super::super::side::{ROUNDING, between};
use super::super::tree::{Room, Tree};
use super::*;
use crate::engine::{Draws, Key};

const SEED: u64 = 20_261_201;

fn law(draws: &mut Draws) -> LatencyLaw {
    let part = |weight, median: f64, draws: &mut Draws| LatencyPart {
        weight,
        median: median * libm::exp(draws.uniform()),
        sigma: 0.05 + draws.uniform(),
    };
    let parts = [part(0.9, 40.0, draws), part(0.1, 300.0, draws)];
    LatencyLaw::new(&parts, 3_000.0, &[])
}

/// The latencies of a window: intervals of a handful of requests to a million, some of them slowed down.
fn window(key: Key, draws: &mut Draws) -> Vec<Tree> {
    let size = libm::exp(14.0 * draws.uniform());
    let tree = |k: u64| {
        let requests = draws.below(size as u64 + 1);
        let affected = [0.0, 0.2][draws.below(2) as usize];
        let shape = Shape::new(affected, 3.0, 0.9 + 0.2 * draws.uniform());
        Tree::new(Room::default(), key.draws(1, 0, k as u32), requests, shape)
    };
    (0..6).map(tree).collect()
}

fn exact(law: &LatencyLaw, trees: &mut [Tree], (q, total): (f64, f64)) -> f64 {
    let walkers = trees.iter_mut().filter(|tree| tree.total() > 0);
    let walkers = walkers.map(|tree| Walker::new(tree, 1.0)).collect();
    ranked(law, walkers, (q, total)).expect("there are requests")
}

/// Whether the quantile is at most the limit, as the counts say, if they can.
fn counted(
    law: &LatencyLaw,
    trees: &mut [Tree],
    (q, total): (f64, f64),
    (limit, rough): (f64, bool),
) -> Option<bool> {
    let mark = Mark::new(limit, q);
    let part = if rough { mark.rough } else { 0.0 };
    let count = |tree: &mut Tree| {
        let open = part * tree.total() as f64;
        upto(law, tree, mark.log, open as u64)
    };
    let counts: Vec<Upto> = trees.iter_mut().map(count).collect();
    let sum = |of: fn(&Upto) -> u64| counts.iter().map(of).sum::<u64>() as f64;
    let (least, most) = (sum(|upto| upto.least), sum(|upto| upto.most));
    let rank = rank(q, total);
    match () {
        () if least > rank + ROUNDING * total => Some(true),
        () if most < rank - ROUNDING * total => Some(false),
        () => None,
    }
}

/// The counts are asked before the search in one copy and after it in the other.
#[test]
fn counts_and_searches_put_a_quantile_on_the_same_side() {
    let (mut asked, mut told) = (0, 0);
    for round in 0..400 {
        let key = Key::for_replication(SEED, round);
        let mut draws = key.draws(0, 0, 0);
        let (law, mut trees) = (law(&mut draws), window(key, &mut draws));
        let total = trees.iter().map(Tree::total).sum::<u64>() as f64;
        let q = [0.5, 0.9, 0.95, 0.99, 0.999][draws.below(5) as usize];
        if total == 0.0 {
            continue;
        }
        let mut fresh = trees.clone();
        let value = exact(&law, &mut trees, (q, total));
        for factor in [
            1.0,
            1.0 - 1e-9,
            1.0 + 1e-9,
            0.999_99,
            1.000_01,
            0.9,
            1.1,
            0.5,
            3.0,
        ] {
            let limit = value * factor;
            let say = |rough, trees: &mut [Tree]| counted(&law, trees, (q, total), (limit, rough));
            let (roughly, says) = (say(true, &mut fresh), say(false, &mut fresh));
            let case = format!("seed {SEED} {round}: p{q} {value} against {limit} says {says:?}");
            assert_eq!(says, say(false, &mut trees), "{case}");
            for says in [roughly, says] {
                assert!(says.is_none_or(|below| below == (value <= limit)), "{case}");
            }
            // Nothing is slower than the time-out.
            let far = (factor - 1.0).abs() > 1e-6 && value < 2_999.0;
            asked += u32::from(far);
            told += u32::from(far && says.is_some());
        }
        assert_eq!(
            exact(&law, &mut fresh, (q, total)),
            value,
            "seed {SEED} {round}"
        );
    }
    // Where there are hardly any requests the share of all does not tell one latency from another.
    let most = asked - asked / 100;
    assert!(asked > 1_000 && told >= most, "{told} of {asked} told");
}

#[test]
fn limits_that_no_latency_comes_near_need_no_draw() {
    let mut draws = Key::for_replication(SEED, 0).draws(0, 0, 0);
    let law = law(&mut draws);
    let mut tree = Tree::new(Room::default(), draws, 1_000, Shape::new(0.0, 1.0, 1.0));
    let upto = |limit: f64, tree: &mut Tree| upto(&law, tree, Mark::new(limit, 0.5).log, 0);
    for (limit, count) in [
        (-1.0, 0),
        (0.0, 0),
        (3_001.0, 1_000),
        (f64::INFINITY, 1_000),
    ] {
        let Upto { least, most } = upto(limit, &mut tree);
        assert_eq!((least, most), (count, count), "{limit}");
    }
}

#[test]
fn a_value_lies_between_the_limits_that_it_stands_for() {
    for (above, below) in [
        (None, Some(800.0)),
        (Some(800.0), Some(801.0)),
        (Some(0.0), Some(0.1)),
        (Some(-3.0), None),
        (Some(800.0), None),
    ] {
        let value = between(above, below);
        assert!(above.is_none_or(|above| value > above), "{above:?} {value}");
        assert!(below.is_none_or(|below| value < below), "{below:?} {value}");
    }
}

/// Windows that end in any order, and intervals that are let go, change no count.
#[test]
fn counts_of_overlapping_windows_add_up() {
    let mut draws = Key::for_replication(SEED, 1).draws(0, 0, 0);
    let law = law(&mut draws);
    let each = |k: u64| {
        let draws = Key::for_replication(SEED, 2).draws(1, 0, k as u32);
        Latencies::new(
            &mut Vec::new(),
            &law,
            draws,
            (50 * k, Shape::new(0.0, 1.0, 1.0)),
        )
    };
    let all: Vec<Latencies> = (1..=200).map(each).collect();
    let exactly = (Mark::new(100.0, 0.5).log, 0.0);
    let alone = |from: u64, to: u64| {
        let mut range = all[from as usize..to as usize].to_vec();
        range
            .iter_mut()
            .map(|of| of.upto(&law, exactly).least)
            .sum::<u64>()
    };
    let (mut counts, mut kept, mut base) = (Counts::default(), all.clone(), 0);
    for (from, to) in [
        (9, 10),
        (0, 10),
        (9, 11),
        (5, 30),
        (60, 61),
        (50, 90),
        (89, 90),
        (100, 150),
    ] {
        let upto = counts.upto(&law, (&mut kept, base), exactly, Range { from, to });
        assert_eq!(upto.least, alone(from, to), "after {from} up to {to}");
        if to == 61 {
            (base, _) = (40, kept.drain(..40));
            counts.let_go(base);
        }
    }
}
