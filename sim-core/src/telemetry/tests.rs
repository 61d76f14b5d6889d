//! Movements against closed forms and against the histories that they are made of.

use std::sync::Arc;

use super::*;
use crate::engine::{Key, SimDuration, SimTime};
use crate::policy::gate::Population;

const SEED: u64 = 20_261_121;
const STEP: SimDuration = SimDuration::from_mins(5);

fn motion(noise: &Noise) -> Arc<Motion> {
    Arc::new(Motion::new(noise, None))
}

fn movement(motion: &Arc<Motion>, replication: u64, population: Population) -> Movement {
    let key = Key::for_replication(SEED, replication);
    Movement::new(Arc::clone(motion), key, 3, population)
}

/// The logarithm of the factor in each of the first `n` intervals of length `every`.
fn logs(movement: &mut Movement, every: SimDuration, n: u64) -> Vec<f64> {
    let at = |k| {
        let middle = SimTime::from_nanos(every.as_nanos() * k - every.as_nanos() / 2);
        libm::log(movement.at(k, middle).factor)
    };
    (1..=n).map(at).collect()
}

fn blocks(residuals: Vec<f64>, shared: f64) -> Noise {
    Noise {
        dependence: Some(Dependence::Blocks(Blocks {
            step: STEP,
            block: SimDuration::from_hours(2),
            shared,
            begins: None,
            residuals,
        })),
        ..Noise::default()
    }
}

#[test]
fn blocks_that_know_their_time_of_the_week_are_played_at_their_time_of_day() {
    // Three days from Tuesday 06:00: +1 from noon to midnight, -1 from midnight to noon.
    let hour = |i: u64| (6 + i / 12) % 24;
    let sign = |hour: u64| if hour >= 12 { 1.0 } else { -1.0 };
    let mut noise = blocks((0..3 * 288).map(|i| sign(hour(i))).collect(), 0.0);
    noise.link = Link::Identity;
    let Some(Dependence::Blocks(known)) = &mut noise.dependence else {
        panic!("these are blocks")
    };
    known.begins = Some(SimDuration::from_hours(30));
    let motion = Arc::new(Motion::new(&noise, Some(SimDuration::from_hours(49))));
    for replication in 0..20 {
        let mut moving = movement(&motion, replication, Population::Canary);
        for k in 1..=7 * 288_u64 {
            let middle = SimTime::from_nanos(STEP.as_nanos() * k - STEP.as_nanos() / 2);
            let summand = moving.at(k, middle).summand;
            // The rollout starts at one o'clock; half an hour beside noon and midnight is left out.
            let minute = (60 + 5 * k) % 720;
            if (40..680).contains(&minute) {
                let expect = sign((1 + 5 * k / 60) % 24);
                assert_eq!(summand, expect, "seed {SEED}, {replication}, {k}");
            }
        }
    }
}

fn process(memory: f64, slow: f64, shared: f64, innovations: Vec<f64>) -> Noise {
    Noise {
        dependence: Some(Dependence::Autoregressive(Autoregressive {
            step: STEP,
            memory,
            slow,
            shared,
            innovations,
        })),
        ..Noise::default()
    }
}

/// A skewed sample with the mean 0: many small values below and few large ones above.
fn innovations() -> Vec<f64> {
    (0..500)
        .map(|i| if i % 10 == 0 { 0.18 } else { -0.02 })
        .collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

#[test]
fn a_gaussian_movement_is_stationary_correlated_and_shared_as_declared() {
    let noise = Noise {
        shared: 0.3,
        memory: 0.8,
        ..Noise::default()
    };
    let motion = motion(&noise);
    let (mut sum, mut squares, mut products) = (0.0, 0.0, 0.0);
    let replications = 20_000;
    for replication in 0..replications {
        let of = |population| logs(&mut movement(&motion, replication, population), STEP, 10);
        let (canary, control) = (of(Population::Canary), of(Population::Control));
        assert_eq!(canary, control);
        let standard = |log: f64| (log + 0.045) / 0.3;
        let (ninth, tenth) = (standard(canary[8]), standard(canary[9]));
        (sum, squares, products) = (
            sum + tenth,
            squares + tenth * tenth,
            products + ninth * tenth,
        );
    }
    let n = replications as f64;
    // Standard errors: 1/sqrt(n) = 0.0071 for the mean, sqrt(2/n) = 0.01 for the variance.
    assert!((sum / n).abs() < 4.0 * 0.0071, "mean {}", sum / n);
    assert!((squares / n - 1.0).abs() < 4.0 * 0.01, "{}", squares / n);
    assert!((products / n - 0.8).abs() < 4.0 * 0.01, "{}", products / n);
}

#[test]
fn a_process_has_the_variance_and_the_autocorrelation_of_its_closed_form() {
    let (memory, slow) = (0.9, 0.6);
    let noise = process(memory, slow, 0.0, innovations());
    let theta = {
        let Some(Dependence::Autoregressive(process)) = &noise.dependence else {
            unreachable!("it was just made")
        };
        process.theta()
    };
    // Innovations: 0.1 * 0.18^2 + 0.9 * 0.02^2 = 0.0036. ARMA(1,1): variance s^2 (1 - 2 f t + t^2) / (1 - f^2).
    let variance = 0.0036 * (1.0 - 2.0 * memory * theta + theta * theta) / (1.0 - memory * memory);
    let motion = motion(&noise);
    let lags = [0, 1, 2, 5, 12];
    let mut products = [0.0; 5];
    let (mut sum, replications) = (0.0, 20_000);
    for replication in 0..replications {
        let series = logs(
            &mut movement(&motion, replication, Population::Canary),
            STEP,
            20,
        );
        // The mean of the logarithm is below zero, because that of the factor is one.
        for (product, lag) in products.iter_mut().zip(lags) {
            *product += series[19] * series[19 - lag];
        }
        sum += series[19];
    }
    let n = replications as f64;
    let centre = sum / n;
    for (product, lag) in products.into_iter().zip(lags) {
        let expect = match lag {
            0 => variance,
            lag => variance * slow * libm::pow(memory, lag as f64),
        };
        let found = product / n - centre * centre;
        // The standard error of a product of two values is at most sqrt(2 + kurtosis) of the variance.
        let error = 2.0 * variance / libm::sqrt(n);
        assert!(
            (found - expect).abs() < 4.0 * error,
            "seed {SEED}, lag {lag}: {found} against {expect}"
        );
    }
}

#[test]
fn every_movement_is_a_factor_whose_mean_over_time_is_one() {
    let season = Season {
        daily: vec![Harmonic { cos: 0.5, sin: 0.2 }],
        weekly: vec![Harmonic {
            cos: -0.3,
            sin: 0.0,
        }],
    };
    let history: Vec<f64> = (0..1000)
        .map(|i| libm::sin(f64::from(i) / 40.0).max(0.2))
        .collect();
    let models = [
        Noise {
            own: 0.3,
            memory: 0.5,
            ..Noise::default()
        },
        Noise {
            season,
            ..Noise::default()
        },
        blocks(history, 0.4),
        process(0.9, 0.5, 0.4, innovations()),
    ];
    for (number, noise) in models.iter().enumerate() {
        let motion = motion(noise);
        let factor = |replication| {
            let series = logs(
                &mut movement(&motion, replication, Population::Canary),
                STEP,
                7,
            );
            libm::exp(series[6])
        };
        let factors: Vec<f64> = (0..20_000).map(factor).collect();
        let centre = mean(factors.iter().copied());
        let variance = mean(factors.iter().map(|it| (it - centre) * (it - centre)));
        let error = libm::sqrt(variance / 20_000.0);
        assert!(
            (centre - 1.0).abs() < 4.0 * error,
            "seed {SEED}, {number}: {centre} +- {error}"
        );
    }
}

#[test]
fn a_summand_moves_a_gauge_around_zero() {
    let noise = Noise {
        link: Link::Identity,
        ..blocks(vec![-3.0, 5.0, 1.0], 1.0)
    };
    let mut movement = movement(&motion(&noise), 0, Population::Canary);
    for k in 1..=24 {
        let middle = SimTime::from_nanos(STEP.as_nanos() * k - STEP.as_nanos() / 2);
        let shift = movement.at(k, middle);
        assert!([-4.0, 4.0, 0.0].contains(&shift.summand), "{shift:?}");
        assert_eq!(shift.of(10.0), 10.0 + shift.summand);
    }
}

#[test]
fn populations_share_as_many_blocks_as_declared_and_each_follows_the_history() {
    let history: Vec<f64> = (0..997).map(|i| f64::from(i % 7) - 3.0).collect();
    for shared in [0.0, 0.3, 1.0] {
        let motion = motion(&blocks(history.clone(), shared));
        let (mut same, replications) = (0, 4_000);
        for replication in 0..replications {
            let of = |population| logs(&mut movement(&motion, replication, population), STEP, 1);
            same += u32::from(of(Population::Canary) == of(Population::Control));
        }
        // Two own blocks agree by chance in one of seven places.
        let expect = shared + (1.0 - shared) / 7.0;
        let found = f64::from(same) / replications as f64;
        let error = libm::sqrt(expect * (1.0 - expect) / replications as f64);
        assert!(
            (found - expect).abs() <= 4.0 * error,
            "seed {SEED}, {shared}: {found} against {expect}"
        );
    }
}

#[test]
fn inside_of_a_block_the_history_goes_on_step_by_step() {
    let history: Vec<f64> = (0..1_000).map(f64::from).map(|i| i / 1e3).collect();
    let mut movement = movement(&motion(&blocks(history, 0.5)), 0, Population::Canary);
    let series = logs(&mut movement, STEP, 24 * 50);
    let steps = |pair: &[f64]| (1e3 * (pair[1] - pair[0])).round();
    let breaks = series
        .windows(2)
        .filter(|pair| ![1.0, -999.0].contains(&steps(pair)));
    // Fifty blocks of 24 steps: a new place at each border, but for one in a thousand by chance.
    let breaks = breaks.count();
    assert!((48..=50).contains(&breaks), "seed {SEED}: {breaks}");
}

#[test]
fn block_borders_lie_anywhere_over_replications() {
    let history: Vec<f64> = (0..1_000).map(f64::from).map(|i| i / 1e3).collect();
    let motion = motion(&blocks(history, 0.0));
    let mut at = [0_u32; 24];
    for replication in 0..2_400 {
        let series = logs(
            &mut movement(&motion, replication, Population::Canary),
            STEP,
            25,
        );
        let broken = |place: &usize| {
            let step = (1e3 * (series[place + 1] - series[*place])).round();
            ![1.0, -999.0].contains(&step)
        };
        if let Some(place) = (0..24).find(broken) {
            at[place] += 1;
        }
    }
    // Each place is expected 100 times, with a standard deviation of 10.
    assert!(
        at.iter().all(|count| (55..=145).contains(count)),
        "seed {SEED}: {at:?}"
    );
}

#[test]
fn a_resampled_series_has_the_runs_of_its_history() {
    // A history with bursts: 6 breaches in a row out of every 60 steps, hence 1 in 10.
    let history: Vec<f64> = (0..6_000).map(|i| f64::from(i % 60 < 6)).collect();
    let motion = motion(&blocks(history, 0.0));
    let (mut breaches, mut triples, replications) = (0, 0, 400);
    let n = 288;
    for replication in 0..replications {
        let series = logs(
            &mut movement(&motion, replication, Population::Canary),
            STEP,
            n,
        );
        let high: Vec<bool> = series.iter().map(|log| *log > 0.5).collect();
        breaches += high.iter().filter(|it| **it).count();
        triples += high.windows(3).filter(|it| it.iter().all(|it| *it)).count();
    }
    let share = breaches as f64 / (n * replications) as f64;
    let runs = triples as f64 / ((n - 2) * replications) as f64;
    // Within the history 4 of 60 places begin three in a row. Two of 24 steps lie within two steps of a
    // block's end, where the third comes from elsewhere: 22/24 * 4/60, and for the others about
    // P(two high before the border) * 1/10 + P(one high) * P(two high after it), each over 24.
    let across = (5.0 / 60.0 * 0.1 + 0.1 * 5.0 / 60.0) / 24.0;
    let expect = 22.0 / 24.0 * 4.0 / 60.0 + across;
    assert!(
        (share - 0.1).abs() < 0.003,
        "seed {SEED}: {share} against 0.1"
    );
    assert!(
        (runs / expect - 1.0).abs() < 0.04,
        "seed {SEED}: {runs} against {expect}"
    );
}

#[test]
fn a_history_of_five_minutes_is_read_at_the_middle_of_any_interval() {
    let history: Vec<f64> = (0..1_000).map(f64::from).map(|i| i / 1e3).collect();
    let motion = motion(&blocks(history, 1.0));
    let fine = logs(
        &mut movement(&motion, 1, Population::Canary),
        SimDuration::from_secs(15),
        20 * 6,
    );
    let coarse = logs(
        &mut movement(&motion, 1, Population::Canary),
        SimDuration::from_mins(10),
        3,
    );
    // The middle of a ten-minute interval is the end of the 20th of 40 short ones: either neighbour
    // may hold it, unless the step ends just there.
    for (number, value) in coarse.iter().enumerate() {
        let end = number * 40 + 20;
        assert!(
            [fine[end - 1], fine[end]].contains(value),
            "interval {number}"
        );
    }
    // Twenty scrapes fall into each step.
    let changes = fine.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!((5..=6).contains(&changes), "{changes}");
}

#[test]
fn a_season_starts_when_the_rollout_does() {
    let season = Season {
        daily: vec![Harmonic { cos: 0.5, sin: 0.0 }],
        weekly: Vec::new(),
    };
    let noise = Noise {
        season: season.clone(),
        ..Noise::default()
    };
    let key = Key::for_replication(SEED, 0);
    let at_noon = Arc::new(Motion::new(&noise, Some(SimDuration::from_hours(12))));
    let mut movement = Movement::new(at_noon, key, 0, Population::Canary);
    let middle = SimTime::ZERO + SimDuration::from_hours(6);
    let expect = libm::exp(season.at(SimDuration::from_hours(18)) - season.centre(Link::Log));
    assert_eq!(movement.at(1, middle).factor, expect);
    // Where nobody says when, all signals of a replication start at the same time all the same.
    let anywhere = Arc::new(Motion::new(&noise, None));
    let factor = |signal, replication| {
        let key = Key::for_replication(SEED, replication);
        Movement::new(Arc::clone(&anywhere), key, signal, Population::Canary)
            .at(1, middle)
            .factor
    };
    assert_eq!(factor(0, 5), factor(1, 5));
    assert_ne!(factor(0, 5), factor(0, 6));
}

#[test]
fn strengths_of_zero_leave_the_level_as_it_was() {
    let harmonic = Harmonic { cos: 0.0, sin: 0.0 };
    let noise = Noise {
        memory: 0.9,
        season: Season {
            daily: vec![harmonic],
            weekly: vec![harmonic],
        },
        ..blocks(vec![0.0; 40], 0.5)
    };
    assert!(noise.is_still());
    let shift = movement(&motion(&noise), 0, Population::Canary).at(1, SimTime::from_nanos(1));
    assert_eq!((shift.factor, shift.summand), (1.0, 0.0));
}

#[test]
fn a_generated_series_has_the_moments_of_its_kind() {
    let key = Key::for_replication(SEED, 1);
    let check = |kind: SignalKind, exposure: f64, expect: f64, variance: f64| {
        let generator = Generator::new(&kind, &Noise::default(), None);
        let n = 20_000;
        let series = generator.series(key, STEP, vec![exposure; n]);
        let values: Vec<f64> = series.into_iter().map(|sample| sample.numerator).collect();
        let centre = mean(values.iter().copied());
        let spread = mean(values.iter().map(|it| (it - centre) * (it - centre)));
        let error = libm::sqrt(variance / n as f64);
        assert!((centre - expect).abs() < 4.0 * error, "{kind:?}: {centre}");
        // Far more than the standard error of a variance at these sizes, far less than over-dispersion.
        assert!((spread / variance - 1.0).abs() < 0.1, "{kind:?}: {spread}");
    };
    let ratio = |correlation| SignalKind::Ratio {
        base: 0.02,
        correlation,
        of: Counted::Requests,
        unheard: 0.0,
    };
    check(ratio(0.0), 1_000.0, 20.0, 19.6);
    // Beta-binomial: inflation 1 + (n - 1) rho.
    check(ratio(0.001), 1_000.0, 20.0, 19.6 * 1.999);
    let count = |size| SignalKind::Count {
        per_host_hour: 2.0,
        size,
    };
    check(count(None), 5.0, 10.0, 10.0);
    // NB2: mean + mean^2 / size.
    check(count(Some(4.0)), 5.0, 10.0, 10.0 + 25.0);
    let gauge = SignalKind::Gauge {
        base: 40.0,
        sd: 3.0,
    };
    check(gauge, 9.0, 360.0, 81.0);
}
