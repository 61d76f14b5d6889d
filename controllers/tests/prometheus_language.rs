//! What is read of PromQL, what is refused and where, and what is recognised.

use std::collections::BTreeMap;

use controllers::pattern::Pattern;
use controllers::prometheus::form::{Defaults, RuleFile};
use controllers::prometheus::group::{RecordingRule, Rule};
use controllers::prometheus::shape::{BurnRate, Grouping, Measure, Ratio, Shape, Threshold};
use controllers::prometheus::*;

#[test]
fn a_mistake_is_told_with_its_line_and_column() {
    // The text, the line, the column, whether Prometheus itself takes it, and a word of the message.
    let cases = [
        ("rate(x)", 1, 6, false, "window"),
        ("sum(rate(x[5m])", 1, 16, false, "`)`"),
        ("x >\n  ", 2, 3, false, "the end"),
        ("x > 1 and 5", 1, 7, false, "vectors"),
        ("1 > 0", 1, 3, false, "`bool`"),
        ("x + bool y", 1, 5, false, "`bool`"),
        ("{job=\"\"}", 1, 1, false, "condition"),
        ("x{a=b}", 1, 5, false, "quotes"),
        ("x{a=~\"(\"}", 1, 6, false, "regular expression"),
        ("rate(x[5m]) offset 5m", 1, 13, false, "`offset`"),
        ("sum(x)[5m]", 1, 1, false, "subquery"),
        ("nosuch(x)", 1, 1, false, "no function"),
        ("x[0s]", 1, 3, false, "greater than 0"),
        ("x[5]m", 1, 5, false, "found `m`"),
        ("rate(x[$__rate_interval])", 1, 8, false, "`$`"),
        ("ä > 1", 1, 1, false, "`ä`"),
        ("x ^ 2", 1, 3, true, "`^`"),
        ("topk(3, x)", 1, 1, true, "`topk`"),
        (
            "1 + label_replace(x, \"a\", \"b\", \"c\", \"d\")",
            1,
            5,
            true,
            "`label_replace`",
        ),
        ("x @ 5", 1, 3, true, "`@`"),
        ("rate(x[2m * 5])", 1, 11, true, "durations"),
        ("x offset step()", 1, 10, true, "durations"),
        ("x{a=~\"(?i)b\"}", 1, 6, true, "flags"),
        ("x > on(a) fill(0) y", 1, 11, true, "`fill`"),
        (
            "\n\n  x == 1 or day_of_week() > 5",
            3,
            13,
            true,
            "`day_of_week`",
        ),
    ];
    for (text, line, column, unsupported, word) in cases {
        let error = parse(text).expect_err(text);
        let seen = (error.line, error.column, error.unsupported);
        assert_eq!(seen, (line, column, unsupported), "{text}: {error}");
        assert!(error.message.contains(word), "{text}: {error}");
    }
}

#[test]
fn deep_nesting_is_refused_and_no_text_panics() {
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(parse(&deep).expect_err("too deep").message.contains("deep"));
    assert!(parse(&"-".repeat(100_000)).is_err());
    let text = "sum by (a) (rate(x{b=~\"c|d\", e!=\"ü\"}[5m:1m] offset -3m)) / on(a) group_left(f) 0x1F > bool 5m";
    for start in 0..text.len() {
        for end in start..=text.len() {
            if let Some(part) = text.get(start..end) {
                let _ = parse(part);
            }
        }
    }
}

#[test]
fn numbers_and_durations_are_read_as_prometheus_reads_them() {
    let cases = [
        ("0x1F", 31.0),
        ("1e-3", 0.001),
        ("1_000", 1000.0),
        (".5", 0.5),
        ("5m", 300.0),
        ("1h30m", 5400.0),
        ("250ms", 0.25),
        ("-Inf", f64::NEG_INFINITY),
        ("010", 8.0),
    ];
    for (text, expected) in cases {
        let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(shape::constant(&expr), Some(expected), "{text}");
    }
    for text in ["1m1h", "5x", "1__0", "m"] {
        let number = parse(text).ok().and_then(|expr| shape::constant(&expr));
        assert_eq!(number, None, "{text}");
    }
    for (text, millis) in [
        ("30d", "30d"),
        ("14d", "2w"),
        ("90s", "1m30s"),
        ("36h", "1d12h"),
    ] {
        let length = duration::read(text).expect(text);
        assert_eq!(duration::write(length), millis);
    }
}

#[test]
fn a_regular_expression_covers_the_whole_value() {
    let cases = [
        ("5..", "503", true),
        ("5..", "5031", false),
        ("5..|429", "429", true),
        ("2.*|3.*", "200", true),
        ("[^2-4]\\d{2}", "500", true),
        ("[^2-4]\\d{2}", "404", false),
        ("can(ary)?", "canary", true),
        ("/api/v[12]/.+", "/api/v2/x", true),
        ("/api/v[12]/.+", "/api/v3/x", false),
        ("(a+)+b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
        ("", "", true),
        (".+", "", false),
        ("a{2,3}", "aaa", true),
        ("a{2,3}", "aaaa", false),
        ("^x$", "x", true),
    ];
    for (regex, value, expected) in cases {
        let regex = Pattern::anchored(regex).unwrap_or_else(|error| panic!("{regex}: {error:?}"));
        assert_eq!(regex.matches(value), expected, "{regex:?} {value}");
    }
    for refused in ["(?i)a", "a(", "[a", "a**", "\\bx", "[[:alpha:]]"] {
        assert!(Pattern::anchored(refused).is_err(), "{refused}");
    }
}

fn shape(text: &str) -> Option<Shape> {
    Shape::of(&parse(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

#[test]
fn the_shapes_of_native_triggers_are_recognised() {
    let value = |text: &str| match shape(text) {
        Some(Shape::Threshold(Threshold { measure, is, limit })) => {
            Some((measure, is.symbol(), limit.value))
        }
        _ => None,
    };
    assert!(matches!(
        value("x{v=\"canary\"} > 0.05"),
        Some((Measure::Value(_), ">", 0.05))
    ));
    assert!(matches!(
        value("0.05 < x"),
        Some((Measure::Value(_), ">", 0.05))
    ));
    assert!(matches!(
        value("(x) >= -(2 * 3)"),
        Some((Measure::Value(_), ">=", -6.0))
    ));
    let mean = value("avg_over_time(x[2m]) > 0.03");
    assert!(matches!(
        mean,
        Some((Measure::Over(Function::AvgOverTime, _, 120_000), ">", 0.03))
    ));
    let ratio = value("sum(rate(e[10m])) / sum(rate(r[10m])) > 0.03").map(|seen| seen.0);
    let Some(Measure::Ratio(ratio)) = ratio else {
        panic!("{ratio:?}");
    };
    assert_eq!(
        (ratio.above.metric(), ratio.below.metric()),
        (Some("e"), Some("r"))
    );
    assert_eq!(
        (ratio.over, ratio.complement, ratio.group),
        (600_000, false, Grouping::Sum)
    );
    let good = value("1 - (sum(rate(g[5m])) / sum(rate(r[5m]))) > 0.01").map(|seen| seen.0);
    assert!(matches!(
        good,
        Some(Measure::Ratio(Ratio {
            complement: true,
            ..
        }))
    ));
    let slow = value("histogram_quantile(0.99, sum by (le, job) (rate(b[5m]))) > 0.5");
    let Some((Measure::Quantile { share, group, .. }, _, _)) = slow else {
        panic!("{slow:?}");
    };
    assert_eq!((share, group), (0.99, Grouping::By(vec!["job".into()])));
}

#[test]
fn m_of_n_and_burn_rates_are_recognised() {
    let counted = shape("count_over_time((x > 0.04)[75s:15s]) >= 3");
    let summed = shape("sum_over_time((x > bool 0.04)[75s:15s]) > 2");
    for found in [counted, summed] {
        let Some(Shape::MOfN {
            each,
            at_least,
            of,
            every,
        }) = found
        else {
            panic!("{found:?}");
        };
        assert_eq!(
            (at_least, of, every, each.limit.value),
            (3, 5, 15_000, 0.04)
        );
    }
    let text = "(sum(rate(e[1h])) / sum(rate(r[1h])) > (14.4 * 0.001)) and (sum(rate(e[5m])) / sum(rate(r[5m])) > (14.4 * 0.001))";
    let Some(Shape::BurnRate(BurnRate {
        ratio,
        short,
        is,
        limit,
    })) = shape(text)
    else {
        panic!("no burn rate");
    };
    assert_eq!((ratio.over, short, is), (3_600_000, 300_000, Op::Greater));
    assert_eq!(limit.product, Some((14.4, 0.001)));
    assert_eq!(limit.value, 14.4 * 0.001);
    // Another limit, another metric or another direction is no burn rate but two conditions.
    for other in ["> 0.01)", "< (14.4 * 0.001))"] {
        let both = text.replace(
            "(rate(r[5m])) > (14.4 * 0.001))",
            &format!("(rate(r[5m])) {other}"),
        );
        assert!(matches!(shape(&both), Some(Shape::All(_))), "{both}");
    }
}

#[test]
fn what_no_native_trigger_can_say_is_not_recognised() {
    for text in [
        "x > y",
        "absent(x)",
        "sum(rate(e[5m])) / sum(rate(r[10m])) > 0.01",
        "rate(e[5m]) / on(a) group_left rate(r[5m]) > 0.01",
        "count_over_time((x > 0.04)[75s:20s]) >= 3",
        "count_over_time((x > 0.04)[75s:15s]) <= 3",
        "x > 1 unless y",
        "x > bool 1",
        "deriv(x[5m]) > 0",
    ] {
        assert_eq!(shape(text), None, "{text}");
    }
}

#[test]
fn recording_rules_can_be_looked_through() {
    let rule = RecordingRule {
        record: "job:errors:ratio5m".into(),
        expr: parse("sum(rate(e[5m])) / sum(rate(r[5m]))").expect("it is right"),
        labels: BTreeMap::from([("window".into(), "5m".into())]),
    };
    let seen = |text: &str| {
        let expr = parse(text).expect("it is right");
        Shape::of(&inline(&expr, std::slice::from_ref(&rule)))
    };
    let ratio = |found| {
        matches!(
            found,
            Some(Shape::Threshold(Threshold {
                measure: Measure::Ratio(_),
                ..
            }))
        )
    };
    assert!(ratio(seen("job:errors:ratio5m > 0.01")));
    assert!(ratio(seen("job:errors:ratio5m{window=\"5m\"} > 0.01")));
    assert!(!ratio(seen("job:errors:ratio5m{window=\"1h\"} > 0.01")));
    assert!(!ratio(seen("job:errors:ratio5m offset 5m > 0.01")));
}

#[test]
fn a_file_of_rules_becomes_groups_and_each_mistake_is_told_with_its_path() {
    let file: RuleFile = serde_json::from_value(serde_json::json!({"groups": [
        {"name": "slo", "interval": "30s", "query_offset": "1m", "limit": 5, "labels": {"team": "a"}, "rules": [
            {"alert": "High", "expr": "x > 1", "for": "5m", "keep_firing_for": "1m", "labels": {"team": "b"}},
            {"record": "y", "expr": "x * 2"},
            {"alert": "Bad", "expr": "topk(1, x) > 2"},
            {"record": "z", "expr": "x", "for": "1m"},
            {"expr": "x"}]},
        {"name": "slo", "rules": []}]}))
    .expect("it is a file of rules");
    let (groups, errors) = file.groups("r.yml", Defaults::default());
    let Rule::Alert(high) = &groups[0].rules[0] else {
        panic!("the first rule alerts");
    };
    assert_eq!(
        (
            high.hold,
            high.keep_firing_for,
            high.labels["team"].as_str()
        ),
        (300_000, 60_000, "b")
    );
    assert_eq!(
        (
            groups[0].interval,
            groups[0].query_offset,
            groups[0].rules.len()
        ),
        (30_000, 60_000, 2)
    );
    assert_eq!((groups[1].interval, groups[1].limit), (60_000, 0));
    let told: Vec<_> = errors
        .iter()
        .map(|e| (e.path.as_str(), e.unsupported))
        .collect();
    let expected = [
        ("groups[0].rules[2].expr", true),
        ("groups[0].rules[3].for", false),
        ("groups[0].rules[4]", false),
        ("groups[1].name", false),
    ];
    assert_eq!(told, expected);
    for wrong in ["5", "1m1h", ""] {
        let value = serde_json::json!({"groups": [{"name": "g", "rules": [{"alert": "a", "expr": "x", "for": wrong}]}]});
        assert!(
            serde_json::from_value::<RuleFile>(value).is_err(),
            "{wrong:?}"
        );
    }
}

#[test]
fn what_an_expression_cannot_do_at_its_scrape_interval_is_found() {
    use controllers::prometheus::findings::{Finding, findings};
    let seen = |text: &str| -> Vec<_> {
        let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found = findings(&expr, 60_000).into_iter();
        found
            .map(|(span, finding)| (text[span].to_owned(), finding))
            .collect()
    };
    let starved = Finding::Starved(Function::Rate, 60_000);
    assert_eq!(
        seen("sum(rate(x[1m])) > 5"),
        [("rate(x[1m])".into(), starved)]
    );
    let narrow = Finding::Narrow(Function::Increase, 90_000);
    assert_eq!(
        seen("increase(x[90s]) > 5"),
        [("increase(x[90s])".into(), narrow)]
    );
    let ratio = "rate(a[5m]) / rate(b[5m])";
    assert_eq!(seen(&format!("{ratio} > 0.1")), []);
    assert_eq!(seen(&format!("{ratio} != 0"))[0].1, Finding::NanIsUnequal);
    assert_eq!(
        seen(&format!("0.01 > {ratio}"))[0].1,
        Finding::SilentWhenAbsent
    );
    assert_eq!(seen("avg_over_time(x[1m]) > 1"), []);
}
