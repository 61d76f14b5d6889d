//! Moments: when a drawn fault happens, for how long and how strongly.

use sim_core::effect::{Anchor, Course, Cycle};
use sim_core::engine::{Draws, SimDuration};

use super::scale::{seconds, spread};
use super::{FaultSpace, Kind};

/// How the moments of faults are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The probability that a fault is tied to an event of the rollout rather than to a time.
    pub anchored: f64,
    /// The probability that a fault happens shortly after the one before it.
    pub chained: f64,
}

impl Default for Moments {
    /// Three in four anchored, three in ten chained: the setting that covered the most cells of
    /// states and faults in the measurements behind the design.
    fn default() -> Self {
        Self {
            anchored: 0.75,
            chained: 0.3,
        }
    }
}

const SECOND: f64 = 1.0;
const MINUTE: f64 = 60.0;

impl Moments {
    /// Draws when a fault of `kind` happens; `before` is when the fault before it does.
    pub fn draw(
        self,
        draws: &mut Draws,
        space: &FaultSpace,
        kind: &Kind,
        before: Option<&Course>,
    ) -> Course {
        let usual = (kind.entry.at)();
        let chained = draws.chance(self.chained);
        let (from, after) = match before.filter(|_| chained) {
            Some(before) => (
                before.from,
                before.after + seconds(draws.uniform() * MINUTE),
            ),
            None => self.begins(draws, space, &usual),
        };
        let lasts = lasts(draws, usual.lasts);
        Course {
            from,
            after,
            within: None,
            ramp: usual.ramp,
            lasts,
            until: Some(space.phases.heal_at),
            cycle: cycle(draws).or(usual.cycle),
            strength: strength(draws),
        }
    }

    fn begins(
        self,
        draws: &mut Draws,
        space: &FaultSpace,
        usual: &Course,
    ) -> (Anchor, SimDuration) {
        if !draws.chance(self.anchored) {
            let time = draws.uniform() * space.phases.heal_at.as_secs_f64();
            return (Anchor::Start, seconds(time));
        }
        // What usually happens from the start on is prepared before anybody looks: evidence, switches.
        if usual.from == Anchor::Start && draws.chance(0.5) {
            return (Anchor::Start, SimDuration::ZERO);
        }
        let anchor = space.anchors[draws.below(space.anchors.len() as u64) as usize];
        (anchor, delay(draws, space.window()))
    }
}

/// The time from an event to the fault: at once, within ten seconds, within minutes or a window.
fn delay(draws: &mut Draws, window: SimDuration) -> SimDuration {
    let (which, part) = (draws.below(4), draws.uniform());
    match which {
        0 => SimDuration::ZERO,
        1 => seconds(part * 10.0),
        2 => seconds(spread(part, 10.0 * SECOND, 10.0 * MINUTE)),
        _ => window.mul_f64(part),
    }
}

fn lasts(draws: &mut Draws, usual: Option<SimDuration>) -> Option<SimDuration> {
    let (bounded, part) = (draws.chance(0.3), draws.uniform());
    match usual {
        Some(usual) => {
            let usual = usual.as_secs_f64();
            Some(seconds(spread(part, usual / 8.0, usual * 8.0)))
        }
        None => bounded.then(|| seconds(spread(part, 10.0 * SECOND, 120.0 * MINUTE))),
    }
}

fn cycle(draws: &mut Draws) -> Option<Cycle> {
    let (some, on, off) = (draws.chance(0.1), draws.uniform(), draws.uniform());
    let length = |part| seconds(spread(part, 30.0 * SECOND, 30.0 * MINUTE));
    some.then(|| Cycle {
        on: length(on),
        off: length(off),
    })
}

fn strength(draws: &mut Draws) -> f64 {
    let (full, part) = (draws.chance(0.8), draws.uniform());
    if full { 1.0 } else { 0.1 + 0.9 * part }
}
