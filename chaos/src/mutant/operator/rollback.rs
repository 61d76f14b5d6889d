//! Operators on the way back: rollback, kill switch, ladder and recovery.

use sim_core::policy::{Action, Ladder, Policy, Step, StepEffect};

use super::maker::{Maker, Site};

pub(super) fn add(maker: &mut Maker<'_>) {
    steps(maker);
    whole(maker);
    ladder(maker);
    recovery(maker);
}

/// Whether a step is what takes the new version out of service.
pub(super) const fn takes_back(effect: &StepEffect) -> bool {
    matches!(
        effect,
        StepEffect::RevertHosts(_) | StepEffect::ShiftTraffic | StepEffect::ThrowKillSwitch
    )
}

fn steps(maker: &mut Maker<'_>) {
    let steps = &maker.policy.rollback.steps;
    let alive = maker.rolls_back();
    for (place, step) in steps.iter().enumerate() {
        let id = &step.id;
        let here = |loses: String| {
            Site::new(id, loses)
                .needing(format!("step:{id}"))
                .if_alive(alive)
        };
        order(maker, (place, step), here);
        let site = Site::new(id, format!("the retries of `{id}`"))
            .needing(format!("again:{id}"))
            .if_alive(alive);
        maker.policy("retries-dropped", site, |policy| {
            policy.rollback.steps[place].retries = 0;
        });
        let (operator, loses) = if step.required {
            ("step-optional", format!("its insistence on `{id}`"))
        } else {
            ("step-required", format!("its indulgence about `{id}`"))
        };
        maker.policy(operator, here(loses), |policy| {
            let step = &mut policy.rollback.steps[place];
            step.required = !step.required;
        });
    }
}

/// The step is left out, or comes after the one that follows it.
fn order(maker: &mut Maker<'_>, (place, step): (usize, &Step), here: impl Fn(String) -> Site) {
    let (id, steps) = (&step.id, &maker.policy.rollback.steps);
    if steps.len() > 1 {
        let operator = if takes_back(&step.effect) {
            "revert-dropped"
        } else {
            "step-dropped"
        };
        maker.policy(operator, here(format!("rollback step `{id}`")), |policy| {
            policy.rollback.steps.remove(place);
        });
    }
    if let Some(next) = steps.get(place + 1) {
        let mut site = here(format!("the order of `{id}` and `{}`", next.id));
        site.name = format!("{id}, {}", next.id);
        maker.policy("steps-swapped", site, |policy| {
            policy.rollback.steps.swap(place, place + 1);
        });
    }
}

fn whole(maker: &mut Maker<'_>) {
    let alive = maker.rolls_back();
    let site = |loses| {
        Site::new("the rollback", loses)
            .needing("rollback")
            .if_alive(alive)
    };
    maker.policy(
        "deadline-relaxed",
        site("its deadline of rollbacks"),
        |policy| {
            let deadline = &mut policy.rollback.deadline;
            *deadline = deadline.map(|deadline| deadline.saturating_mul(10));
        },
    );
    let mut late = site("its limit on the standby");
    late.needs = vec!["standby".to_owned()];
    maker.policy("standby-unbounded", late, |policy| {
        (policy.rollback.standby, policy.rollback.keeps) = (None, None);
    });
    kill_switch(maker);
}

fn kill_switch(maker: &mut Maker<'_>) {
    let thrown = |policy: &Policy| {
        let mut steps = policy.rollback.steps.iter();
        steps.any(|step| step.effect == StepEffect::ThrowKillSwitch)
    };
    let need = if thrown(maker.policy) {
        "rollback"
    } else {
        "kill"
    };
    let site = |loses| {
        Site::new("the kill switch", loses)
            .needing("kill")
            .needing(need)
    };
    maker.policy("switch-broken", site("its kill switch"), |policy| {
        if let Some(switch) = &mut policy.kill_switch {
            switch.works = false;
        }
    });
    let mut pending = site("the emptying of its queue");
    pending.needs = vec!["killed".to_owned()];
    pending.dead = !maker.can(Action::Kill);
    maker.policy("pending-kept", pending, |policy| {
        if let Some(switch) = &mut policy.kill_switch {
            switch.cancels_pending = false;
        }
    });
}

fn ladder(maker: &mut Maker<'_>) {
    let Some(ladder) = &maker.policy.ladder else {
        return;
    };
    let alive = maker.can(Action::NextRung);
    rungs(maker, ladder);
    let site = Site::new("the ladder", "the order of its rungs")
        .needing("rung:0")
        .if_alive(alive);
    maker.policy("rungs-reversed", site, |policy| {
        if let Some(ladder) = &mut policy.ladder {
            ladder.rungs.reverse();
        }
    });
    let site = Site::new("the ladder", "its call for help")
        .needing("exhausted")
        .if_alive(alive);
    maker.policy("escalation-dropped", site, |policy| {
        if let Some(ladder) = &mut policy.ladder {
            ladder.escalate_to = None;
        }
    });
}

fn rungs(maker: &mut Maker<'_>, ladder: &Ladder) {
    let alive = maker.can(Action::NextRung);
    for (place, rung) in ladder
        .rungs
        .iter()
        .enumerate()
        .filter(|_| ladder.rungs.len() > 1)
    {
        let id = &rung.id;
        let site = Site::new(id, format!("rung `{id}`"))
            .needing(format!("rung:{place}"))
            .if_alive(alive);
        maker.policy("rung-dropped", site, |policy| {
            if let Some(ladder) = &mut policy.ladder {
                ladder.rungs.remove(place);
            }
        });
    }
}

fn recovery(maker: &mut Maker<'_>) {
    let site = |loses| {
        Site::new("recovery", loses)
            .needing("recovered")
            .needing("rung:0")
    };
    maker.policy(
        "acknowledgement-dropped",
        site("the acknowledgement before a new attempt"),
        |policy| {
            if let Some(recovery) = &mut policy.recovery {
                recovery.acknowledge = None;
            }
        },
    );
    maker.policy(
        "fresh-canary-dropped",
        site("the fresh canary of a new attempt"),
        |policy| {
            if let Some(recovery) = &mut policy.recovery {
                recovery.fresh_canary = false;
            }
        },
    );
    attempts(maker, site);
}

fn attempts(maker: &mut Maker<'_>, site: impl Fn(&'static str) -> Site) {
    maker.policy("attempt-added", site("its limit on attempts"), |policy| {
        if let Some(recovery) = &mut policy.recovery {
            recovery.attempts += 1;
        }
    });
    maker.policy("attempts-dropped", site("its second chance"), |policy| {
        if let Some(recovery) = &mut policy.recovery {
            recovery.attempts = 0;
        }
    });
}
