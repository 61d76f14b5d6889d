//! Operators on trigger classes: what is done, and who must agree afterwards.

use sim_core::policy::Action;

use super::maker::{Maker, Site};

pub(super) fn add(maker: &mut Maker<'_>) {
    for (place, class) in maker.policy.classes.iter().enumerate() {
        let alive = maker.acts(&class.id);
        let here = |loses: String| {
            Site::new(&class.id, loses)
                .needing(format!("class:{}", class.id))
                .if_alive(alive)
        };
        milder(maker, (place, &class.id), here);
        freer(maker, (place, &class.id), here);
    }
}

/// What is done is less.
fn milder(maker: &mut Maker<'_>, (place, id): (usize, &str), here: impl Fn(String) -> Site) {
    let site = here(format!("every action of `{id}`"));
    maker.policy("action-recorded", site, |policy| {
        policy.classes[place].action = Action::Record;
    });
    let site = here(format!("more than a pause after `{id}`"));
    maker.policy("action-paused", site, |policy| {
        let action = &mut policy.classes[place].action;
        *action = (*action).min(Action::Pause);
    });
    let site = here(format!("the whole way back after `{id}`"));
    maker.policy("rollback-to-stage", site, |policy| {
        let action = &mut policy.classes[place].action;
        if *action == Action::Rollback {
            *action = Action::StepBack;
        }
    });
}

/// What is asked for beside the action is asked no more.
fn freer(maker: &mut Maker<'_>, (place, id): (usize, &str), here: impl Fn(String) -> Site) {
    let site = here(format!("the stop of new updates by `{id}`"));
    maker.policy("starts-go-on", site, |policy| {
        policy.classes[place].no_new_starts = false;
    });
    let site = here(format!("the sign-off after `{id}`"));
    maker.policy("sign-off-dropped", site, |policy| {
        policy.classes[place].sign_off = None;
    });
    let site = here(format!("the limit on step backs of `{id}`"));
    maker.policy("step-backs-unbounded", site, |policy| {
        policy.classes[place].at_most = None;
    });
}
