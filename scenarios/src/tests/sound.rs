//! Documents that are right.

use super::plan::{Action, Colour, GOOD, Plan};
use crate::{Document, read};
use sim_core::engine::{Share, SimDuration};

fn good(bytes: &[u8]) -> Document<Plan> {
    match read::<Plan>("good.yaml", bytes) {
        Ok(document) => document,
        Err(report) => panic!("{report}"),
    }
}

#[test]
fn a_good_plan_is_read_completely() {
    let document = good(GOOD.as_bytes());
    let plan = &document.value;
    assert_eq!(plan.name, "weekly");
    assert_eq!(plan.stages.len(), 2);
    assert_eq!(
        plan.stages[0].target,
        "1%".parse::<Share>().expect("it is right")
    );
    assert_eq!(
        plan.stages[1].target,
        "50%".parse::<Share>().expect("it is right")
    );
    assert_eq!(plan.stages[1].batch, Some(20));
    assert_eq!(plan.seed, u64::MAX);
    assert_eq!(plan.colour, Some(Colour::Amber));
    assert_eq!(plan.limits["error-rate"].at_most, 0.02);
    assert!(plan.dry_run);
    let ten_minutes: SimDuration = "10m".parse().expect("it is right");
    let notify = vec!["ops".to_owned(), "grün".to_owned()];
    assert_eq!(
        plan.action,
        Action::RollBack {
            within: ten_minutes,
            notify
        }
    );
}

#[test]
fn spans_lead_back_to_the_text() {
    let document = good(GOOD.as_bytes());
    let text = |span: Option<std::ops::Range<usize>>| span.map(|span| &document.source[span]);
    assert_eq!(text(document.spans.get("stages[1].hold")), Some("1h30m"));
    assert_eq!(
        text(document.spans.key("limits.error-rate.at-most")),
        Some("at-most")
    );
    assert_eq!(
        text(document.spans.get("action.roll-back.notify[1]")),
        Some("\"grün\"")
    );
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let plain = good(GOOD.as_bytes()).value;
    assert_eq!(good(format!("\u{FEFF}{GOOD}").as_bytes()).value, plain);
    assert_eq!(good(GOOD.replace('\n', "\r\n").as_bytes()).value, plain);
}

#[test]
fn json_is_read_as_well_with_any_indentation() {
    let json = r#"{"version": 1, "name": "j\u00e4h \ud83d\ude00 \/", "stages":
        [{"name": "a", "target": 1, "hold": "0"}], "action": {"wait": "5m"}, "notes": null}"#;
    let plan = good(json.as_bytes()).value;
    assert_eq!(plan.name, "jäh 😀 /");
    assert_eq!(
        plan.action,
        Action::Wait("5m".parse().expect("it is right"))
    );
    let tabs = "{\n\t\"version\":1,\n\t\"name\":\"t\",\n\t\"stages\":[\n\t\t{\n\t\t\t\"name\": \"a\",\
                \"target\":\"5%\",\"hold\":\"1m\"\n\t\t}\n\t]\n}\n";
    assert_eq!(good(tabs.as_bytes()).value.name, "t");
}

#[test]
fn anchors_aliases_and_merge_keys_copy_values() {
    let text = "version: 1\nname: &n weekly\nnotes: *n\nstages:\n  - &first\n    name: a\n    \
                target: 1%\n    hold: 1m\n  - <<: *first\n    name: b\n  - <<: [{hold: 2m}, *first]\n";
    let plan = good(text.as_bytes()).value;
    assert_eq!(plan.notes.as_deref(), Some("weekly"));
    assert_eq!(plan.stages[1].name, "b");
    assert_eq!(plan.stages[1].hold, plan.stages[0].hold);
    assert_eq!(plan.stages[2].hold, "2m".parse().expect("it is right"));
    assert_eq!(plan.stages[2].name, "a");
}

#[test]
fn tags_of_the_core_schema_and_quoted_numbers_are_text_where_they_say_so() {
    let text = "version: !!int '1'\nname: !!str 5\nstages: [{name: '7', target: 1, hold: 0}]\n";
    let plan = good(text.as_bytes()).value;
    assert_eq!(
        (plan.name.as_str(), plan.stages[0].name.as_str()),
        ("5", "7")
    );
}

#[test]
fn an_explicit_null_is_an_absent_option() {
    let text = "version: 1\nname: a\nstages: [{name: b, target: 1, hold: 0}]\nnotes:\nevery: ~\n";
    let plan = good(text.as_bytes()).value;
    assert_eq!((plan.notes, plan.every), (None, None));
}
