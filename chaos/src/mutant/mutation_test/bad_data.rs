//! Data that are bad in every way.

use sim_core::effect::{Change, Course, DataChange, Part};
use sim_core::engine::Share;
use sim_core::policy::gate::{Flaw, Population};

use super::ground::{Ground, within};
use super::made::MutationTest;
use crate::mutant::feature::flaw_feature;

/// Data that are bad, in each stage, for good and around the end of its window.
pub(super) fn bad_data(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    let kinds = kinds();
    for (name, flaw, change) in &kinds {
        let about = vec![flaw_feature(*flaw).to_owned()];
        let name = format!("{name}, from the start");
        let course = Course::default();
        probes.push(ground.probe("data", name, about, vec![(change.clone(), course)]));
    }
    for stage in 0..ground.base.policy.stages.len() {
        let observe = ground.base.policy.stages[stage].observe;
        let starts = [ground.settled(stage), observe.mul_f64(0.9)];
        for (name, flaw, change) in &kinds {
            for after in starts {
                let mut about = vec![flaw_feature(*flaw).to_owned()];
                about.push(format!("stage:{}", ground.base.policy.stages[stage].id));
                let course = within(stage, after, None);
                probes.push(ground.probe("data", *name, about, vec![(change.clone(), course)]));
            }
        }
    }
}

/// What can be wrong with data: how it is called, the flaw that shows, and what does it.
fn kinds() -> [(&'static str, Flaw, Change); 9] {
    let all = DataChange::default;
    let canary = || DataChange {
        signal: None,
        population: Some(Population::Canary),
    };
    let thin = |kept: u32| {
        Change::Thin(Part {
            of: all(),
            share: Share::from_ppm(1_000_000 - kept).unwrap_or(Share::ONE),
        })
    };
    [
        ("no data", Flaw::Missing, Change::Outage(all())),
        (
            "no data of the canary",
            Flaw::Missing,
            Change::Outage(canary()),
        ),
        ("frozen data", Flaw::Stale, Change::Freeze(all())),
        ("no numbers", Flaw::Nan, Change::Nan(all())),
        (
            "no traffic",
            Flaw::ZeroDenominator,
            Change::Load { factor: 0.0 },
        ),
        ("a tenth of the samples", Flaw::TooFew, thin(100_000)),
        ("few samples", Flaw::TooFew, thin(10_000)),
        ("very few samples", Flaw::TooFew, thin(1000)),
        ("hardly any samples", Flaw::TooFew, thin(100)),
    ]
}
