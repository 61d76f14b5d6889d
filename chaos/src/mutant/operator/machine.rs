//! Operators on the machine that carries a policy out: what it forgets and what it does not finish.

use sim_core::effect::{Change, Memory};
use sim_core::engine::Share;
use sim_core::policy::gate::Population;
use sim_core::policy::{Gate, Policy, StepEffect};

use super::evidence::lapse;
use super::maker::{Maker, Site};

/// What a controller may forget: the operator, what, what is lost, and when an outage puts it to the test.
const MEMORIES: [(&str, Memory, &str, &str); 6] = [
    ("forgets-windows", Memory::Windows, "the windows", "breach"),
    ("forgets-timer", Memory::Timer, "the timer", "watching"),
    ("forgets-stage", Memory::Stage, "the stage", "later"),
    (
        "forgets-retreat",
        Memory::Retreat,
        "the rollback",
        "retreat",
    ),
    (
        "forgets-approval",
        Memory::Approval,
        "the approvals",
        "asking",
    ),
    (
        "forgets-baseline",
        Memory::Baseline,
        "the baseline",
        "later",
    ),
];

/// Whether the policy has anything of the kind to remember.
fn remembers(policy: &Policy, memory: Memory) -> bool {
    match memory {
        Memory::Windows => {
            let mut gates = policy.gates.iter();
            gates.any(|gate| !gate.window.is_instant())
        }
        Memory::Approval => policy.stages.iter().any(|stage| stage.approval.is_some()),
        Memory::Baseline => {
            let refers = |gate: &Gate| gate.breach.limit.refers_to();
            let baseline = Some(Population::CanaryBaseline);
            policy.gates.iter().any(|gate| refers(gate) == baseline)
        }
        Memory::Stage => policy.stages.len() > 1,
        Memory::Timer | Memory::Retreat => true,
    }
}

/// A rollback that reaches so much only.
const HALF: Share = match Share::from_ppm(500_000) {
    Some(half) => half,
    None => Share::ONE,
};

pub(super) fn add(maker: &mut Maker<'_>) {
    for (operator, memory, loses, when) in MEMORIES {
        let loses = format!("{loses} of a controller that was down");
        let site = Site::new("the controller", loses)
            .needing(format!("outage:{when}"))
            .if_alive(remembers(maker.policy, memory));
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
