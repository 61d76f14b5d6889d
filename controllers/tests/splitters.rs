//! Recorded splits of proxies and feature flags: all are reproduced, and one that was changed is not.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails at its line")]

use controllers::splitters::flags::FlagRule;
use controllers::splitters::proxies::{DeclaredSplit, Model, model};
use controllers::splitters::rows::replay;
use controllers::splitters::series::PickSeries;
use serde_json::{Value, json};

const RECORDED: &str = include_str!("rows/splitters.json");

fn rows(of: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(RECORDED).unwrap();
    file[of].as_array().unwrap().clone()
}

fn called(row: &Value) -> String {
    let words = ["product", "algorithm", "scope", "config", "weights"];
    words.map(|word| row[word].to_string()).join(" ")
}

#[test]
fn recorded_splits_of_proxies_are_reproduced() {
    let rows = rows("proxies");
    assert!(rows.len() >= 60);
    for row in rows {
        assert_eq!(
            replay("splitter.proxy", &row),
            Some(Ok(())),
            "{}",
            called(&row)
        );
    }
}

#[test]
fn recorded_buckets_of_flags_are_reproduced() {
    let rows = rows("sdks");
    assert_eq!(rows.len(), 16);
    for row in rows {
        assert_eq!(
            replay("splitter.flag", &row),
            Some(Ok(())),
            "{}",
            called(&row)
        );
    }
}

#[test]
fn a_recorded_split_that_was_changed_in_one_place_is_not_reproduced() {
    for mut row in rows("proxies") {
        let random = row["first_200"].is_null();
        let by = if random { 1200 } else { 1 };
        let exact = row["unit"] != "requests" && !row["unit"].as_str().unwrap().ends_with("URLs");
        row["canary"] = json!(row["canary"].as_u64().unwrap() + by);
        row["share"] = json!(row["canary"].as_f64().unwrap() / row["n"].as_f64().unwrap());
        if random && !exact {
            assert!(
                replay("splitter.proxy", &row).unwrap().is_err(),
                "{}",
                called(&row)
            );
        } else {
            let said = replay("splitter.proxy", &row).unwrap().unwrap_err();
            assert!(said.starts_with("canary:"), "{}: {said}", called(&row));
        }
    }
    for mut row in rows("sdks") {
        let percent = row["rows"][0][2].clone();
        row["rows"][0][2] = if percent == json!(50) {
            Value::Null
        } else {
            json!(50)
        };
        assert!(
            replay("splitter.flag", &row).unwrap().is_err(),
            "{}",
            called(&row)
        );
    }
}

#[test]
fn a_key_that_no_row_has_and_an_algorithm_that_nobody_knows_are_not_passed_over() {
    let mut row = rows("proxies").swap_remove(0);
    row["wieght"] = json!(1);
    assert!(replay("splitter.proxy", &row).unwrap().is_err());
    let mut row = rows("proxies").swap_remove(0);
    row["algorithm"] = json!("fortune");
    assert!(replay("splitter.proxy", &row).unwrap().is_err());
    assert_eq!(replay("flagger", &row), None);
}

/// By hand. HAProxy's map gives each server its share of the sum and begins with the first; its round robin picks a
/// server once in sum over weight requests; nginx picks the canary of w to 1 in the middle, at (w + 1) / 2 + 1; of equal
/// deadlines Traefik takes the server that has waited.
#[test]
fn turns_of_weights_that_nobody_recorded_are_those_of_the_rule() {
    let cases = [
        (
            "nginx",
            "round robin (default)",
            [9.0, 1.0],
            "SSSSSCSSSSSSSSSCSSSS",
        ),
        ("nginx", "round robin (default)", [3.0, 2.0], "SCSCSSCSCS"),
        ("haproxy", "roundrobin", [9.0, 1.0], "SSSSSSSSSCSSSSSSSSSC"),
        (
            "haproxy",
            "roundrobin",
            [256.0, 1.0],
            "SSSSSSSSSSSSSSSSSSSS",
        ),
        ("caddy", "weighted_round_robin", [3.0, 2.0], "SSCCSSSCCS"),
        ("pingora", "rr", [3.0, 2.0], "SSSCCSSSCC"),
        ("traefik", "wrr", [2.0, 1.0], "SCSSCSSCSS"),
        ("haproxy", "leastconn", [99.0, 1.0], "SCSCSC"),
    ];
    for (product, algorithm, weights, letters) in cases {
        let scope = "process";
        let asked = DeclaredSplit {
            product,
            algorithm,
            scope,
            weights,
        };
        let Ok(Model::Turns(mut turns)) = model(asked) else {
            panic!("{product} {algorithm} goes by turns");
        };
        let found = PickSeries::turns(turns.as_mut(), letters.len()).letters(letters.len());
        assert_eq!(found, letters, "{product} {algorithm} {weights:?}");
    }
}

#[test]
fn weights_that_a_product_refuses_are_refused_here() {
    let refused = [
        ("haproxy", "roundrobin", [999.0, 1.0]),
        ("nginx", "round robin (default)", [99.5, 0.5]),
        ("apache2", "byrequests", [99.5, 0.5]),
    ];
    for (product, algorithm, weights) in refused {
        let scope = "1 worker";
        let asked = DeclaredSplit {
            product,
            algorithm,
            scope,
            weights,
        };
        assert!(
            model(asked).is_err_and(|why| why.contains("refused")),
            "{product}"
        );
    }
}

/// The resolutions, by hand: whole percents downward, upward, and all or nothing.
#[test]
fn a_fraction_of_a_percent_is_rounded_as_the_product_rounds() {
    let on = |rule: &FlagRule, percent: f64| {
        let ids = (0..20_000).map(|it| format!("acct:{it}"));
        ids.filter(|id| rule.is_on("dark-mode", id, percent))
            .count()
    };
    let down = FlagRule::Unleash { group: None };
    assert_eq!((on(&down, 0.5), on(&down, 1.9)), (0, on(&down, 1.0)));
    for up in [FlagRule::ConfigCat, FlagRule::FliptThreshold] {
        assert_eq!(
            (on(&up, 0.1), on(&up, 1.1)),
            (on(&up, 1.0), on(&up, 2.0)),
            "{up:?}"
        );
    }
    assert_eq!(on(&FlagRule::Flagd { total: 100 }, 1.5), 0);
    let closed = FlagRule::GrowthBook {
        version: 1,
        closed: true,
    };
    let open = FlagRule::GrowthBook {
        version: 1,
        closed: false,
    };
    assert_eq!(on(&closed, 0.5), on(&open, 0.6));
}
