//! Operators on stages: how far, how fast, for how long, and who must agree.

use sim_core::engine::Share;
use sim_core::policy::{Advances, ObservationStart, Ramp, Rounding, Stage};

use super::maker::{Maker, Site};

pub(super) fn add(maker: &mut Maker<'_>) {
    order(maker);
    observation(maker);
    each(maker);
    exposure(maker);
}

fn order(maker: &mut Maker<'_>) {
    let stages = &maker.policy.stages;
    for (place, stage) in stages.iter().enumerate() {
        let id = &stage.id;
        if stages.len() > 1 {
            let site = Site::new(id, format!("stage `{id}`"));
            maker.policy("stage-removed", site, |policy| {
                policy.stages.remove(place);
            });
        }
        let Some(next) = stages.get(place + 1) else {
            continue;
        };
        let name = format!("{id}, {}", next.id);
        let site = Site::new(&name, format!("the order of `{id}` and `{}`", next.id));
        maker.policy("stages-swapped", site, |policy| {
            policy.stages.swap(place, place + 1);
        });
        let site = Site::new(&name, format!("the step from `{id}` to `{}`", next.id));
        maker.policy("stage-merged", site, |policy| {
            policy.stages[place].target = next.target;
        });
    }
}

fn observation(maker: &mut Maker<'_>) {
    let site = Site::new("every stage", "the instant from which stages are observed");
    maker.policy("observation-moved", site, |policy| {
        for stage in &mut policy.stages {
            stage.observe_from = match stage.observe_from {
                ObservationStart::Entry => ObservationStart::Convergence,
                ObservationStart::Convergence => ObservationStart::Entry,
            };
        }
    });
    let site = Site::new("every stage", "half of its pace");
    maker.policy("observation-doubled", site, |policy| {
        for stage in &mut policy.stages {
            stage.observe = stage.observe.saturating_mul(2);
        }
    });
    pauses(maker);
    let site = Site::new("the calendar", "its calendar");
    maker.policy("calendar-dropped", site, |policy| policy.calendar = None);
    let site = Site::new("the controller", "the ticks at which it goes forward");
    maker.policy("advances-at-once", site, |policy| {
        policy.advances = Advances::AtOnce;
    });
    let site = Site::new("every stage", "the time limit of approvals");
    maker.policy("approval-unlimited", site, |policy| {
        for stage in &mut policy.stages {
            stage.approval_within = None;
        }
    });
    let site = Site::new("the controller", "every other evaluation");
    maker.policy("evaluation-halved", site, |policy| {
        policy.evaluate_every = policy.evaluate_every.saturating_mul(2);
    });
}

fn pauses(maker: &mut Maker<'_>) {
    let site = Site::new("every stage", "its pause when a stage is overdue");
    maker.policy("pause-dropped", site, |policy| {
        for stage in &mut policy.stages {
            stage.pause_after_windows = None;
        }
    });
    let site = Site::new("every stage", "half of its impatience");
    maker.policy("pause-doubled", site, |policy| {
        for stage in &mut policy.stages {
            stage.pause_after_windows = stage.pause_after_windows.map(|windows| windows * 2);
        }
    });
}

fn each(maker: &mut Maker<'_>) {
    for (place, stage) in maker.policy.stages.iter().enumerate() {
        let id = &stage.id;
        let here = |loses: String| Site::new(id, loses).needing(format!("stage:{id}"));
        let site = here(format!("half of the observation of `{id}`"));
        maker.policy("observation-halved", site, |policy| {
            let stage = &mut policy.stages[place];
            stage.observe = stage.observe / 2;
        });
        let site = here(format!("the approval before `{id}` is left"));
        maker.policy("approval-dropped", site, |policy| {
            policy.stages[place].approval = None;
        });
        evidence(maker, (place, stage), here);
    }
    last_unwatched(maker);
}

fn evidence(maker: &mut Maker<'_>, (place, stage): (usize, &Stage), here: impl Fn(String) -> Site) {
    let id = &stage.id;
    let needs = |mut site: Site, list: &[String]| {
        site.needs = list.iter().map(|id| format!("evidence:{id}")).collect();
        site
    };
    let site = needs(
        here(format!("the evidence that `{id}` is entered on")),
        &stage.entry,
    );
    maker.policy("entry-dropped", site, |policy| {
        policy.stages[place].entry.clear();
    });
    let site = needs(
        here(format!("the evidence that `{id}` holds on to")),
        &stage.hold,
    );
    maker.policy("hold-dropped", site, |policy| {
        policy.stages[place].hold.clear();
    });
}

fn last_unwatched(maker: &mut Maker<'_>) {
    if let Some(last) = maker.policy.stages.last() {
        let site = Site::new(&last.id, format!("every trigger in `{}`", last.id))
            .needing(format!("stage:{}", last.id));
        maker.policy("last-unwatched", site, |policy| {
            if let Some(last) = policy.stages.last_mut() {
                last.triggers.clear();
            }
        });
    }
}

fn exposure(maker: &mut Maker<'_>) {
    let site = Site::new("every stage", "the rounding of its shares");
    maker.policy("rounding-changed", site, |policy| {
        policy.rounding = match policy.rounding {
            Rounding::Up => Rounding::Down,
            Rounding::Down | Rounding::Nearest => Rounding::Up,
        };
    });
    let site = Site::new("the first stage", "its careful beginning");
    maker.policy("initial-dropped", site, |policy| policy.initial = None);
    for (place, stage) in maker.policy.stages.iter().enumerate() {
        let id = &stage.id;
        let here = || Site::new(id, format!("the ramp of `{id}`")).needing(format!("stage:{id}"));
        maker.policy("ramp-dropped", here(), |policy| {
            policy.stages[place].ramp = Ramp::AtOnce;
        });
        maker.policy("ramp-doubled", here(), |policy| {
            let ramp = &mut policy.stages[place].ramp;
            match ramp {
                Ramp::Linear { every, .. } | Ramp::Exponential { every, .. } => *every = *every / 2,
                Ramp::AtOnce | Ramp::Manual { .. } => {}
            }
        });
    }
    blast_radius(maker);
}

fn blast_radius(maker: &mut Maker<'_>) {
    let site = |loses| Site::new("the blast radius", loses).needing("blast");
    maker.policy(
        "blast-unenforced",
        site("the watch over its blast radius"),
        |policy| {
            if let Some(radius) = &mut policy.blast_radius {
                radius.enforced = false;
            }
        },
    );
    maker.policy("blast-widened", site("its blast radius"), |policy| {
        if let Some(radius) = &mut policy.blast_radius {
            radius.max = Share::ONE;
        }
    });
}
