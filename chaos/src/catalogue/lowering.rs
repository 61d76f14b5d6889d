//! Lowering: from a fault in an experiment to effects of the machine.

use sim_core::Experiment;
use sim_core::effect::{Change, Course, Cycle, DataChange, Effect};
use sim_core::engine::SimDuration;
use sim_core::operator::EvidenceChange;
use sim_core::policy::gate::Population;
use sim_core::policy::{Step, StepEffect, Waiver};
use sim_core::telemetry::{Signal, SignalKind};

/// What a fault comes to in the machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lowered {
    /// Changes of the world; the first one is the fault itself.
    pub effects: Vec<Effect>,
    /// How evidence is.
    pub evidence: Vec<EvidenceChange>,
    /// Waivers that somebody brings.
    pub waivers: Vec<Waiver>,
}

/// Why a fault cannot happen in an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit(pub String);

/// What a fault needs to know to be lowered, and what has come of it so far.
pub(super) struct Lowering<'e> {
    pub experiment: &'e Experiment,
    pub id: &'e str,
    pub at: Course,
    pub cured_by: &'e [String],
    pub lowered: Lowered,
}

/// Something that can be lowered.
pub(super) trait Lower {
    /// Adds what the fault comes to.
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit>;
}

impl Lowering<'_> {
    /// Adds the change that is the fault itself, to be confirmed.
    pub fn plays(&mut self, change: Change) -> &mut Effect {
        let effect = self.besides(change);
        effect.confirm = true;
        effect
    }

    /// Adds a change that goes with the fault.
    pub fn besides(&mut self, change: Change) -> &mut Effect {
        let number = self.lowered.effects.len();
        let id = if number == 0 {
            self.id.to_owned()
        } else {
            format!("{} ({})", self.id, number + 1)
        };
        self.lowered.effects.push(Effect {
            id,
            change,
            course: self.at,
            hosts: None,
            cured_by: self.cured_by.to_vec(),
            only: None,
            hosts_of: None,
            confirm: false,
        });
        self.lowered.effects.last_mut().expect("it was just added")
    }

    /// Returns the signal of this name, or the one that the policy's triggers look at first.
    pub fn signal(&self, named: Option<&String>) -> Result<String, Misfit> {
        self.signal_where("a signal", named, |_| true)
    }

    /// As [`Lowering::signal`], of those that are `wanted`.
    pub fn signal_where(
        &self,
        what: &str,
        named: Option<&String>,
        wanted: impl Fn(&Signal) -> bool,
    ) -> Result<String, Misfit> {
        let signals = &self.experiment.telemetry.signals;
        if let Some(name) = named {
            let known = signals.iter().any(|signal| signal.id == *name);
            let missing = || Misfit(format!("no signal is called `{name}`"));
            return known.then(|| name.clone()).ok_or_else(missing);
        }
        let gates = &self.experiment.policy.gates;
        let triggers = gates.iter().filter(|gate| gate.class.is_some());
        let looked_at = triggers.chain(gates).map(|gate| &gate.signal);
        let all = looked_at.chain(signals.iter().map(|signal| &signal.id));
        let fits = |name: &&String| {
            let mut known = signals.iter().filter(|signal| signal.id == **name);
            known.any(&wanted)
        };
        let found = all.into_iter().find(fits);
        found
            .cloned()
            .ok_or_else(|| Misfit(format!("the world has no {what} that this could happen to")))
    }

    /// Returns the signal of this name, or the first that grows by a summand.
    pub fn summed(&self, named: Option<&String>) -> Result<String, Misfit> {
        let grows = |signal: &Signal| !matches!(signal.kind, SignalKind::Latency { .. });
        self.signal_where("signal of failures or levels", named, grows)
    }

    /// Returns a latency that something of what has been lowered would be added to: it grows by factors only.
    pub fn summed_latency(&self) -> Option<&str> {
        let latency = |name: &String| {
            let mut signals = self.experiment.telemetry.signals.iter();
            signals.any(|it| it.id == *name && matches!(it.kind, SignalKind::Latency { .. }))
        };
        let effects = &mut self.lowered.effects.iter();
        effects.find_map(|effect| match &effect.change {
            Change::Add(change) if latency(&change.signal) => Some(change.signal.as_str()),
            _ => None,
        })
    }

    /// Returns a gauge of this name, or any.
    pub fn gauge(&self, named: Option<&String>) -> Result<String, Misfit> {
        let is = |signal: &Signal| matches!(signal.kind, SignalKind::Gauge { .. });
        self.signal_where("gauge", named, is)
            .or_else(|_| self.signal(named))
    }

    /// Returns a latency of this name, or any.
    pub fn latency(&self, named: Option<&String>) -> Result<String, Misfit> {
        let is = |signal: &Signal| matches!(signal.kind, SignalKind::Latency { .. });
        self.signal_where("latency", named, is)
            .or_else(|_| self.signal(named))
    }

    /// Returns the data of a signal, or of all, in a population, or in all.
    pub fn data(
        &self,
        named: Option<&String>,
        population: Option<Population>,
    ) -> Result<DataChange, Misfit> {
        let signal = named.map(|_| self.signal(named)).transpose()?;
        Ok(DataChange { signal, population })
    }

    /// Returns the number and the step of this name, or of the first, where it is `wanted`.
    pub fn step(
        &self,
        named: Option<&String>,
        wanted: impl Fn(&StepEffect) -> bool,
    ) -> Result<(u16, &Step), Misfit> {
        let steps = self.experiment.policy.rollback.steps.iter().enumerate();
        let fits = |step: &Step| named.is_none_or(|name| step.id == *name) && wanted(&step.effect);
        let mut found = steps.filter(|(_, step)| fits(step));
        let missing = || Misfit("the rollback has no step that this could happen to".to_owned());
        let (place, step) = found.next().ok_or_else(missing)?;
        Ok((place as u16, step))
    }

    /// Lets the step of this name, or the first that puts anything back, put the same bad content back.
    pub fn puts_back_the_same(&mut self, named: Option<&String>) -> Result<(), Misfit> {
        let restores = |effect: &StepEffect| {
            matches!(
                effect,
                StepEffect::RestoreConfig | StepEffect::RevertHosts(_)
            )
        };
        let step = self.step(named, restores)?.1.id.clone();
        self.plays(Change::SameContent { step });
        Ok(())
    }

    /// Returns the first signal of a kind that the world may not have.
    pub fn needs_signal(
        &self,
        what: &str,
        wanted: impl Fn(&SignalKind) -> bool,
    ) -> Result<String, Misfit> {
        self.signal_where(what, None, |signal| wanted(&signal.kind))
    }

    /// Refuses an experiment whose policy has no kill switch.
    pub fn needs_kill_switch(&self) -> Result<(), Misfit> {
        let switch = self.experiment.policy.kill_switch.as_ref();
        let missing = || Misfit("the policy has no kill switch".to_owned());
        switch.map(|_| ()).ok_or_else(missing)
    }

    /// Refuses an experiment without people, or without this role.
    pub fn needs_people(&self, role: Option<&String>) -> Result<(), Misfit> {
        let mut people = self.experiment.operators.iter();
        let known = people.any(|person| role.is_none_or(|role| person.role == *role));
        let missing = || Misfit("nobody has that role".to_owned());
        known.then_some(()).ok_or_else(missing)
    }
}

/// An oscillation, unless it is never off.
pub(super) fn cycle(on: SimDuration, off: SimDuration) -> Option<Cycle> {
    (!off.is_zero()).then_some(Cycle { on, off })
}
