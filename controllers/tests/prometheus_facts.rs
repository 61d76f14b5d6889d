//! Where memory misleads: what Prometheus 3.16.0 and Alertmanager 0.35.0 were seen to do.

use std::collections::BTreeMap;

use controllers::prometheus::alert::{AlertState, AlertingRule, Alerts, Notice};
use controllers::prometheus::alertmanager::{Alertmanager, Route};
use controllers::prometheus::group::{Group, Rule, Running, Settings};
use controllers::prometheus::*;

const M: Millis = 60_000;

fn labels(name: &str) -> Labels {
    Labels::of([(NAME, name)])
}

/// A recording of one series, sampled at multiples of a step.
fn push(recording: &mut Recording, name: &str, samples: impl IntoIterator<Item = (Millis, f64)>) {
    for (at, value) in samples {
        recording.push(&labels(name), at, Reading::Value(value));
    }
}

fn value(text: &str, recording: &Recording, at: Millis) -> Option<f64> {
    let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let value = Engine::default()
        .evaluate(&expr, recording, at)
        .expect("the expression has a value");
    value.elements().first().map(|element| element.value)
}

fn rule(expr: &str, hold: Millis, keep_firing_for: Millis) -> AlertingRule {
    AlertingRule {
        alert: "A".into(),
        expr: parse(expr).expect("the expression is right"),
        hold,
        keep_firing_for,
        labels: BTreeMap::new(),
    }
}

fn group(rule: AlertingRule) -> Group {
    Group {
        file: "rules.yml".into(),
        name: "g".into(),
        interval: M,
        query_offset: 0,
        limit: 0,
        rules: vec![Rule::Alert(rule)],
    }
}

fn letter(running: &Running) -> char {
    match running.alerts(0).state() {
        AlertState::Inactive => '-',
        AlertState::Pending => 'p',
        AlertState::Firing => 'f',
    }
}

/// The states of a rule at every minute up to and with the last.
fn states(group: &Group, recording: &mut Recording, last: Millis) -> String {
    let mut running = Running::new(group, true);
    let mut states = String::new();
    for at in (0..=last).step_by(M as usize) {
        for outcome in running.evaluate(group, &Settings::default(), recording, at) {
            outcome.expect("the evaluation is right");
        }
        states.push(letter(&running));
    }
    states
}

#[test]
fn five_minutes_of_scrapes_a_minute_apart_are_5_samples_and_4_increments() {
    let mut recording = Recording::default();
    push(&mut recording, "x", (0..=20).map(|i| (i * M, i as f64)));
    assert_eq!(
        value("count_over_time(x[5m])", &recording, 10 * M),
        Some(5.0)
    );
    // 4 increments stretched by 300 / 240.
    assert_eq!(value("increase(x[5m])", &recording, 10 * M), Some(5.0));
    assert_eq!(
        value("increase(x[5m])", &recording, 10 * M + 7_000),
        Some(5.0)
    );
    assert_eq!(
        value("count_over_time(x[1m])", &recording, 10 * M),
        Some(1.0)
    );
}

#[test]
fn a_rate_over_one_minute_at_a_scrape_a_minute_never_has_a_value() {
    let mut recording = Recording::default();
    push(&mut recording, "x", (0..=60).map(|i| (i * M, i as f64)));
    for at in (0..60 * M).step_by(7_000) {
        assert_eq!(value("rate(x[1m])", &recording, at), None, "at {at}");
    }
}

#[test]
fn a_step_shows_one_evaluation_earlier_than_in_a_mean_of_five_minutes() {
    let mut recording = Recording::default();
    push(
        &mut recording,
        "total",
        (0..=60).map(|i| (i * M, 100.0 * i as f64)),
    );
    let errors = |i: i64| (i.min(20) + 6 * (i - 20).max(0)) as f64;
    push(
        &mut recording,
        "errors",
        (0..=60).map(|i| (i * M, errors(i))),
    );
    let first = |window: &str| {
        let ratio = format!("rate(errors[{window}]) / rate(total[{window}]) > 0.03");
        (20..30).find(|minute| value(&ratio, &recording, minute * M).is_some())
    };
    // Four increments: (2 * 1 + 2 * 6) / 4 = 3.5 % at 22 minutes; five are exactly 3 % then.
    assert_eq!((first("5m"), first("6m")), (Some(22), Some(23)));
}

#[test]
fn a_ratio_of_rates_rises_after_the_target_has_gone() {
    let mut recording = Recording::default();
    let end = 20 * M;
    let scrapes = || (0..=80).map(|i| (i, i * 15_000));
    push(
        &mut recording,
        "total",
        scrapes().map(|(i, t)| (t, 40.0 * i as f64)),
    );
    let errors = |i: i64| 1000.0 + 19.0 * (i - 76).max(0) as f64;
    push(
        &mut recording,
        "errors",
        scrapes().map(|(i, t)| (t, errors(i))),
    );
    let ratio = |at| value("rate(errors[5m]) / rate(total[5m])", &recording, at);
    // Four of nineteen increments hold errors, 19 of 40 each: 10 %.
    assert_eq!(ratio(end), Some(0.1));
    let later = ratio(end + 150_000).unwrap();
    assert!((0.2..0.22).contains(&later), "{later}");
    let last = ratio(end + 4 * M).unwrap();
    assert!((0.47..0.48).contains(&last), "{last}");
    assert_eq!(ratio(end + 285_000), None);
}

#[test]
fn a_counter_born_with_its_first_errors_loses_them() {
    let mut recording = Recording::default();
    push(&mut recording, "errors", [(10 * M, 50.0)]);
    assert_eq!(value("increase(errors[5m])", &recording, 10 * M), None);
    push(
        &mut recording,
        "errors",
        (1..=3).map(|i| ((10 + i) * M, 50.0 + i as f64)),
    );
    for (minute, expected) in [(11, 1.5), (12, 2.5), (13, 3.5)] {
        let seen = value("increase(errors[5m])", &recording, minute * M);
        assert_eq!(seen, Some(expected), "minute {minute}");
    }
}

#[test]
fn a_marker_ends_an_instant_value_and_no_window() {
    let mut recording = Recording::default();
    push(&mut recording, "x", (0..=4).map(|i| (i * M, 1.0)));
    recording.push(&labels("x"), 5 * M, Reading::Stale);
    assert_eq!(value("x", &recording, 4 * M + 59_000), Some(1.0));
    assert_eq!(value("x", &recording, 5 * M), None);
    assert_eq!(
        value("count_over_time(x[5m])", &recording, 5 * M),
        Some(4.0)
    );
    assert_eq!(
        value("count_over_time(x[5m])", &recording, 8 * M),
        Some(1.0)
    );
}

#[test]
fn an_instant_value_is_shown_for_less_than_five_minutes() {
    let mut recording = Recording::default();
    push(&mut recording, "x", [(0, 1.0)]);
    assert_eq!(value("x", &recording, 5 * M - 1), Some(1.0));
    assert_eq!(value("x", &recording, 5 * M), None);
}

#[test]
fn nan_is_in_no_relation_but_unequal() {
    let mut recording = Recording::default();
    push(&mut recording, "errors", (0..=10).map(|i| (i * M, 3.0)));
    push(&mut recording, "total", (0..=10).map(|i| (i * M, 9.0)));
    let ratio = "rate(errors[5m]) / rate(total[5m])";
    assert!(value(ratio, &recording, 9 * M).unwrap().is_nan());
    for silent in ["> 0", ">= 0", "<= 1", "< 1", "== 0"] {
        assert_eq!(
            value(&format!("{ratio} {silent}"), &recording, 9 * M),
            None,
            "{silent}"
        );
    }
    assert!(value(&format!("{ratio} != 0"), &recording, 9 * M).is_some());
}

#[test]
fn one_nan_silences_a_mean_for_its_whole_window_and_no_maximum() {
    let mut recording = Recording::default();
    let nan = |i: i64| if i == 10 { f64::NAN } else { 1.0 };
    push(&mut recording, "x", (0..=20).map(|i| (i * M, nan(i))));
    for minute in 10..15 {
        let mean = value("avg_over_time(x[5m]) > 0.5", &recording, minute * M);
        assert_eq!(mean, None, "minute {minute}");
        assert_eq!(
            value("max_over_time(x[5m])", &recording, minute * M),
            Some(1.0)
        );
    }
    assert_eq!(value("avg_over_time(x[5m])", &recording, 15 * M), Some(1.0));
}

#[test]
fn for_is_over_when_the_time_since_the_first_breach_is_not_less_and_one_good_value_restarts_it() {
    let mut recording = Recording::default();
    let bad = |i: i64| if i == 8 { 0.0 } else { 1.0 };
    push(&mut recording, "x", (5..=20).map(|i| (i * M, bad(i))));
    let seen = states(&group(rule("x > 0.5", 5 * M, 0)), &mut recording, 15 * M);
    assert_eq!(seen, "-----ppp-pppppff");
}

#[test]
fn a_value_equal_to_the_limit_is_no_breach() {
    let mut recording = Recording::default();
    push(&mut recording, "x", (0..=20).map(|i| (i * M, 0.5)));
    let seen = states(&group(rule("x > 0.5", 0, 0)), &mut recording, 20 * M);
    assert!(!seen.contains(['p', 'f']), "{seen}");
}

#[test]
fn keep_firing_for_counts_from_the_first_good_evaluation_and_keeps_no_pending_alert() {
    let mut recording = Recording::default();
    let bad = |i: i64| f64::from(u8::from(i == 1 || (4..8).contains(&i)));
    push(&mut recording, "x", (0..=20).map(|i| (i * M, bad(i))));
    let seen = states(
        &group(rule("x > 0.5", 2 * M, 3 * M)),
        &mut recording,
        13 * M,
    );
    assert_eq!(seen, "-p--ppfffff---");
}

#[test]
fn a_query_offset_delays_by_itself() {
    let mut recording = Recording::default();
    push(&mut recording, "x", (5..=20).map(|i| (i * M, 1.0)));
    let mut group = group(rule("x > 0.5", 5 * M, 0));
    group.query_offset = M;
    let seen = states(&group, &mut recording, 12 * M);
    assert_eq!(seen.find('f'), Some(11), "{seen}");
}

#[test]
fn editing_for_keeps_the_clock_and_a_longer_one_ends_firing_without_a_word() {
    let mut recording = Recording::default();
    push(&mut recording, "x", (0..=40).map(|i| (i * M, 1.0)));
    let settings = Settings::default();
    let first = group(rule("x > 0.5", 5 * M, 0));
    let run = |hold| group(rule("x > 0.5", hold, 0));
    let mut running = Running::new(&first, true);
    for at in 0..3 {
        running.evaluate(&first, &settings, &mut recording, at * M);
    }
    let shorter = run(M);
    let mut edited = running.reload(&first, &shorter);
    edited.evaluate(&shorter, &settings, &mut recording, 3 * M);
    assert_eq!(letter(&edited), 'f', "the clock has run for 3 minutes");
    let longer = run(10 * M);
    let mut edited = edited.reload(&shorter, &longer);
    for at in 4..14 {
        let notices = edited.evaluate(&longer, &settings, &mut recording, at * M);
        let told = notices[0].as_ref().unwrap().len();
        assert_eq!(
            (letter(&edited), told > 0),
            if at < 10 {
                ('p', false)
            } else {
                ('f', told > 0)
            }
        );
    }
}

/// When a rule fires, minutes after a restart at minute 20 of a server that had seen a breach for some minutes.
fn fires_after_restart(hold: Millis, pending: i64, down: i64) -> Option<i64> {
    let mut recording = Recording::default();
    let start = 20 - pending;
    push(&mut recording, "x", (start..=200).map(|i| (i * M, 1.0)));
    let group = group(rule("x > 0.5", hold, 0));
    let settings = Settings::default();
    let mut before = Running::new(&group, true);
    for at in 0..=20 {
        before.evaluate(&group, &settings, &mut recording, at * M);
    }
    let mut after = Running::new(&group, false);
    let up = 20 + down;
    (up..up + 40)
        .find(|at| {
            after.evaluate(&group, &settings, &mut recording, at * M);
            if *at == up + 1 {
                after.restore(&group, &settings, &recording, at * M);
            }
            letter(&after) == 'f'
        })
        .map(|at| at - up)
}

#[test]
fn a_restart_one_minute_before_a_rule_fires_costs_thirteen() {
    // `for` in minutes, pending, down, fires after the start.
    let cases = [
        (15, 14, 3, 11),
        (15, 6, 3, 11),
        (15, 2, 3, 14),
        (5, 4, 3, 5),
        (10, 5, 3, 11),
        // It had fired: pending for two evaluations, and fires with the third.
        (10, 12, 3, 2),
        // Longer than the outage tolerance: from zero.
        (15, 14, 61, 15),
    ];
    for (hold, pending, down, expected) in cases {
        let fires = fires_after_restart(hold * M, pending, down);
        assert_eq!(
            fires,
            Some(expected),
            "for {hold} m, {pending} m pending, {down} m down"
        );
    }
}

#[test]
fn more_alerts_than_the_limit_drop_all_of_them_and_the_clock_begins_anew() {
    let mut recording = Recording::default();
    for (host, from, to) in [("a", 0, 20), ("b", 5, 5)] {
        let labels = Labels::of([(NAME, "x"), ("host", host)]);
        for i in from..=to {
            recording.push(&labels, i * M, Reading::Value(1.0));
        }
        if host == "b" {
            recording.push(&labels, (to + 1) * M, Reading::Stale);
        }
    }
    let mut group = group(rule("x > 0.5", 3 * M, 0));
    group.limit = 1;
    let mut running = Running::new(&group, true);
    let mut seen = String::new();
    for at in 0..=9 {
        let outcome = running.evaluate(&group, &Settings::default(), &mut recording, at * M);
        assert_eq!(outcome[0].is_err(), at == 5, "minute {at}");
        seen.push(letter(&running));
    }
    assert_eq!(seen, "pppff-pppf");
}

#[test]
fn exactly_144_errors_of_10_000_page_at_sloth_and_not_at_a_budget_of_one_in_a_thousand() {
    let mut recording = Recording::default();
    push(&mut recording, "ratio", [(0, 144.0 / 10_000.0)]);
    assert!(value("ratio > (14.4 * 0.0009999999999999432)", &recording, 0).is_some());
    assert_eq!(value("ratio > 14.4 * 0.001", &recording, 0), None);
}

#[test]
fn a_sum_of_nothing_is_no_value_and_not_zero() {
    let recording = Recording::default();
    assert_eq!(value("sum(rate(x[5m]))", &recording, M), None);
    assert_eq!(value("sum(rate(x[5m])) < 0.01", &recording, M), None);
    assert_eq!(
        value("sum(rate(x[5m])) or vector(0)", &recording, M),
        Some(0.0)
    );
}

#[test]
fn a_quantile_interpolates_within_its_bucket() {
    let mut recording = Recording::default();
    for (le, count) in [("0.1", 50.0), ("0.5", 90.0), ("1", 98.0), ("+Inf", 100.0)] {
        let labels = Labels::of([(NAME, "lat_bucket"), ("le", le)]);
        recording.push(&labels, 0, Reading::Value(count));
    }
    let quantile = |share: &str| {
        value(
            &format!("histogram_quantile({share}, lat_bucket)"),
            &recording,
            0,
        )
    };
    assert_eq!(quantile("0.25"), Some(0.05));
    assert_eq!(quantile("0.7"), Some(0.1 + 0.4 * (20.0 / 40.0)));
    // The rank lies in the open bucket: its lower bound.
    assert_eq!(quantile("0.99"), Some(1.0));
    assert_eq!(quantile("1.5"), Some(f64::INFINITY));
}

#[test]
fn prometheus_tells_again_every_two_minutes_and_an_alert_holds_for_four() {
    let mut alerts = Alerts::default();
    let rule = rule("vector(1)", 0, 0);
    let mut told = Vec::new();
    for minute in 0..6 {
        let element = Element {
            labels: Labels::default(),
            value: 1.0,
        };
        alerts
            .step(&rule, minute * M, Ok(vec![element]), 0)
            .unwrap();
        for notice in alerts.notices(minute * M, M, M) {
            assert_eq!(notice.ends_at, (minute + 4) * M);
            told.push(minute);
        }
    }
    assert_eq!(told, [0, 2, 4]);
}

fn notice(name: &str, starts_at: Millis, ends_at: Millis) -> Notice {
    Notice {
        labels: Labels::of([("alertname", name)]),
        starts_at,
        ends_at,
    }
}

/// Plays notices `(at, notice)` and returns when messages leave, each with how many fire and how many are resolved.
fn messages(
    route: &Route,
    notices: &[(Millis, Notice)],
    until: Millis,
) -> Vec<(Millis, usize, usize)> {
    let mut manager = Alertmanager::default();
    let mut sent = Vec::new();
    for at in (0..=until).step_by(1000) {
        for (_, notice) in notices.iter().filter(|(when, _)| *when == at) {
            manager.receive(route, notice, at);
        }
        for message in manager.wake(route, at) {
            sent.push((at, message.firing.len(), message.resolved.len()));
        }
    }
    sent
}

#[test]
fn group_wait_counts_from_when_the_alert_began() {
    let route = Route::default();
    let far = 100 * M;
    let fresh = messages(&route, &[(0, notice("a", 0, far))], 2 * M);
    assert_eq!(fresh, [(30_000, 1, 0)]);
    // One that began a minute ago leaves at once, and the next of its group waits for the interval.
    let old = [(M, notice("a", 0, far)), (M + 1000, notice("b", 0, far))];
    assert_eq!(
        messages(&route, &old, 10 * M),
        [(M, 1, 0), (M + 300_000, 2, 0)]
    );
}

#[test]
fn an_alert_that_ends_and_begins_again_within_group_interval_is_told_of_neither() {
    let far = 100 * M;
    let notices = [
        (0, notice("a", 0, far)),
        (40_000, notice("a", 0, 40_000)),
        (50_000, notice("a", 50_000, far)),
    ];
    let sent = messages(&Route::default(), &notices, 60 * M);
    assert_eq!(sent, [(30_000, 1, 0)]);
}

#[test]
fn a_resolved_alert_is_told_at_the_groups_next_look() {
    let notices = [
        (0, notice("a", 0, 100 * M)),
        (60_000, notice("a", 0, 60_000)),
    ];
    let sent = messages(&Route::default(), &notices, 60 * M);
    assert_eq!(sent, [(30_000, 1, 0), (330_000, 0, 1)]);
}

#[test]
fn a_dead_prometheus_resolves_an_alert() {
    let sent = messages(&Route::default(), &[(0, notice("a", 0, 4 * M))], 60 * M);
    assert_eq!(sent, [(30_000, 1, 0), (330_000, 0, 1)]);
}

#[test]
fn an_empty_label_of_a_rule_takes_the_label_away_and_two_alerts_may_become_one() {
    let mut rule = rule("x", 0, 0);
    rule.labels.insert("host".into(), String::new());
    let element = |host: &str| Element {
        labels: Labels::of([(NAME, "x"), ("host", host)]),
        value: 1.0,
    };
    let mut alerts = Alerts::default();
    alerts.step(&rule, 0, Ok(vec![element("a")]), 0).unwrap();
    let seen: Vec<_> = alerts
        .iter()
        .map(|alert| alert.labels.to_string())
        .collect();
    assert_eq!(seen, ["{alertname=\"A\"}"]);
    let both = alerts.step(&rule, M, Ok(vec![element("a"), element("b")]), 0);
    assert!(
        both.is_err(),
        "two alerts with the same labels are an error"
    );
}

#[test]
fn a_value_in_a_label_makes_a_new_alert_each_time() {
    let mut rule = rule("x", 2 * M, 0);
    rule.labels
        .insert("at".into(), "{{ $value }} on {{ $labels.host }}".into());
    let mut alerts = Alerts::default();
    for minute in 0..9 {
        let element = Element {
            labels: Labels::of([(NAME, "x"), ("host", "a")]),
            value: minute as f64,
        };
        alerts
            .step(&rule, minute * M, Ok(vec![element]), 0)
            .unwrap();
        assert_eq!(alerts.state(), AlertState::Pending, "minute {minute}");
    }
}

#[test]
fn moving_a_file_moves_detection() {
    use controllers::prometheus::watch::Watch;
    let told = |file: &str| {
        let mut recording = Recording::default();
        push(
            &mut recording,
            "x",
            (0..=60).map(|i| (i * M, f64::from(u8::from(i >= 10)))),
        );
        let mut group = group(rule("x > 0.5", 2 * M, 0));
        (group.file, group.name) = (file.into(), "slo".into());
        let mut watch = Watch::load(group, Settings::default(), Route::default(), 0);
        loop {
            let at = watch.next();
            let woken = watch.wake(&mut recording, at);
            if !woken.messages.is_empty() {
                return at;
            }
        }
    };
    // The phases are 47.896 s and 18.914 s; two minutes of `for` and 30 s of `group_wait` follow.
    assert_eq!(
        told("/etc/prometheus/rules/slo.yml"),
        10 * M + 47_896 + 2 * M + 30_000
    );
    assert_eq!(
        told("/etc/prometheus/rules.yml"),
        10 * M + 18_914 + 2 * M + 30_000
    );
}

#[test]
fn a_restart_keeps_the_clock_of_for_by_what_was_written() {
    use controllers::prometheus::watch::Watch;
    let mut recording = Recording::default();
    push(&mut recording, "x", (0..=90).map(|i| (i * M, 1.0)));
    let group = group(rule("x > 0.5", 15 * M, 0));
    let mut watch = Watch::load(group, Settings::default(), Route::default(), 0);
    let first = watch.next();
    while watch.next() <= first + 14 * M {
        let at = watch.next();
        watch.wake(&mut recording, at);
    }
    // Fourteen minutes pending, three minutes down: it fires eleven minutes after the first evaluation.
    watch.restart(first + 17 * M - 1);
    let again = watch.next();
    assert_eq!(again, first + 17 * M);
    loop {
        let at = watch.next();
        watch.wake(&mut recording, at);
        if watch.running().alerts(0).state() == AlertState::Firing {
            assert_eq!(at, again + 11 * M);
            return;
        }
    }
}
