//! One mutant: what is weaker, and how an experiment is played with it.

use sim_core::effect::{Change, CommandTrouble, Effect, Memory};
use sim_core::policy::Policy;
use sim_core::{Experiment, Shared};

use super::manual_triggers::lend;

/// A policy that is weaker in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// The operator that made it.
    pub operator: &'static str,
    /// Where it was applied, by the policy's own names.
    pub site: String,
    /// What was lost, as words that fit after "your policy could lose".
    pub loses: String,
    /// Whether losing it lets harm through at once.
    pub critical: bool,
    /// What must have happened in some rehearsal for the place to have mattered; any one of them will do,
    /// and none means that every rehearsal puts it to the test.
    pub needs: Vec<String>,
    /// Whether the policy can never come to the place, by its own words: a class that no gate has, a
    /// rollback that nothing asks for.
    pub dead: bool,
    /// The weaker policy. Its stages, gates, steps and rungs keep their names.
    pub policy: Policy,
    /// What its controller forgets when it is back after an outage.
    pub forgets: Vec<Memory>,
    /// Whether commands that are lost are never sent again.
    pub gives_up: bool,
    /// What else is wrong with the machine that carries the policy out.
    pub lapses: Vec<Effect>,
}

impl Mutant {
    /// Returns the experiment as the mutant would play it: the same world, the same faults.
    #[must_use]
    pub fn weaken(&self, experiment: &Experiment) -> Experiment {
        let mut weak = experiment.clone();
        weak.policy = Shared::from(Policy {
            waivers: experiment.policy.waivers.clone(),
            ..self.policy.clone()
        });
        lend(&mut weak.policy, &experiment.policy);
        for effect in &mut weak.faults {
            self.worsen(&mut effect.change);
        }
        weak.faults.extend(self.lapses.iter().cloned());
        weak
    }

    fn worsen(&self, change: &mut Change) {
        match change {
            Change::ControllerDown { forgets } => {
                let news = self
                    .forgets
                    .iter()
                    .filter(|memory| !forgets.contains(memory));
                let news: Vec<Memory> = news.copied().collect();
                forgets.extend(news);
            }
            Change::Commands(commands) if self.gives_up => {
                if let CommandTrouble::Lost { retry_after, .. } = &mut commands.trouble {
                    *retry_after = None;
                }
            }
            _ => {}
        }
    }

    /// Says what would go unnoticed, as a sentence.
    pub fn sentence(&self) -> String {
        format!(
            "your policy could lose {} and no rehearsal would notice",
            self.loses
        )
    }
}
