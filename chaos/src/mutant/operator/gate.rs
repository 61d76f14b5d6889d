//! Operators on gates: limits, windows, and what they are asked for.

use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::gate::{Limit, Population, Relation, SustainMode, Window};

use super::maker::{Maker, Site};

pub(super) fn add(maker: &mut Maker<'_>) {
    for gate in &maker.policy.gates {
        let stages = maker.policy.stages.iter();
        let lists = |list: &[String]| list.contains(&gate.id);
        let mut used = stages.map(|stage| [lists(&stage.criteria), lists(&stage.triggers)]);
        let [criterion, trigger] = used.by_ref().fold([false; 2], |known, new| {
            [known[0] | new[0], known[1] | new[1]]
        });
        if criterion || trigger {
            limits(maker, gate);
            reference(maker, gate);
            additions(maker, gate);
        }
        if trigger {
            windows(maker, gate);
            trigger_dropped(maker, gate);
        }
        if criterion {
            criterion_dropped(maker, gate);
        }
    }
}

fn trigger_dropped(maker: &mut Maker<'_>, gate: &Gate) {
    let site = site(gate, format!("trigger `{}`", gate.id));
    maker.policy("trigger-dropped", site, |policy| {
        for stage in &mut policy.stages {
            stage.triggers.retain(|id| *id != gate.id);
        }
    });
}

fn criterion_dropped(maker: &mut Maker<'_>, gate: &Gate) {
    let site = site(gate, format!("criterion `{}`", gate.id));
    maker.policy("criterion-dropped", site, |policy| {
        for stage in &mut policy.stages {
            stage.criteria.retain(|id| *id != gate.id);
        }
    });
}

fn site(gate: &Gate, loses: String) -> Site {
    Site::new(&gate.id, loses).needing(format!("gate:{}", gate.id))
}

fn limits(maker: &mut Maker<'_>, gate: &Gate) {
    let id = &gate.id;
    maker.gate(
        "limit-doubled",
        gate,
        format!("half of what `{id}` sees"),
        |gate| {
            gate.breach.limit = scaled(gate.breach.limit, 2.0);
        },
    );
    let loses = format!("half of what `{id}` leaves to healthy releases");
    maker.gate("limit-halved", gate, loses, |gate| {
        gate.breach.limit = scaled(gate.breach.limit, 0.5);
    });
    relations(maker, gate);
}

fn relations(maker: &mut Maker<'_>, gate: &Gate) {
    let id = &gate.id;
    maker.gate("limit-edge", gate, format!("the edge of `{id}`"), |gate| {
        gate.breach.is = match gate.breach.is {
            Relation::Above => Relation::AtLeast,
            Relation::AtLeast => Relation::Above,
            Relation::Below => Relation::AtMost,
            Relation::AtMost => Relation::Below,
        };
    });
    let loses = format!("the direction in which `{id}` looks");
    maker.gate("sign-flipped", gate, loses, |gate| {
        gate.breach.is = match gate.breach.is {
            Relation::Above => Relation::Below,
            Relation::AtLeast => Relation::AtMost,
            Relation::Below => Relation::Above,
            Relation::AtMost => Relation::AtLeast,
        };
    });
}

/// What a gate asks for besides its window.
fn additions(maker: &mut Maker<'_>, gate: &Gate) {
    let id = &gate.id;
    maker.gate(
        "duration-dropped",
        gate,
        format!("the duration of `{id}`"),
        |gate| {
            gate.lasting = None;
        },
    );
    maker.gate("kept-dropped", gate, format!("what `{id}` keeps"), |gate| {
        gate.keep.clear();
    });
    maker.gate(
        "joined-dropped",
        gate,
        format!("what `{id}` is joined with"),
        |gate| {
            gate.with = None;
        },
    );
    let loses = format!("the look at `{id}` before the start");
    maker.gate("already-red-unasked", gate, loses, |gate| {
        gate.already_red = None;
    });
}

/// The limit at another distance: from zero, or from what it is compared with.
pub(in crate::mutant) fn scaled(limit: Limit, factor: f64) -> Limit {
    match limit {
        Limit::Absolute(limit) => Limit::Absolute(limit * factor),
        Limit::Times { factor: times, of } => Limit::Times {
            factor: 1.0 + (times - 1.0) * factor,
            of,
        },
        Limit::Plus { margin, of } => Limit::Plus {
            margin: margin * factor,
            of,
        },
    }
}

fn reference(maker: &mut Maker<'_>, gate: &Gate) {
    let loses = format!("what `{}` compares with", gate.id);
    maker.gate("reference-swapped", gate, loses, |gate| {
        let (Limit::Times { of, .. } | Limit::Plus { of, .. }) = &mut gate.breach.limit else {
            return;
        };
        *of = match *of {
            Population::CanaryBaseline => Population::Control,
            _ => Population::CanaryBaseline,
        };
    });
}

fn windows(maker: &mut Maker<'_>, gate: &Gate) {
    let id = &gate.id;
    window_lengths(maker, gate);
    let every = maker.policy.evaluate_every;
    let dropped = format!("the window of `{id}`");
    maker.gate("window-dropped", gate, dropped, |gate| {
        if gate.window.run_length(every).is_some() {
            gate.window = Window::Instant;
        }
    });
    let modes = [
        ("window-any", SustainMode::AtLeast(1)),
        ("window-mean", SustainMode::Mean),
    ];
    for (operator, mode) in modes {
        let loses = format!("what `{id}` means by a window");
        maker.gate(operator, gate, loses, |gate| {
            gate.window = gate.window.in_mode(mode);
        });
    }
    let loses = format!("the time in the window of `{id}`");
    maker.gate("window-counted", gate, loses, |gate| {
        if let Some(sustain) = gate.window.sustain() {
            gate.window = Window::Consecutive(beats(sustain.over, every));
        }
    });
}

fn window_lengths(maker: &mut Maker<'_>, gate: &Gate) {
    let id = &gate.id;
    let half = format!("half of the window of `{id}`");
    maker.gate("window-halved", gate, half, |gate| {
        let window = gate.window;
        gate.window = window.resized(|count| count.div_ceil(2), |over| over / 2);
    });
    let quick = format!("half of the quickness of `{id}`");
    maker.gate("window-doubled", gate, quick, |gate| {
        let window = gate.window;
        gate.window = window.resized(|count| count * 2, |over| over.saturating_mul(2));
    });
}

/// How many evaluations fit into a window, which is one fewer than it takes to fill it.
fn beats(over: SimDuration, every: SimDuration) -> u32 {
    (over.as_nanos() / every.as_nanos().max(1)).max(1) as u32
}
