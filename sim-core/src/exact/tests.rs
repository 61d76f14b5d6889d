//! The recursion against closed forms, against every sequence that a tracker can see, and against draws.

use super::{Law, LookStage, NotExact, Odds, law};
use crate::engine::{Draws, Key, SimDuration, SimTime};
use crate::policy::Judgement;
use crate::policy::gate::{
    Comparison, Counting, CusumWindow, Firing, Limit, Reading, Relation, Sustain, SustainMode,
    Tracker, Window,
};

const MINUTE: SimDuration = SimDuration::from_mins(1);
const LIMIT: Comparison = Comparison {
    is: Relation::Above,
    limit: Limit::Absolute(0.5),
};

fn looks(looks: u32, breach: f64) -> LookStage {
    let odds = Odds::of_breach(breach);
    LookStage { looks, odds }
}

fn sustained(minutes: u64, mode: SustainMode) -> Window {
    let over = SimDuration::from_mins(minutes);
    Window::Sustained(Sustain { over, mode })
}

fn failures(failures: u32, of: u32) -> Window {
    Window::Count(Counting {
        failures: Some(failures),
        of: Some(of),
        ..Counting::default()
    })
}

#[track_caller]
fn close(found: f64, expect: f64, relative: f64) {
    let error = (found / expect - 1.0).abs();
    assert!(error < relative, "{found} is not {expect}: off by {error}");
}

fn power(base: f64, exponent: u32) -> f64 {
    (0..exponent).map(|_| base).product()
}

/// A. de Moivre, The Doctrine of Chances, 1738: the probability of a run of `k` in `n` trials.
fn de_moivre(p: f64, k: u32, n: u32) -> f64 {
    let q_pk = (1.0 - p) * power(p, k);
    let beta = |n: u32| {
        let choose =
            |n: u32, l: u32| (0..l).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
        let term = |l: u32| power(-q_pk, l) * choose(n - l * k, l);
        (0..=n / (k + 1)).map(term).sum::<f64>()
    };
    1.0 - (beta(n) - power(p, k) * beta(n - k))
}

fn binomial_tail(n: u32, p: f64, above: u32) -> f64 {
    let choose = |k: u32| (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
    let mass = |k: u32| choose(k) * power(p, k) * power(1.0 - p, n - k);
    (above + 1..=n).map(mass).sum()
}

#[test]
fn runs_are_those_of_de_moivre() {
    for (p, k, n) in [(0.2, 5, 288), (0.5, 3, 40), (0.05, 2, 1_000), (0.9, 10, 60)] {
        let law = law(Window::Consecutive(k), MINUTE, &[looks(n, p)]).unwrap();
        close(law.fired(), de_moivre(p, k, n), 1e-10);
        close(law.fired() + law.quiet(), 1.0, 1e-12);
    }
}

/// Counts of an analysis are binomial: the published figures of Argo Rollouts' rule, and its tail.
#[test]
fn a_failure_limit_is_a_binomial_tail() {
    for (n, most, p) in [(10, 2, 0.1), (60, 3, 0.05), (10, 0, 0.01), (60, 30, 0.01)] {
        let law = law(failures(most, n), MINUTE, &[looks(n, p)]).unwrap();
        close(law.fired(), binomial_tail(n, p, most), 1e-11);
    }
    let law = law(failures(2, 10), MINUTE, &[looks(10, 0.1)]).unwrap();
    close(law.fired(), 0.070_190_826_4, 1e-12);
    // The sum over looks of the probability of at most two failures before it.
    close(law.mean_looks_had(), 9.854_1, 1e-5);
}

/// The values are those of exact fractions.
#[test]
fn a_tail_is_as_accurate_as_a_half() {
    let fired = |window, stage| law(window, MINUTE, &[stage]).unwrap().fired();
    close(
        fired(failures(30, 60), looks(60, 0.01)),
        8.630_310_127_601_887e-46,
        1e-12,
    );
    close(fired(failures(19, 20), looks(20, 0.1)), 1e-20, 1e-12);
    close(
        fired(Window::Consecutive(10), looks(1_440, 0.01)),
        1.416_7e-17,
        1e-12,
    );
    let quiet = law(Window::Consecutive(10), MINUTE, &[looks(300, 0.9)])
        .unwrap()
        .quiet();
    close(quiet, 1.098_242_061_362_553_6e-11, 1e-11);
}

/// The discrete scan statistic: five of the last ten.
#[test]
fn breaches_among_the_last_few_are_a_scan_statistic() {
    let window = sustained(10, SustainMode::AtLeast(5));
    let law = law(window, MINUTE, &[looks(60, 0.1)]).unwrap();
    close(law.fired(), 0.031_264_923_120_340_626, 1e-12);
}

const JUDGEMENTS: [Judgement; 4] = [
    Judgement::Breach,
    Judgement::Pass,
    Judgement::Hold,
    Judgement::Error,
];

/// How the first end of a tracker's stages comes about: fired, errored, inconclusive, none.
fn first_end(
    window: Window,
    stages: &[LookStage],
    says: &mut dyn FnMut(usize) -> Judgement,
) -> usize {
    let mut tracker = Tracker::new(window, MINUTE);
    let mut look = 0;
    for stage in stages {
        if window.begins_with_the_stage() {
            tracker.reset();
        }
        let mut is_done = false;
        for _ in 0..stage.looks {
            let judgement = says(look);
            let now = SimTime::ZERO + SimDuration::from_mins(look as u64);
            look += 1;
            if is_done {
                continue;
            }
            match tracker.observe(now, judgement, (Reading::of(0.0, 1), None), &LIMIT) {
                Firing::Fired => return 0,
                Firing::Errored => return 1,
                Firing::Inconclusive => return 2,
                Firing::Done => is_done = true,
                Firing::Quiet => {}
            }
        }
    }
    3
}

fn windows() -> Vec<Window> {
    let count = |failures, inconclusive, errors_in_a_row, of| {
        Window::Count(Counting {
            failures,
            inconclusive,
            errors_in_a_row,
            of,
        })
    };
    vec![
        Window::Instant,
        Window::Consecutive(2),
        Window::Consecutive(3),
        sustained(0, SustainMode::Every),
        sustained(2, SustainMode::Every),
        sustained(3, SustainMode::Every),
        sustained(3, SustainMode::AtLeast(2)),
        sustained(4, SustainMode::AtLeast(2)),
        sustained(4, SustainMode::AtLeast(4)),
        count(Some(1), None, None, None),
        count(Some(1), None, None, Some(3)),
        count(Some(2), Some(1), Some(1), Some(4)),
        count(None, Some(0), None, Some(2)),
        count(None, None, Some(1), None),
    ]
}

/// Two stages that differ, with holds and errors.
fn two_stages() -> [LookStage; 2] {
    [
        LookStage {
            looks: 4,
            odds: Odds::of_breach(0.2).with_gaps(0.1, 0.15),
        },
        LookStage {
            looks: 3,
            odds: Odds::of_breach(0.7).with_gaps(0.2, 0.05),
        },
    ]
}

/// All 4^7 sequences, each with its probability.
#[test]
fn what_the_tracker_says_of_every_sequence_adds_up_to_the_law() {
    let stages = two_stages();
    let chance = |look: usize, judgement: Judgement| {
        let odds = stages[usize::from(look >= 4)].odds;
        odds.each()
            .find(|said| said.0 == judgement)
            .map_or(0.0, |said| said.1)
    };
    for window in windows() {
        let mut sums = [0.0; 4];
        for sequence in 0..4_usize.pow(7) {
            let said = |look: usize| JUDGEMENTS[sequence >> (2 * look) & 3];
            let weight: f64 = (0..7).map(|look| chance(look, said(look))).product();
            sums[first_end(window, &stages, &mut { said })] += weight;
        }
        let law = law(window, MINUTE, &stages).unwrap();
        let found = [law.fired(), law.errored(), law.inconclusive(), law.quiet()];
        for (found, sum) in found.into_iter().zip(sums) {
            assert!(
                (found - sum).abs() < 1e-12,
                "{window:?}: {found}, not {sum}"
            );
        }
    }
}

fn says(odds: Odds, draws: &mut Draws) -> Judgement {
    let mut left = draws.uniform();
    let mut each = odds.each();
    let said = each.find(|(_, chance)| {
        left -= chance;
        left < 0.0
    });
    said.map_or(Judgement::Pass, |said| said.0)
}

/// Longer stages than can be counted out, by draws: within four standard errors (seed 16).
#[test]
fn simulated_ends_are_within_four_standard_errors_of_the_law() {
    const TRIALS: u32 = 4_000;
    let odds = |breach| Odds::of_share(60, breach, |share| share > 0.02).with_gaps(0.02, 0.01);
    let stages = [
        LookStage {
            looks: 60,
            odds: odds(0.005),
        },
        LookStage {
            looks: 60,
            odds: odds(0.01),
        },
    ];
    for window in [
        Window::Consecutive(3),
        sustained(10, SustainMode::AtLeast(5)),
        sustained(2, SustainMode::Every),
        failures(12, 60),
    ] {
        let mut draws = Key::for_replication(16, 0).draws(1, 0, 0);
        let mut fired = 0;
        for _ in 0..TRIALS {
            let mut said = |look: usize| says(stages[look / 60].odds, &mut draws);
            fired += u32::from(first_end(window, &stages, &mut said) == 0);
        }
        let expect = law(window, MINUTE, &stages).unwrap().fired();
        let error = (expect * (1.0 - expect) / f64::from(TRIALS)).sqrt();
        let z = (f64::from(fired) / f64::from(TRIALS) - expect) / error;
        assert!(
            (0.02..0.98).contains(&expect),
            "{window:?} tells little: {expect}"
        );
        assert!(
            z.abs() < 4.0,
            "{window:?}: {fired} of {TRIALS}, not {expect}: z = {z}"
        );
    }
}

/// A gate of 60 requests at 0.1 % that asks for 99 %: the published 5.83 % a look, 45 % in ten.
#[test]
fn the_odds_of_a_share_are_those_of_the_binomial() {
    let odds = Odds::of_share(60, 0.001, |share| 1.0 - share < 0.99);
    close(odds.breach, 1.0 - power(0.999, 60), 1e-12);
    let law = law(failures(0, 10), MINUTE, &[LookStage { looks: 10, odds }]).unwrap();
    close(law.fired(), 1.0 - power(0.999, 600), 1e-12);
    let rare = Odds::of_share(1_000, 1e-4, |share| share >= 0.01);
    close(rare.breach, 2.407_453_789_798_335e-17, 1e-10);
}

#[test]
fn the_first_of_several_gates_is_what_two_instant_ones_make_of_one_look() {
    let one = |p| law(Window::Instant, MINUTE, &[looks(50, p)]).unwrap();
    let both = Law::first_of(&[one(0.01), one(0.02)]);
    let same = one(1.0 - 0.99 * 0.98);
    for look in 0..50 {
        close(both.fired_at(look), same.fired_at(look), 1e-12);
    }
    close(both.quiet(), same.quiet(), 1e-12);
    close(
        both.mean_looks().unwrap(),
        same.mean_looks().unwrap(),
        1e-12,
    );
}

#[test]
fn what_remembers_values_or_too_much_is_refused() {
    let refused = |window, odds| law(window, MINUTE, &[LookStage { looks: 1, odds }]).unwrap_err();
    let fair = Odds::of_breach(0.5);
    let charts = Window::Cusum(CusumWindow {
        slack: 0.5,
        limit: 4.0,
        unit: None,
    });
    assert_eq!(refused(charts, fair), NotExact::Window("cusum"));
    let mean = sustained(5, SustainMode::Mean);
    assert_eq!(refused(mean, fair), NotExact::Window("sustained"));
    let wide = sustained(60, SustainMode::AtLeast(20));
    assert!(matches!(refused(wide, fair), NotExact::TooManyMemories(_)));
    let odds = Odds { pass: 0.6, ..fair };
    assert_eq!(refused(Window::Instant, odds), NotExact::Odds);
}
