//! Operators on what gates conclude from bad data, and on what they read.

use sim_core::policy::gate::{BadData, Flaw, Judgement, Population};

use super::maker::{Maker, Site};
use crate::mutant::feature::flaw_feature;

/// One kind of bad data: the operator, the flaw, what is lost, and its place.
type DataOperatorKind = (
    &'static str,
    Flaw,
    &'static str,
    fn(&mut BadData) -> &mut Judgement,
);

const KINDS: [DataOperatorKind; 5] = [
    (
        "missing-passes",
        Flaw::Missing,
        "its refusal of missing data",
        |on| &mut on.missing,
    ),
    (
        "stale-passes",
        Flaw::Stale,
        "its refusal of stale data",
        |on| &mut on.stale,
    ),
    (
        "nan-passes",
        Flaw::Nan,
        "its refusal of what is not a number",
        |on| &mut on.nan,
    ),
    (
        "zero-passes",
        Flaw::ZeroDenominator,
        "its refusal of ratios of nothing",
        |on| &mut on.zero_denominator,
    ),
    (
        "few-passes",
        Flaw::TooFew,
        "its refusal of too few samples",
        |on| &mut on.too_few,
    ),
];

pub(super) fn add(maker: &mut Maker<'_>) {
    for (operator, flaw, loses, place) in KINDS {
        let site = Site::new("every gate", loses).needing(flaw_feature(flaw));
        maker.policy(operator, site, |policy| {
            for gate in &mut policy.gates {
                *place(&mut gate.on) = Judgement::Pass;
            }
        });
    }
    let few = flaw_feature(Flaw::TooFew);
    let site = Site::new("every gate", "its demand for enough samples").needing(few);
    maker.policy("samples-unneeded", site, |policy| {
        for gate in &mut policy.gates {
            gate.min_samples = 0;
        }
    });
    let site = Site::new("every gate", "its look at the canary alone").needing("fleet");
    maker.policy("fleet-aggregate", site, |policy| {
        for gate in &mut policy.gates {
            if gate.population == Population::Canary {
                gate.population = Population::Fleet;
            }
        }
    });
}
