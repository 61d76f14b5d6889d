//! Operators on the machine that carries a policy out: what it forgets and what it does not finish.

use sim_core::effect::{Change, Memory};
use sim_core::engine::Share;
use sim_core::policy::StepEffect;

use super::evidence::lapse;
use super::maker::{Maker, Site};

/// What a controller may forget: the operator, what, and what is lost.
const MEMORIES: [(&str, Memory, &str); 6] = [
    (
        "forgets-windows",
        Memory::Windows,
        "the windows of a controller that was down",
    ),
    (
        "forgets-timer",
        Memory::Timer,
        "the timer of a controller that was down",
    ),
    (
        "forgets-stage",
        Memory::Stage,
        "the stage of a controller that was down",
    ),
    (
        "forgets-retreat",
        Memory::Retreat,
        "the rollback of a controller that was down",
    ),
    (
        "forgets-approval",
        Memory::Approval,
        "the approvals of a controller that was down",
    ),
    (
        "forgets-baseline",
        Memory::Baseline,
        "the baseline of a controller that was down",
    ),
];

/// A rollback that reaches so much only.
const HALF: Share = match Share::from_ppm(500_000) {
    Some(half) => half,
    None => Share::ONE,
};

pub(super) fn add(maker: &mut Maker<'_>) {
    for (operator, memory, loses) in MEMORIES {
        let site = Site::new("the controller", loses).needing("outage");
        maker.machine(operator, site, |mutant| mutant.forgets.push(memory));
    }
    let site = Site::new("the controller", "the second try of a command").needing("lost");
    maker.machine("never-resends", site, |mutant| mutant.gives_up = true);
    for step in &maker.policy.rollback.steps {
        let reaches = matches!(
            step.effect,
            StepEffect::RevertHosts(_) | StepEffect::ShiftTraffic
        );
        if !reaches {
            continue;
        }
        let id = &step.id;
        let site =
            Site::new(id, format!("half of the reach of `{id}`")).needing(format!("step:{id}"));
        maker.machine("reverts-half", site, |mutant| {
            mutant.lapses.push(lapse(Change::StepPartial {
                step: id.clone(),
                reaches: HALF,
            }));
        });
    }
}
