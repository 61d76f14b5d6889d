//! The smallest policy: one stage.

use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::{
    BlastRadius, ObservationStart, Paper, Policy, Profile, Ramp, Rollback, Rounding, Stage, Step,
    StepEffect,
};

/// A policy of one stage without gates, with or without a limit on the reached exposure.
pub fn one_stage(
    target: Share,
    observe: SimDuration,
    pause_after_windows: Option<u32>,
    blast_radius: Option<Share>,
) -> Policy {
    Policy {
        version: 1,
        decide: None,
        name: "one stage".to_owned(),
        profile: Profile::Own,
        description: String::new(),
        evaluate_every: SimDuration::from_mins(1),
        advances: sim_core::policy::Advances::AtOnce,
        calendar: None,
        initial: None,
        critical: false,
        scope: Vec::new(),
        increment: None,
        rounding: Rounding::Down,
        blast_radius: blast_radius.map(|max| BlastRadius {
            max,
            enforced: true,
        }),
        prerequisites: Vec::new(),
        evidence: Vec::new(),
        gates: Vec::new(),
        classes: Vec::new(),
        stages: vec![stage(target, observe, pause_after_windows)],
        ladder: None,
        kill_switch: None,
        rollback: rollback(),
        recovery: None,
        waivers: Vec::new(),
        harm_budget: None,
        promises: Vec::new(),
        tolerance: std::collections::BTreeMap::new(),
        waives: Vec::new(),
        paper: Paper::default(),
    }
}

fn stage(target: Share, observe: SimDuration, pause_after_windows: Option<u32>) -> Stage {
    Stage {
        id: "stage".to_owned(),
        target,
        ramp: Ramp::AtOnce,
        observe,
        observe_from: ObservationStart::Entry,
        pause_after_windows,
        planned: None,
        entry: Vec::new(),
        hold: Vec::new(),
        criteria: Vec::new(),
        triggers: Vec::new(),
        approval: None,
        approval_within: None,
        sets: std::collections::BTreeMap::new(),
    }
}

fn rollback() -> Rollback {
    let confirm = Step {
        id: "confirm".to_owned(),
        effect: StepEffect::Confirm,
        takes: Distribution::Constant(SimDuration::ZERO),
        retries: 0,
        required: true,
    };
    Rollback {
        deadline: None,
        estimate: None,
        standby: None,
        keeps: None,
        steps: vec![confirm],
    }
}
