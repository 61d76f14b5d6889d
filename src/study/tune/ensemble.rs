//! Experiments that are played on the same luck.

use sim_core::{Experiment, Family, Figures, Grid, Plan, Seed};

/// Experiments that are played on the same luck.
pub(super) enum Ensemble {
    /// In one world.
    Together(Box<Family>),
    /// One that the engine of another product decides.
    Alone(Box<Plan>),
}

impl Ensemble {
    pub fn new(members: &[Experiment], grid: &Grid) -> Self {
        match members {
            [only] if !only.decider.is_native() => Self::Alone(Box::new(Plan::on(only, grid))),
            _ => {
                let members: Vec<_> = members.iter().collect();
                Self::Together(Box::new(Family::on(&members, grid)))
            }
        }
    }

    pub fn play(&self, seed: Seed) -> Vec<Figures> {
        match self {
            Self::Together(family) => family.play(seed),
            Self::Alone(plan) => vec![plan.scout(seed).figures()],
        }
    }
}
