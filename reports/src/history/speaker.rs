//! The names behind the indices of a history.

use sim_core::Experiment;
use sim_core::policy::Policy;

/// Knows the names behind the indices of one experiment.
pub(super) struct Speaker<'a> {
    pub experiment: &'a Experiment,
    pub policy: &'a Policy,
}

/// The name of the entry `at`; a history of another policy must not bring the report down.
fn name<T>(list: &[T], at: u16, id: impl Fn(&T) -> &str) -> &str {
    list.get(usize::from(at)).map_or("?", id)
}

impl Speaker<'_> {
    pub fn stage(&self, at: u16) -> &str {
        name(&self.policy.stages, at, |stage| &stage.id)
    }

    pub fn gate(&self, at: u16) -> &str {
        name(&self.policy.gates, at, |gate| &gate.id)
    }

    pub fn class(&self, at: u16) -> &str {
        name(&self.policy.classes, at, |class| &class.id)
    }

    pub fn evidence(&self, at: u16) -> &str {
        name(&self.policy.evidence, at, |evidence| &evidence.id)
    }

    pub fn waiver(&self, at: u16) -> &str {
        name(&self.policy.waivers, at, |waiver| &waiver.rule)
    }

    pub fn step(&self, at: u16) -> &str {
        name(&self.policy.rollback.steps, at, |step| &step.id)
    }

    pub fn rung(&self, at: u16) -> &str {
        self.policy
            .ladder
            .as_ref()
            .map_or("?", |ladder| name(&ladder.rungs, at, |rung| &rung.id))
    }

    pub fn kill_switch(&self) -> &str {
        self.policy
            .kill_switch
            .as_ref()
            .map_or("the kill switch", |switch| &switch.id)
    }

    pub fn operator(&self, at: u16) -> String {
        match self.experiment.operators.get(usize::from(at)) {
            Some(operator) if operator.name.is_empty() => operator.role.clone(),
            Some(operator) => format!("{} ({})", operator.name, operator.role),
            None => "nobody".to_owned(),
        }
    }

    pub fn effect(&self, at: u16) -> &str {
        let effects = self
            .experiment
            .release
            .iter()
            .chain(&self.experiment.faults);
        effects
            .map(|effect| effect.id.as_str())
            .nth(at.into())
            .unwrap_or("?")
    }
}
