//! The drawing of a case: its timeline, with the faults and the moment at which the promise was broken.

use chaos::rehearsal::Rehearsal;
use reports::chart::{self, Drawing};
use reports::figure::clock;
use reports::{MarkKind, TimelineMark};
use scenarios::Broken;
use sim_core::Plan;

/// Draws the rollout of a rehearsal as SVG; none where it cannot be played.
pub fn plot(rehearsal: &Rehearsal, broken: &Broken) -> Option<String> {
    let (experiment, _) = rehearsal.lowered().ok()?;
    let (run, readings) = Plan::new(&experiment).watch(rehearsal.seed);
    let mut timeline = reports::timeline_of(&experiment, &run, &readings);
    let mark = TimelineMark {
        t_s: broken.at.as_secs_f64(),
        kind: MarkKind::Trigger,
        text: format!("{} is broken: {}", broken.promise, broken.detail),
    };
    let place = timeline
        .marks
        .partition_point(|known| known.t_s <= mark.t_s);
    timeline.marks.insert(place, mark.clone());
    let limit = experiment.policy.blast_radius;
    let limit = limit.map(|radius| f64::from(radius.max.ppm()) / 1e4);
    let mut chart = chart::timeline_chart(&timeline, limit);
    chart.title = format!("How {} is broken", broken.promise);
    chart.lead = format!("At {}: {}.", clock(mark.t_s), broken.detail);
    Some(Drawing::of(&chart).file())
}
