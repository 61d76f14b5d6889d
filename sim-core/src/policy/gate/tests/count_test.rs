//! Gates whose windows take every request once.

use super::super::test::{Boundary, Sides};
use super::super::*;
use super::*;

const NONE: CountIncrement = CountIncrement {
    numerator: 0,
    denominator: 0,
};

fn gate(is: Relation, limit: Limit, window: Window) -> Gate {
    Gate {
        id: "gate".to_owned(),
        signal: "signal".to_owned(),
        measure: Measure::Ratio,
        population: Population::Canary,
        over: SimDuration::ZERO,
        breach: Comparison { is, limit },
        window,
        min_samples: 50,
        on: BadData::CLOSED,
        keep: Vec::new(),
        with: None,
        lasting: None,
        already_red: None,
        class: None,
    }
}

fn times(factor: f64) -> Limit {
    let of = Population::Control;
    Limit::Times { factor, of }
}

fn of(numerator: u64, denominator: u64) -> CountIncrement {
    CountIncrement {
        numerator,
        denominator,
    }
}

const SPRT: Window = Window::Sprt(SprtWindow {
    alternative: 0.03,
    alpha: 0.05,
    beta: 0.1,
});

#[test]
fn a_sequential_test_holds_until_it_accepts_and_then_watches() {
    let gate = gate(Relation::Above, Limit::Absolute(0.01), SPRT);
    let mut test = CountTest::new(&gate).unwrap();
    let mut say = |own| {
        test.observe(SimDuration::ZERO, own, NONE);
        test.judge(&gate)
    };
    assert_eq!(say(of(0, 49)), Judgement::Hold, "too few");
    assert_eq!(say(of(0, 61)), Judgement::Hold, "110 successes");
    assert_eq!(say(of(0, 1)), Judgement::Pass, "111 successes accept");
    assert_eq!(say(of(2, 2)), Judgement::Pass, "between the boundaries");
    assert_eq!(say(of(50, 50)), Judgement::Breach);
}

#[test]
fn a_share_of_successes_is_tested_by_its_failures() {
    let window = Window::Sprt(SprtWindow {
        alternative: 0.97,
        alpha: 0.05,
        beta: 0.1,
    });
    let gate = gate(Relation::Below, Limit::Absolute(0.99), window);
    let mut test = CountTest::new(&gate).unwrap();
    test.observe(SimDuration::ZERO, of(60, 66), NONE);
    assert_eq!(test.judge(&gate), Judgement::Breach, "six failures of 66");
    assert_eq!(test.reading().value, 60.0 / 66.0, "the signal's own ratio");
}

#[test]
fn too_few_samples_are_the_gates_own_decision_even_for_a_rejection() {
    let mut gate = gate(Relation::Above, Limit::Absolute(0.01), SPRT);
    gate.on.too_few = Judgement::Pass;
    let mut test = CountTest::new(&gate).unwrap();
    assert_eq!(test.judge(&gate), Judgement::Hold, "missing, not too few");
    test.observe(SimDuration::ZERO, of(10, 20), NONE);
    assert_eq!(test.judge(&gate), Judgement::Pass);
    test.observe(SimDuration::ZERO, of(0, 30), NONE);
    assert_eq!(
        test.judge(&gate),
        Judgement::Breach,
        "a rejection stays one"
    );
}

#[test]
fn tests_against_the_control_pass_until_they_reject() {
    let check = |window| {
        let gate = gate(Relation::Above, times(1.0), window);
        let mut test = CountTest::new(&gate).unwrap();
        let mut say = |own, reference| {
            test.observe(SimDuration::from_mins(60), own, reference);
            test.judge(&gate)
        };
        assert_eq!(
            say(of(10, 1_000), of(90, 9_000)),
            Judgement::Pass,
            "{window:?}"
        );
        assert_eq!(
            say(of(90, 1_000), of(90, 9_000)),
            Judgement::Breach,
            "{window:?}"
        );
    };
    check(Window::Msprt(MsprtWindow {
        alpha: 0.01,
        effect: 0.01,
    }));
    check(Window::ConditionalEProcess(ConditionalWindow {
        alpha: 0.01,
        least: 1.25,
        most: 10.0,
    }));
    check(Window::Bayes(BayesWindow {
        level: 0.99,
        failures: 1.0,
        successes: 1.0,
    }));
}

#[test]
fn planned_looks_come_at_their_time_and_the_last_one_ends_the_test() {
    let window = Window::GroupSequential(GroupSequentialWindow {
        looks: 2,
        over: SimDuration::from_mins(10),
        alpha: 0.01,
        sides: Sides::One,
        boundary: Boundary::Pocock,
    });
    let gate = gate(Relation::Above, times(1.0), window);
    let judged = |looks: &[(u64, u64)]| {
        let mut test = CountTest::new(&gate).unwrap();
        for (minute, failed) in looks {
            let elapsed = SimDuration::from_mins(*minute);
            test.observe(elapsed, of(*failed, 1_000), of(10, 1_000));
        }
        test.judge(&gate)
    };
    assert_eq!(
        judged(&[(4, 100)]),
        Judgement::Hold,
        "no look was planned yet"
    );
    assert_eq!(judged(&[(4, 100), (5, 10)]), Judgement::Breach);
    assert_eq!(
        judged(&[(5, 10), (9, 200)]),
        Judgement::Hold,
        "between looks"
    );
    assert_eq!(
        judged(&[(5, 10), (10, 10)]),
        Judgement::Pass,
        "the plan is over"
    );
    assert_eq!(
        judged(&[(12, 10), (13, 500)]),
        Judgement::Pass,
        "and stays so"
    );
}

/// A margin on successes: 97 % against 99 % is within "2 points below", 90 % is not.
#[test]
fn a_margin_below_the_controls_successes_is_one_above_its_failures() {
    let of_control = Limit::Plus {
        margin: -0.02,
        of: Population::Control,
    };
    let window = Window::Msprt(MsprtWindow {
        alpha: 0.01,
        effect: 0.02,
    });
    let gate = gate(Relation::Below, of_control, window);
    let judged = |succeeded| {
        let mut test = CountTest::new(&gate).unwrap();
        test.observe(SimDuration::ZERO, of(succeeded, 1_000), of(8_910, 9_000));
        test.judge(&gate)
    };
    assert_eq!(judged(970), Judgement::Pass);
    assert_eq!(judged(900), Judgement::Breach);
}
