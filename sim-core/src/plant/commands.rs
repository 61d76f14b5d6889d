//! Commands on their way to hosts: late, lost, disobeyed or slowed down.

use super::Plant;
use crate::address;
use crate::effect::{Change, CommandChange, CommandTrouble, Direction};
use crate::engine::{Draws, Share, SimDuration, SimTime};
use crate::fleet::{Delays, Toward};

/// A command that is lost so often is lost for good.
const MOST_TRIES: u64 = 1000;

impl Plant<'_> {
    /// Returns what goes wrong with the commands to the next `units` hosts; nothing where they go as they
    /// should.
    pub fn command_delays(&mut self, toward: Toward, units: u32) -> Delays {
        let plan = self.plan;
        let mut delays = Delays::default();
        for (index, plan) in plan.effects.iter().enumerate() {
            let Change::Commands(change) = &plan.effect.change else {
                continue;
            };
            let strength = self.conditions.strength(index, self.now());
            if !concerns(change, toward) || strength <= 0.0 {
                continue;
            }
            let more = self.delays_of(index, &change.trouble, strength, units);
            let known = match change.trouble {
                CommandTrouble::Limited { .. } => &mut delays.turns,
                _ => &mut delays.held,
            };
            known.resize(units as usize, SimDuration::ZERO);
            for (delay, more) in known.iter_mut().zip(&more) {
                *delay = delay.saturating_add(*more);
            }
            if more.iter().any(|more| !more.is_zero()) {
                self.conditions.faults.mark_manifested(index);
            }
        }
        delays
    }

    fn delays_of(
        &self,
        index: usize,
        trouble: &CommandTrouble,
        strength: f64,
        units: u32,
    ) -> Vec<SimDuration> {
        let effect = &self.plan.effects[index].effect;
        let entity = index as u32 + self.deployment.waves.wrapping_mul(1 << 10);
        let part = effect.hosts.unwrap_or(Share::ONE).as_f64() * strength;
        let end = self.conditions.active_until(index, self.now());
        let until_it_ends = end.unwrap_or(SimTime::MAX).saturating_since(self.now());
        let delay = |host: u32| {
            let mut draws = self.key.draws(address::COMMAND, entity, host);
            match trouble {
                CommandTrouble::Limited { per_second } => {
                    SimDuration::from_secs_f64(f64::from(host) / per_second)
                }
                CommandTrouble::Lost {
                    chance,
                    retry_after,
                } => lost(&mut draws, chance * strength, *retry_after),
                _ if !draws.chance(part) => SimDuration::ZERO,
                CommandTrouble::Late(by) => by.sample(&mut draws),
                CommandTrouble::Stuck => until_it_ends,
            }
        };
        (0..units).map(delay).collect()
    }
}

fn concerns(change: &CommandChange, toward: Toward) -> bool {
    match change.toward {
        None => true,
        Some(Direction::New) => toward == Toward::New,
        Some(Direction::Old) => toward == Toward::Old,
    }
}

/// How long it takes until a try arrives; for ever where nobody tries again.
fn lost(draws: &mut Draws, chance: f64, retry_after: Option<SimDuration>) -> SimDuration {
    let mut tries = 0;
    while tries < MOST_TRIES && draws.chance(chance) {
        tries += 1;
    }
    match retry_after {
        _ if tries == 0 => SimDuration::ZERO,
        Some(wait) if tries < MOST_TRIES => wait.saturating_mul(tries),
        _ => SimDuration::MAX,
    }
}
