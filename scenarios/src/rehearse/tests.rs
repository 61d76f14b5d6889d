//! Tests of moments and of their order.

use chaos::catalogue::Injection;
use sim_core::effect::{Anchor, Course, Standing, State};
use sim_core::engine::SimDuration;

use super::{Stages, injections};
use crate::fixtures::{self, POLICY, SCENARIO};
use crate::load;

/// The sound scenario with more at its end.
fn with(more: &str) -> String {
    format!("{SCENARIO}{more}")
}

fn placed(more: &str) -> Vec<Injection> {
    let policy = fixtures::policy(POLICY).value;
    let scenario = fixtures::scenario(&with(more)).value;
    let placed = injections(&scenario, Stages::Of(&policy)).expect(more);
    placed.into_iter().map(|(_, one)| one).collect()
}

/// Asserts that a file is refused with `code`, and that the caret stands under `at`.
#[track_caller]
fn refused(more: &str, code: &str, at: &str) {
    let text = with(more);
    let report = load::scenario("scenario.yaml", text.as_bytes()).expect_err(more);
    let found = &report.diagnostics[0];
    let span = found.span.clone().expect("it has a place");
    assert_eq!((found.code, &text[span]), (code, at), "{report}");
}

fn single(at: &str) -> String {
    format!("rehearse:\n  - id: it\n    fault: {{env.surge: {{}}}}\n    at: {at}\n")
}

const fn seconds(seconds: u64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

#[track_caller]
fn begins(at: &str, from: Anchor, after: u64) {
    let course = placed(&single(at))[0].course();
    assert_eq!((course.from, course.after), (from, seconds(after)), "{at}");
}

const fn state(is: State, stage: Option<u16>) -> Anchor {
    Anchor::State(Standing { is, stage })
}

#[test]
fn a_moment_has_three_forms() {
    begins("{time: 3h}", Anchor::Start, 10_800);
    begins(
        "{after: rollback-decided, delay: 10s}",
        Anchor::Rollback,
        10,
    );
    begins(
        "{after: rollback-decided, stage: half}",
        state(State::RollingBack, Some(1)),
        0,
    );
    begins(
        "{after: stage-entered, stage: half, delay: 1m}",
        Anchor::StageEntered(1),
        60,
    );
    begins(
        "{after: window-over, stage: canary}",
        Anchor::WindowOver(0),
        0,
    );
    begins("{when: state == paused}", Anchor::Paused, 0);
    begins(
        "{when: state == paused and stage == half, delay: 5s}",
        state(State::Paused, Some(1)),
        5,
    );
    begins("{when: stage == half}", Anchor::StageEntered(1), 0);
    begins(
        "{when: state == fallen_back}",
        state(State::FallenBack, None),
        0,
    );
}

#[test]
fn a_moment_as_cases_write_it_is_read_as_it_was() {
    begins(
        "{from: {stage-entered: 1}, after: 10m}",
        Anchor::StageEntered(1),
        600,
    );
    begins(
        "{from: {state: {is: paused, stage: 1}}, after: 0s}",
        state(State::Paused, Some(1)),
        0,
    );
    let course = Course {
        from: Anchor::Rollback,
        after: seconds(3),
        within: Some(seconds(10)),
        lasts: Some(seconds(60)),
        strength: 0.5,
        ..Course::default()
    };
    let written = serde_json::to_string(&super::StartCondition::from(course)).expect("plain data");
    assert_eq!(placed(&single(&written))[0].course(), course);
}

#[test]
fn what_is_no_moment_is_refused_where_it_stands() {
    refused(
        &single("{time: 3h, when: state == paused}"),
        "CM173",
        "{time: 3h, when: state == paused}",
    );
    refused(&single("{after: stage-entered}"), "CM173", "stage-entered");
    refused(&single("{stage: half}"), "CM173", "half");
    refused(&single("{time: 3h, delay: 4s}"), "CM173", "4s");
    refused(&single("{after: recovered, stage: half}"), "CM173", "half");
    refused(
        &single("{after: rollback-decidd}"),
        "CM031",
        "rollback-decidd",
    );
    refused(&single("{after: 10}"), "CM031", "10");
    refused(&single("{when: state == pausd}"), "CM174", "state == pausd");
    refused(&single("{time: 30d}"), "CM165", "at");
}

#[test]
fn a_stage_that_the_policy_does_not_have_is_refused_where_it_stands() {
    let (policy, world) = (fixtures::policy(POLICY), fixtures::world(fixtures::WORLD));
    for at in ["{after: paused, stage: hlf}", "{when: stage == hlf}"] {
        let scenario = fixtures::scenario(&with(&single(at)));
        let reports = load::experiment_of(&policy, &scenario, &world.value).expect_err(at);
        let text = reports[0].to_string();
        assert!(
            text.contains("CM102") && text.contains("did you mean `half`"),
            "{text}"
        );
    }
}

/// A fault of a method, as one line.
fn fault(id: &str, at: &str) -> String {
    format!("{{id: {id}, fault: {{env.surge: {{}}}}, at: {at}}}")
}

fn method(order: &str, at: &str, children: &[String]) -> String {
    let children = children.join(", ");
    format!("{{template-type: {order}, at: {at}, children: [{children}]}}")
}

#[track_caller]
fn check(method: &str, expect: &[(&str, Anchor, u64)]) {
    let placed = placed(&format!("method: {method}\n"));
    let found: Vec<_> = placed
        .iter()
        .map(|one| (one.id.as_str(), one.course().from, one.course().after))
        .collect();
    let expect: Vec<_> = expect
        .iter()
        .map(|(id, from, after)| (*id, *from, seconds(*after)))
        .collect();
    assert_eq!(found, expect, "{method}");
}

#[test]
fn a_serial_child_begins_when_the_one_before_has_ended() {
    let children = [
        fault("a", "{lasts: 20s}"),
        fault("b", "{lasts: 5s, delay: 1s}"),
        fault("c", "{}"),
    ];
    check(
        &method("Serial", "{after: rollback-decided, delay: 10s}", &children),
        &[
            ("a", Anchor::Rollback, 10),
            ("b", Anchor::Rollback, 31),
            ("c", Anchor::Rollback, 36),
        ],
    );
}

#[test]
fn orders_are_nested() {
    let side = method(
        "Parallel",
        "{delay: 2s}",
        &[fault("b", "{lasts: 5s}"), fault("c", "{lasts: 9s}")],
    );
    let children = [fault("a", "{lasts: 20s}"), side, fault("d", "{}")];
    check(
        &method("Serial", "{time: 1h}", &children),
        &[
            ("a", Anchor::Start, 3_600),
            ("b", Anchor::Start, 3_622),
            ("c", Anchor::Start, 3_622),
            ("d", Anchor::Start, 3_631),
        ],
    );
    let own = [fault("a", "{when: state == paused}"), fault("b", "{}")];
    check(
        &method("Parallel", "{time: 1h}", &own),
        &[("a", Anchor::Paused, 0), ("b", Anchor::Start, 3_600)],
    );
}

#[test]
fn what_has_no_place_in_an_order_is_refused_where_it_stands() {
    let refused = |method: &str, at: &str| refused(&format!("method: {method}\n"), "CM175", at);
    let endless = fault("a", "{strength: 0.5}");
    refused(
        &method("Serial", "{time: 1h}", &[endless.clone(), fault("b", "{}")]),
        &endless,
    );
    let drawn = fault("a", "{lasts: 1m, within: 10s}");
    refused(
        &method("Serial", "{time: 1h}", &[drawn.clone(), fault("b", "{}")]),
        &drawn,
    );
    let own = [fault("a", "{lasts: 1m}"), fault("b", "{time: 2h}")];
    refused(&method("Serial", "{time: 1h}", &own), "{time: 2h}");
    refused(&method("Serial", "{lasts: 1h}", &[endless]), "{lasts: 1h}");
    refused("{template-type: Serial}", "{template-type: Serial}");
    refused("{id: a}", "{id: a}");
    let late = [fault("a", "{lasts: 500w}"), fault("b", "{delay: 1000w}")];
    super::tests::refused(
        &format!("method: {}\n", method("Serial", "{time: 1000w}", &late)),
        "CM165",
        "at",
    );
    let twice = method("Parallel", "{}", &[fault("a", "{}"), fault("a", "{}")]);
    super::tests::refused(&format!("method: {twice}\n"), "CM101", "a");
}

#[test]
fn everything_heals_when_the_scenario_says_so() {
    let early = "rehearse:\n  - {id: a, fault: {env.surge: {}}}\n  \
                 - {id: b, fault: {env.surge: {}}, at: {time: 1h, until: 90m}}\n";
    let placed = placed(&format!("{early}heal-at: 2h\n"));
    let until: Vec<_> = placed.iter().map(|one| one.course().until).collect();
    assert_eq!(until, [Some(seconds(7_200)), Some(seconds(5_400))]);
    refused(&format!("{early}heal-at: 0s\n"), "CM165", "0s");
}

#[test]
fn a_scenario_makes_promises_of_its_own() {
    let (policy, world) = (fixtures::policy(POLICY), fixtures::world(fixtures::WORLD));
    let promise = |formula: &str| {
        let text = with(&format!(
            "promises:\n  - {{id: OWN, title: it ends, formula: {formula}}}\n"
        ));
        load::experiment_of(&policy, &fixtures::scenario(&text), &world.value)
    };
    let experiment = promise("eventually(ended)").expect("it means something");
    assert_eq!(
        experiment.policy.promises.len(),
        policy.value.promises.len() + 1
    );
    let reports = promise("eventually(endet)").expect_err("no such event");
    let text = reports[0].to_string();
    assert!(text.contains("CM169") && text.contains("endet"), "{text}");
}
