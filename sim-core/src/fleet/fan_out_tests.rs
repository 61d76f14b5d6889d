use super::*;
use crate::engine::Distribution;

fn update(parallel: Option<u32>, barrier: bool, takes: Distribution) -> Update {
    Update {
        parallel,
        barrier,
        takes,
        common: 0.0,
        fails: 0.0,
        timeout: SimDuration::ZERO,
        stragglers: None,
    }
}

fn draws(wave: u32) -> WaveDraws {
    WaveDraws {
        key: Key::for_replication(20_261_121, 0),
        purpose: 5,
        wave,
    }
}

fn seconds(n: u64) -> SimTime {
    SimTime::after(SimDuration::from_secs(n))
}

fn exponential(mean_s: u64) -> Distribution {
    Distribution::Exponential {
        mean: SimDuration::from_secs(mean_s),
    }
}

/// Plays hosts of a constant 10 s from second 100 on.
fn steady(hosts: u32, parallel: Option<u32>, barrier: bool) -> Wave {
    let ten = Distribution::Constant(SimDuration::from_secs(10));
    let update = update(parallel, barrier, ten);
    Wave::schedule(0..hosts, &update, seconds(100), 1.0, draws(0))
}

#[test]
fn a_wave_takes_as_many_rounds_as_its_workers_need() {
    #[track_caller]
    fn check(hosts: u32, parallel: Option<u32>, last: u64) {
        assert_eq!(steady(hosts, parallel, false).last(), Some(seconds(last)));
        assert_eq!(steady(hosts, parallel, true).last(), Some(seconds(last)));
    }
    check(7, None, 110);
    check(7, Some(7), 110);
    check(7, Some(100), 110);
    check(7, Some(3), 130);
    check(6, Some(3), 120);
    check(7, Some(1), 170);
    assert_eq!(steady(0, Some(3), false).last(), None);
}

#[test]
fn a_wave_counts_what_is_done_begun_and_untouched() {
    let wave = steady(7, Some(3), false);
    let check = |at: u64, done: u32, begun: u32, abort: (u32, u32, u32)| {
        let (finished, in_flight, untouched) = abort;
        assert_eq!(wave.done_by(seconds(at)), done, "done at {at}");
        assert_eq!(wave.started_by(seconds(at)), begun, "begun at {at}");
        let expect = Abort {
            finished,
            in_flight,
            untouched,
        };
        assert_eq!(wave.abort_at(seconds(at)), expect, "at {at}");
    };
    check(99, 0, 0, (0, 0, 7));
    check(100, 0, 3, (0, 0, 7));
    check(101, 0, 3, (0, 3, 4));
    check(110, 3, 6, (3, 0, 4));
    check(111, 3, 6, (3, 3, 1));
    check(130, 7, 7, (7, 0, 0));
}

#[test]
fn work_that_takes_no_time_is_done_at_once_and_never_in_flight() {
    let instant = update(Some(2), false, Distribution::Constant(SimDuration::ZERO));
    let wave = Wave::schedule(0..5, &instant, seconds(3), 1.0, draws(0));
    assert_eq!(wave.abort_at(seconds(3)).finished, 5);
    assert_eq!(wave.abort_at(seconds(2)).untouched, 5);
}

#[test]
fn the_time_of_a_host_depends_on_its_place_and_wave_alone() {
    let takes = |parallel, places: Range<u32>, wave| {
        let update = update(parallel, false, exponential(8));
        let wave = Wave::schedule(places, &update, SimTime::ZERO, 1.0, draws(wave));
        let ends = wave.finishes().iter().zip(wave.starts());
        ends.map(|(end, start)| *end - *start).collect::<Vec<_>>()
    };
    let all = takes(None, 0..100, 1);
    assert_eq!(all, takes(Some(7), 0..100, 1));
    assert_eq!(all[40..], takes(Some(3), 40..100, 1));
    assert_ne!(all, takes(None, 0..100, 2));
}

#[test]
fn a_failed_try_adds_the_timeout_and_stragglers_are_slower() {
    let ten = Distribution::Constant(SimDuration::from_secs(10));
    let mut slow = update(None, false, ten);
    slow.fails = 0.02;
    slow.timeout = SimDuration::from_secs(15);
    slow.stragglers = Some(Straggler {
        probability: 0.1,
        factor: 3.0,
    });
    let hosts = 100_000;
    let wave = Wave::schedule(0..hosts, &slow, SimTime::ZERO, 2.0, draws(9));
    let share = |secs: u64| {
        let at = seconds(secs);
        let hit = wave.finishes().iter().filter(|end| **end == at).count();
        hit as f64 / f64::from(hosts)
    };
    // Standard errors are below 0.001: the tolerance is four of them.
    for (secs, expect) in [(20, 0.882), (35, 0.018), (60, 0.098), (75, 0.002)] {
        let share = share(secs);
        assert!((share - expect).abs() < 0.004, "{secs} s: {share}");
    }
}

#[test]
fn a_common_factor_moves_all_hosts_of_a_wave_together() {
    let ten = Distribution::Constant(SimDuration::from_secs(10));
    let mut shared = update(None, false, ten);
    shared.common = 0.3;
    let length = |wave| {
        let wave = Wave::schedule(0..50, &shared, SimTime::ZERO, 1.0, draws(wave));
        assert_eq!(wave.done_by(wave.finishes()[0]), 50, "all end together");
        wave.last().expect("there are hosts").as_secs_f64()
    };
    let logs: Vec<f64> = (0..10_000)
        .map(|wave| libm::log(length(wave) / 10.0))
        .collect();
    let mean = logs.iter().sum::<f64>() / 1e4;
    let square = logs.iter().map(|log| log * log).sum::<f64>() / 1e4;
    // Four standard errors: of the mean 0.003, of the second moment 0.09 sqrt(2) / 100.
    assert!(mean.abs() < 0.012, "{mean}");
    assert!((square - 0.09).abs() < 0.0052, "{square}");
}

/// Sources: N exponential hosts over c workers take Erlang(N - c, c mu) and the largest of c more;
/// behind barriers, N / c times the mean of the largest of c.
#[test]
fn the_makespan_has_its_known_mean() {
    let harmonic: f64 = (1..=20).map(|n| 1.0 / f64::from(n)).sum();
    let trials = 20_000;
    let check = |barrier: bool, mean: f64, sd: f64| {
        let update = update(Some(20), barrier, exponential(8));
        let total: f64 = (0..trials)
            .map(|wave| {
                let wave = Wave::schedule(0..100, &update, SimTime::ZERO, 1.0, draws(wave));
                wave.last().expect("there are hosts").as_secs_f64()
            })
            .sum();
        let z = (total / f64::from(trials) - mean) / (sd / f64::from(trials).sqrt());
        assert!(z.abs() < 4.0, "barrier {barrier}: z = {z}");
    };
    check(false, 8.0 * (80.0 / 20.0 + harmonic), 10.721_681);
    check(true, 5.0 * 8.0 * harmonic, 22.600_271);
}
