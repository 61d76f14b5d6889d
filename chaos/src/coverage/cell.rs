//! Where a fault can show: which situations let a change of the world change anything.
//!
//! A fault shows where somebody looks at what it changes. A gate that nobody reads, a switch that nobody
//! throws and a question that nobody asks cannot be gone wrong about, and such cells are not asked for.

use sim_core::Experiment;
use sim_core::effect::{Change, Direction, Mislabel};
use sim_core::engine::Share;
use sim_core::policy::gate::Population;
use sim_core::policy::{Action, Class, Gate, ObservationStart, Policy, Ramp, Stage, StepEffect};
use sim_core::traffic::Split;

use super::Situation;

/// Says whether `change` can show in `situation`, by what the policy does there.
pub fn can_show(experiment: &Experiment, change: &Change, situation: Situation) -> bool {
    let place = Place {
        experiment,
        policy: &experiment.policy,
        situation,
    };
    match change {
        Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
            change.population == Population::Control || place.is_exposed()
        }
        Change::Load { .. } | Change::ControllerDown { .. } => place.lasts(),
        Change::PassGates { .. } => place.reads(),
        Change::Mislabel(wrong) => place.gates().any(|gate| is_answered_by(gate, wrong)),
        data if data.is_about_data() => place.reads(),
        Change::SkipBeats { .. } | Change::Promote => place.is_active(),
        Change::MaskTriggers { stage } => {
            place.reads()
                && place.stage().is_some_and(|here| {
                    stage.as_ref().is_none_or(|name| *name == here.id) && !here.triggers.is_empty()
                })
        }
        Change::Clock { .. } => matches!(situation, Situation::Watching(_) | Situation::Asking(_)),
        Change::Commands(_) | Change::SlowHosts { .. } | Change::UpdatesFail { .. } => {
            place.moves_hosts()
        }
        Change::HostsLost { .. } => by_host(experiment) && place.is_exposed(),
        Change::StrayUpdates { toward, .. } => match toward {
            Direction::New => place.has_room(),
            Direction::Old => place.is_exposed(),
        },
        Change::StepFails { .. }
        | Change::StepPartial { .. }
        | Change::SameContent { .. }
        | Change::Runbook(_) => situation == Situation::Retreating,
        Change::FalseAcks { .. } => situation == Situation::Retreating && place.reverts(),
        Change::StandbyAbsent => {
            situation == Situation::Retreating && place.has_step(&StepEffect::ShiftTraffic)
        }
        Change::KillSwitchNoop | Change::SwitchSlow { .. } => {
            situation == Situation::Killing
                || situation == Situation::Retreating
                    && place.has_step(&StepEffect::ThrowKillSwitch)
        }
        Change::FixForward { .. } => place.gates().any(|gate| place.rolls_back(gate)),
        Change::Answers(change) => place.asks(change.role.as_deref()),
        Change::FlawedEvidence { evidence } => place.looks_at(evidence),
        Change::AcceptWaivers => situation == Situation::Before,
        // A kind of change that nobody has placed is asked for everywhere, so that its gaps are seen.
        _ => true,
    }
}

struct Place<'e> {
    experiment: &'e Experiment,
    policy: &'e Policy,
    situation: Situation,
}

impl<'e> Place<'e> {
    /// The stage that is being played, where the situation names one.
    fn stage(&self) -> Option<&'e Stage> {
        match self.situation {
            Situation::Climbing(stage)
            | Situation::Watching(stage)
            | Situation::Asking(stage)
            | Situation::Standing(stage) => self.policy.stages.get(usize::from(stage)),
            _ => None,
        }
    }

    /// Whether anything stays as it is for a while.
    fn lasts(&self) -> bool {
        match self.situation {
            Situation::Before | Situation::Over(_) => false,
            Situation::Standing(_) => self.stands(),
            Situation::Owing => self.owes(),
            Situation::Climbing(_) => self.climbs(),
            _ => true,
        }
    }

    /// A stage that is observed from its entry on is never only climbed to.
    fn climbs(&self) -> bool {
        let from = self.stage().map(|stage| stage.observe_from);
        from == Some(ObservationStart::Convergence)
    }

    /// A pause lasts where somebody's sign-off ends it; any other pause is the end.
    fn stands(&self) -> bool {
        self.policy.classes.iter().any(signs_a_pause)
    }

    fn owes(&self) -> bool {
        let recovery = self.policy.recovery.as_ref();
        let asks = recovery.is_some_and(|rules| rules.acknowledge.is_some() && rules.attempts > 0);
        asks || self
            .policy
            .classes
            .iter()
            .any(|class| class.sign_off.is_some())
    }

    fn is_active(&self) -> bool {
        match self.situation {
            Situation::Watching(_) | Situation::Asking(_) | Situation::Settling(_) => true,
            Situation::Climbing(_) => self.climbs(),
            _ => false,
        }
    }

    /// Whether any gate is read.
    fn reads(&self) -> bool {
        self.gates().next().is_some()
    }

    /// The gates that are read: triggers at every beat, criteria once the window is over; on a rung the
    /// triggers of whichever stage it was taken from.
    fn gates(&self) -> impl Iterator<Item = &'e Gate> {
        let listed = |stage: &Stage, id: &String| match self.situation {
            Situation::Climbing(_) | Situation::Settling(_) => stage.triggers.contains(id),
            _ => stage.triggers.contains(id) || stage.criteria.contains(id),
        };
        let stages: &[Stage] = match (self.situation, self.stage()) {
            (Situation::Climbing(_), Some(stage)) if self.climbs() => std::slice::from_ref(stage),
            (Situation::Watching(_) | Situation::Asking(_), Some(stage)) => {
                std::slice::from_ref(stage)
            }
            (Situation::Settling(_), _) => &self.policy.stages,
            _ => &[],
        };
        let read = move |gate: &&Gate| stages.iter().any(|stage| listed(stage, &gate.id));
        self.policy.gates.iter().filter(read)
    }

    /// Whether the gate is a trigger that calls for a rollback.
    fn rolls_back(&self, gate: &Gate) -> bool {
        let class = gate.class.as_ref();
        let class = class.and_then(|class| self.policy.class(class));
        class.is_some_and(|class| class.action == Action::Rollback)
    }

    /// Whether hosts serve the new version for long enough that anybody feels it.
    fn is_exposed(&self) -> bool {
        match self.situation {
            Situation::Before | Situation::Over(_) | Situation::Owing => false,
            Situation::Standing(_) | Situation::Climbing(_) => self.lasts(),
            _ => true,
        }
    }

    /// Whether hosts are told one by one to change their version. A stage that is observed from its entry on
    /// is watched while they do.
    fn moves_hosts(&self) -> bool {
        match self.situation {
            Situation::Climbing(_) => self.climbs(),
            Situation::Watching(_) => !self.climbs(),
            Situation::Retreating => self.reverts(),
            _ => false,
        }
    }

    /// Whether a rollback tells hosts to go back.
    fn reverts(&self) -> bool {
        let mut steps = self.policy.rollback.steps.iter();
        steps.any(|step| matches!(step.effect, StepEffect::RevertHosts(_)))
    }

    /// Whether a host is left that does not serve the new version yet.
    fn has_room(&self) -> bool {
        let all = |stage: &Stage| stage.target == Share::ONE;
        match self.situation {
            // A rollout does not end before the moves of hosts that are still to come.
            Situation::Retreating | Situation::Owing => true,
            Situation::Climbing(_) => self.climbs(),
            Situation::Watching(_) | Situation::Asking(_) => !self.stage().is_some_and(all),
            Situation::Standing(_) => self.stands() && !self.stage().is_some_and(all),
            _ => false,
        }
    }

    fn has_step(&self, effect: &StepEffect) -> bool {
        self.policy
            .rollback
            .steps
            .iter()
            .any(|step| step.effect == *effect)
    }

    /// Whether a question is asked in the situation that `role` answers.
    fn asks(&self, role: Option<&str>) -> bool {
        let meant = |asked: Option<&str>| {
            asked.is_some_and(|asked| {
                role.is_none_or(|role| role == asked)
                    && self
                        .experiment
                        .operators
                        .iter()
                        .any(|known| known.role == asked)
            })
        };
        let signs = |wanted: fn(&Class) -> bool| {
            let mut classes = self.policy.classes.iter().filter(|class| wanted(class));
            classes.any(|class| meant(class.sign_off.as_deref()))
        };
        match self.situation {
            Situation::Asking(_) => self
                .stage()
                .is_some_and(|stage| meant(stage.approval.as_deref())),
            Situation::Standing(_) => signs(signs_a_pause),
            Situation::Owing => {
                let rules = self
                    .policy
                    .recovery
                    .as_ref()
                    .filter(|rules| rules.attempts > 0);
                meant(rules.and_then(|rules| rules.acknowledge.as_deref())) || signs(|_| true)
            }
            Situation::Climbing(_) => self.stage().is_some_and(|stage| {
                matches!(stage.ramp, Ramp::Manual { .. }) && meant(stage.approval.as_deref())
            }),
            _ => false,
        }
    }

    /// Whether somebody looks at the evidence: at a stage's entry, or while it holds.
    fn looks_at(&self, evidence: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == evidence);
        match self.situation {
            Situation::Before => {
                names(&self.policy.prerequisites) || names(&self.policy.stages[0].entry)
            }
            Situation::Climbing(_) => {
                self.climbs() && self.stage().is_some_and(|stage| names(&stage.hold))
            }
            Situation::Watching(number) => {
                let next = self.policy.stages.get(usize::from(number) + 1);
                self.stage().is_some_and(|stage| names(&stage.hold))
                    || next.is_some_and(|stage| names(&stage.entry))
            }
            Situation::Asking(_) => self.stage().is_some_and(|stage| names(&stage.hold)),
            _ => false,
        }
    }
}

/// Whether what a gate reads, or is compared with, are samples under a label that is wrong. The fleet as a
/// whole is the same under any labels.
fn is_answered_by(gate: &Gate, wrong: &Mislabel) -> bool {
    let canary = |population| match population {
        Population::Canary | Population::CanaryBaseline => Some(true),
        Population::Control => Some(false),
        Population::Fleet => None,
    };
    let changed = |population| {
        let label = canary(population);
        let loses = label == canary(wrong.from) && !wrong.copied;
        label.is_some() && (label == canary(wrong.to) || loses)
    };
    let control = gate.window.judges() && changed(Population::Control);
    let reference = gate.breach.limit.refers_to().is_some_and(changed);
    let named = wrong
        .signal
        .as_ref()
        .is_none_or(|signal| *signal == gate.signal);
    named && (changed(gate.population) || reference || control)
}

/// Whether a class leaves the rollout standing until somebody has signed.
fn signs_a_pause(class: &Class) -> bool {
    let stands = matches!(class.action, Action::Pause | Action::StepBack);
    stands && class.sign_off.is_some()
}

/// Why a change can show in no situation of a policy.
pub(super) fn why_never(change: &Change) -> &'static str {
    match change {
        Change::Mislabel(_) => "no gate reads the samples whose labels it changes",
        Change::MaskTriggers { .. } => "no stage that it names has triggers",
        Change::HostsLost { .. } => "the traffic is not split by host",
        Change::StandbyAbsent => "no rollback step shifts traffic to the old version",
        Change::Answers(_) => "nobody of that role is asked anything",
        Change::FlawedEvidence { .. } => "nobody looks at that evidence",
        Change::FixForward { .. } => "no trigger calls for a rollback",
        Change::FalseAcks { .. } => "no rollback step tells hosts to go back",
        Change::Commands(_) | Change::SlowHosts { .. } | Change::UpdatesFail { .. } => {
            "no host is moved one by one"
        }
        _ => "nothing in the policy looks at what it changes",
    }
}

fn by_host(experiment: &Experiment) -> bool {
    matches!(experiment.traffic.split, Split::ByHost)
}
