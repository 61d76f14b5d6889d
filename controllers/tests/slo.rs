//! sloth 0.16 and OpenSLO: objectives as burn-rate triggers.

use controllers::openslo::{Document, Operator, Triggers, length, sloth_takes};
use controllers::prometheus::form::Defaults;
use controllers::prometheus::group::Rule;
use controllers::prometheus::shape::Shape;
use controllers::prometheus::{inline, parse};
use controllers::sloth::form::Spec;
use controllers::sloth::plan::{PERIOD, Severity, budget, burns, plan};
use controllers::sloth::rules::rules;
use serde_json::{Value, json};

const H: i64 = 3_600_000;

fn spec() -> Spec {
    serde_json::from_value(json!({
        "version": "prometheus/v1", "service": "myservice", "labels": {"owner": "myteam"},
        "slos": [{
            "name": "requests-availability", "objective": 99.9,
            "sli": {"events": {
                "error_query": "sum(rate(http_requests_total{job=\"myservice\",code=~\"(5..|429)\"}[{{.window}}]))",
                "total_query": "sum(rate(http_requests_total{job=\"myservice\"}[{{ .window }}]))"}},
            "alerting": {
                "name": "MyServiceHighErrorRate", "labels": {"category": "availability"},
                "page_alert": {"labels": {"severity": "pageteam"}},
                "ticket_alert": {"disable": true}}}]}))
    .expect("it is a spec")
}

#[test]
fn the_budget_of_999_permille_is_that_of_sloth_to_the_last_bit() {
    assert_eq!(budget(99.9), 0.000_999_999_999_999_943_2);
    let [quick, slow] = burns(Severity::Page, 99.9, PERIOD);
    assert_eq!((quick.long, quick.short, quick.factor), (H, H / 12, 14.4));
    assert_eq!((slow.long, slow.short, slow.factor), (6 * H, H / 2, 6.0));
    let [quick, slow] = burns(Severity::Ticket, 99.9, PERIOD);
    assert_eq!(
        (quick.long, quick.short, quick.factor),
        (24 * H, 2 * H, 3.0)
    );
    assert_eq!((slow.long, slow.short, slow.factor), (72 * H, 6 * H, 1.0));
    // Exactly 14.4 times the budget is above the limit of sloth and not above the true one.
    let exactly = 144.0 / 10_000.0;
    assert!(exactly > burns(Severity::Page, 99.9, PERIOD)[0].limit());
    assert!(exactly <= 14.4 * 0.001);
    let [quick, _] = burns(Severity::Page, 99.9, PERIOD / 30 * 28);
    assert_eq!(quick.factor, 13.44);
}

#[test]
fn the_rules_are_those_that_sloth_writes() {
    let file = rules(&spec(), PERIOD);
    let names: Vec<_> = file
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    let id = "myservice-requests-availability";
    assert_eq!(
        names,
        [
            format!("sloth-slo-sli-recordings-{id}"),
            format!("sloth-slo-alerts-{id}")
        ]
    );
    let records: Vec<_> = file.groups[0]
        .rules
        .iter()
        .map(|rule| rule.record.as_str())
        .collect();
    let expected = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"]
        .map(|w| format!("slo:sli_error:ratio_rate{w}"));
    assert_eq!(records, expected);
    // As printed by sloth 0.16.0 for this objective.
    let filter = "{sloth_id=\"myservice-requests-availability\", sloth_service=\"myservice\", sloth_slo=\"requests-availability\"}";
    let line = |window: &str, factor: &str| {
        format!(
            "    max(slo:sli_error:ratio_rate{window}{filter} > ({factor} * 0.0009999999999999432)) without (sloth_window)\n"
        )
    };
    let pair = |short, long, factor| {
        format!(
            "(\n{}    and\n{})\n",
            line(short, factor),
            line(long, factor)
        )
    };
    let alert = &file.groups[1].rules[0];
    assert_eq!(
        alert.expr,
        format!("{}or\n{}", pair("5m", "1h", "14.4"), pair("30m", "6h", "6"))
    );
    assert_eq!(alert.labels["sloth_severity"], "page");
    assert_eq!(file.groups[1].rules.len(), 1, "the ticket is disabled");
}

#[test]
fn the_alerts_of_sloth_are_recognised_through_their_recordings() {
    let file = rules(&spec(), PERIOD);
    let (groups, errors) = file.groups("slo.yml", Defaults::default());
    assert_eq!(errors, []);
    let records: Vec<_> = groups[0]
        .rules
        .iter()
        .filter_map(|rule| match rule {
            Rule::Record(record) => Some(record.clone()),
            Rule::Alert(_) => None,
        })
        .collect();
    // Each recording says its window in a label, by which the alert does not ask.
    let expr = parse(&file.groups[1].rules[0].expr).expect("it is PromQL");
    let Some(Shape::Any(options)) = Shape::of(&inline(&expr, &records)) else {
        panic!("no alternatives");
    };
    let burns: Vec<_> = options
        .iter()
        .map(|option| match option {
            Shape::BurnRate(burn) => (burn.ratio.over, burn.short, burn.limit.product),
            other => panic!("{other:?}"),
        })
        .collect();
    let product = |factor| Some((factor, 0.000_999_999_999_999_943_2));
    assert_eq!(
        burns,
        [(H, H / 12, product(14.4)), (6 * H, H / 2, product(6.0))]
    );
}

#[test]
fn what_is_wrong_with_a_spec_is_told_with_its_path() {
    let broken = |change: fn(&mut Spec)| {
        let mut spec = spec();
        change(&mut spec);
        let (plans, errors) = plan(&spec, PERIOD);
        assert_eq!(plans, []);
        errors
            .into_iter()
            .map(|e| (e.path, e.unsupported))
            .collect::<Vec<_>>()
    };
    let one = |path: &str, unsupported| vec![(format!("slos[0].{path}"), unsupported)];
    assert_eq!(
        broken(|s| s.slos[0].objective = 100.5),
        one("objective", false)
    );
    assert_eq!(broken(|s| s.slos[0].sli.events = None), one("sli", true));
    let query = "sli.events.total_query";
    let set = |spec: &mut Spec, text: &str| {
        spec.slos[0]
            .sli
            .events
            .as_mut()
            .expect("it is there")
            .total_query = text.into();
    };
    let with = |text: &str| {
        let mut spec = spec();
        set(&mut spec, text);
        plan(&spec, PERIOD).1
    };
    assert_eq!(with("sum(rate(x[5m]))")[0].path, format!("slos[0].{query}"));
    let outside = with("topk(1, rate(x[{{.window}}]))");
    assert_eq!(
        (
            outside[0].unsupported,
            outside[0].place.as_ref().map(|p| p.column)
        ),
        (true, Some(1))
    );
    let (plans, errors) = plan(&spec(), PERIOD);
    assert_eq!((plans.len(), errors.len()), (1, 0));
}

fn slo(policies: &Value) -> Value {
    json!({"apiVersion": "openslo/v1", "kind": "SLO", "metadata": {"name": "foo"}, "spec": {
        "service": "shop", "budgetingMethod": "Occurrences",
        "indicator": {"metadata": {"name": "i"}, "spec": {"ratioMetric": {}}},
        "objectives": [{"target": 0.98}], "alertPolicies": policies}})
}

fn condition(lookback: &str, op: &str) -> Value {
    json!({"apiVersion": "openslo/v1", "kind": "AlertCondition", "metadata": {"name": "fast"}, "spec": {
        "severity": "page",
        "condition": {"kind": "burnrate", "op": op, "threshold": 2, "lookbackWindow": lookback, "alertAfter": "5m"}}})
}

fn policy() -> Value {
    json!({"apiVersion": "openslo/v1", "kind": "AlertPolicy", "metadata": {"name": "p"}, "spec": {
        "alertWhenBreaching": true, "conditions": [{"conditionRef": "fast"}]}})
}

fn triggers(objects: &[Value]) -> Triggers {
    let read = |value| {
        Document::read(value)
            .expect("it is OpenSLO")
            .expect("it is right")
    };
    Triggers::of(&objects.iter().map(read).collect::<Vec<_>>())
}

#[test]
fn a_condition_of_openslo_is_a_burn_rate_over_a_window_for_a_time() {
    let uses = json!([{"alertPolicyRef": "p"}]);
    for (word, op) in [
        ("lt", Operator::Lt),
        ("lte", Operator::Lte),
        ("gt", Operator::Gt),
        ("gte", Operator::Gte),
    ] {
        let found = triggers(&[slo(&uses), policy(), condition("1h", word)]);
        assert_eq!(found.problems, []);
        let [trigger] = found.triggers.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(
            (trigger.op, trigger.threshold, trigger.lookback),
            (op, 2.0, H)
        );
        assert_eq!(
            (
                trigger.alert_after,
                trigger.slo.as_str(),
                trigger.condition.as_str()
            ),
            (H / 12, "foo", "fast")
        );
        assert_eq!(trigger.limit(), 2.0 * (1.0 - 0.98));
        assert!(trigger.breaching && !trigger.no_data);
    }
}

#[test]
fn a_window_of_zero_is_refused_though_the_sdk_takes_it() {
    let found = triggers(&[condition("0m", "gte")]);
    assert_eq!(found.problems[0].path, "spec.condition.lookbackWindow");
    assert!(found.problems[0].message.contains("longer than 0"));
    let found = triggers(&[
        slo(&json!([{"alertPolicyRef": "p"}])),
        policy(),
        condition("0m", "gte"),
    ]);
    assert_eq!((found.triggers.len(), found.problems.len()), (0, 1));
}

#[test]
fn what_is_missing_is_told_where_it_is_missing() {
    let lost = triggers(&[slo(&json!([{"alertPolicyRef": "q"}]))]);
    assert!(lost.problems[0].message.contains("no AlertPolicy `q`"));
    let mut bare = condition("1h", "gte");
    bare["spec"]["condition"] = json!({"kind": "burnrate"});
    let paths: Vec<_> = triggers(&[bare])
        .problems
        .into_iter()
        .map(|p| p.path)
        .collect();
    let expected = ["op", "threshold", "lookbackWindow"].map(|key| format!("spec.condition.{key}"));
    assert_eq!(paths, expected);
}

#[test]
fn durations_of_openslo_have_one_unit_and_no_seconds() {
    let day = 24 * H;
    let cases = [
        ("5m", H / 12),
        ("1h", H),
        ("2d", 2 * day),
        ("1w", 7 * day),
        ("1M", 30 * day),
        ("1Q", 90 * day),
        ("1Y", 365 * day),
        ("0m", 0),
    ];
    for (text, expected) in cases {
        assert_eq!(length(text), Some(expected), "{text}");
    }
    for text in ["30s", "1h30m", "m", "", "-1h", "+1h", "1.5h", "ä"] {
        assert_eq!(length(text), None, "{text}");
    }
}

#[test]
fn an_slo_of_v1alpha_triggers_nothing_and_says_so() {
    let alpha = json!({"apiVersion": "openslo/v1alpha", "kind": "SLO", "metadata": {"name": "a"}, "spec": {
        "service": "s", "budgetingMethod": "Occurrences", "timeWindows": [{"count": 30, "unit": "Day"}],
        "objectives": [{"target": 0.999, "ratioMetrics": {"good": {"query": "x"}, "total": {"query": "y"}}}]}});
    let found = triggers(&[alpha]);
    assert_eq!(found.triggers, []);
    assert!(
        found.problems[0].unsupported && found.problems[0].message.contains("triggers nothing")
    );
    assert!(sloth_takes("openslo/v1alpha") && !sloth_takes("openslo/v1"));
    let other = json!({"apiVersion": "openslo/v2alpha", "kind": "SLO"});
    assert!(Document::read(&other).expect("it is OpenSLO").is_err());
    assert_eq!(Document::read(&json!({"apiVersion": "v1"})), None);
}
