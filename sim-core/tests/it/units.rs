//! Numbers in the unit of a signal are read with that unit wherever they stand.

use serde_json::{Value, json};
use sim_core::effect::Misreading;
use sim_core::fleet::Update;
use sim_core::policy::gate::Window;
use sim_core::telemetry::Signal;

/// What is written with a unit is what is written without it.
#[track_caller]
fn alike<T: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(with: Value, plain: Value) {
    let read = |value: Value| {
        serde_json::from_value::<T>(value.clone()).unwrap_or_else(|why| panic!("{value}: {why}"))
    };
    assert_eq!(read(with), read(plain));
}

#[test]
fn a_quantity_takes_the_unit_of_its_signal_wherever_it_stands() {
    let latency = |above: Value, buckets: Value| {
        json!({
            "id": "latency", "harms-users": true, "slow-above": above,
            "kind": {"latency": {"parts": [{"weight": 1.0, "median": 40, "sigma": 0.5}], "cap": "5s", "buckets": buckets}}
        })
    };
    alike::<Signal>(
        latency(json!("500ms"), json!(["5ms", "0.1s", 250])),
        latency(json!(500), json!([5, 100, 250])),
    );
    alike::<Update>(
        json!({"takes": {"constant": "30s"}, "fails": "5%"}),
        json!({"takes": {"constant": "30s"}, "fails": 0.05}),
    );
    alike::<Misreading>(json!({"constant": "2%"}), json!({"constant": 0.02}));
    alike::<Misreading>(json!({"rounded": "10ms"}), json!({"rounded": 10}));
    let sprt = |alternative: Value| json!({"sprt": {"alternative": alternative, "alpha": 0.05, "beta": 0.1}});
    alike::<Window>(sprt(json!("3%")), sprt(json!(0.03)));
    let msprt = |effect: Value| json!({"msprt": {"alpha": 0.01, "effect": effect}});
    alike::<Window>(msprt(json!("1%")), msprt(json!(0.01)));
    let cusum = |unit: Value| json!({"cusum": {"slack": 0.5, "limit": 5.0, "unit": unit}});
    alike::<Window>(cusum(json!("20ms")), cusum(json!(20)));
    let process = |rate: Value| json!({"e-process": {"rate": rate, "bet": 0.5, "alpha": 0.05}});
    alike::<Window>(process(json!("10%")), process(json!(0.1)));
}
