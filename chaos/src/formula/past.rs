//! The evaluation of formulas: from a history to the instants at which each formula holds.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::{Event, History};
use sim_core::policy::Judgement;
use sim_core::{Experiment, Outcome, Run};

use super::ast::{Bounds, Comparison, Formula, GateState, Term};
use super::quantity::{Quantity, happens};
use super::sets::Set;
use super::valuation::Valuation;

/// When a formula holds: whatever comes later, and possibly.
pub(super) struct Both {
    pub must: Set,
    pub may: Set,
}

impl Both {
    fn sure(set: Set) -> Self {
        Self {
            must: set.clone(),
            may: set,
        }
    }

    fn not(self) -> Self {
        Self {
            must: self.may.complement(),
            may: self.must.complement(),
        }
    }

    fn map(self, change: impl Fn(&Set) -> Set) -> Self {
        Self {
            must: change(&self.must),
            may: change(&self.may),
        }
    }

    fn with(self, other: &Self, join: impl Fn(&Set, &Set) -> Set) -> Self {
        Self {
            must: join(&self.must, &other.must),
            may: join(&self.may, &other.may),
        }
    }
}

/// A history, as far as formulas ask for it.
pub(super) struct Past<'r> {
    experiment: &'r Experiment,
    history: &'r History,
    /// What each instant at which something happened ended with, in order.
    pub scenes: Vec<(u64, Valuation)>,
    /// When the rollout ended.
    pub end: u64,
    /// The last instant that a formula can ask for, beyond the end by its own bounds.
    pub last: u64,
    cut_off: bool,
}

impl<'r> Past<'r> {
    /// Goes through a history; a formula may look beyond its end by `reach`.
    pub fn of(experiment: &'r Experiment, run: &'r Run, reach: SimDuration) -> Self {
        let mut scene = Valuation::beginning(experiment);
        let mut scenes: Vec<(u64, Valuation)> = vec![(0, scene.clone())];
        for (at, event) in &run.history {
            scene.note(experiment, event);
            match scenes.last_mut() {
                Some((when, known)) if *when == at.as_nanos() => *known = scene.clone(),
                _ => scenes.push((at.as_nanos(), scene.clone())),
            }
        }
        let (end, known) = scenes.last_mut().expect("there is a beginning");
        known.set(
            Quantity::ExposedErrorMinutes,
            run.harm.exposed_error_minutes,
        );
        known.set(Quantity::ExposedRequests, run.harm.exposed_requests);
        let end = *end;
        Self {
            experiment,
            history: &run.history,
            scenes,
            end,
            last: end.saturating_add(reach.as_nanos()),
            cut_off: run.outcome == Outcome::Unfinished,
        }
    }

    /// Returns when a formula holds.
    pub fn both(&self, formula: &Formula) -> Both {
        match formula {
            Formula::Happens(event) => self.happening(*event),
            Formula::Compare(comparison) => self.during(|scene| self.holds(comparison, scene)),
            Formula::Gate(state, id) => self.during(|scene| self.gate_is(*state, id, scene)),
            Formula::Not(one) => self.both(one).not(),
            Formula::And(one, two) => self.both(one).with(&self.both(two), Set::intersection),
            Formula::Or(one, two) => self.both(one).with(&self.both(two), Set::union),
            Formula::Implies(one, two) => self.both(one).not().with(&self.both(two), Set::union),
            Formula::Eventually(bounds, one) => self.both(one).map(|set| self.ahead(set, *bounds)),
            Formula::Always(bounds, one) => {
                let never = self.both(one).not();
                never.map(|set| self.ahead(set, *bounds)).not()
            }
            Formula::Once(bounds, one) => self.both(one).map(|set| match bounds {
                Some(bounds) => set.back(bounds.from.as_nanos(), bounds.to.as_nanos()),
                None => set.back(0, u64::MAX),
            }),
            Formula::Final(one) => self.both(one).map(|set| {
                if set.has(self.end) {
                    Set::full(self.last)
                } else {
                    Set::empty(self.last)
                }
            }),
        }
    }

    fn happening(&self, event: usize) -> Both {
        let times = self.history.iter().filter(|(_, seen)| happens(event, seen));
        let at = |(at, _): &(SimTime, Event)| (at.as_nanos(), at.as_nanos());
        self.open(Set::of(times.map(at).collect(), self.last))
    }

    /// The instants from which one of the set lies ahead; without bounds, up to the end.
    fn ahead(&self, set: &Set, bounds: Option<Bounds>) -> Set {
        if let Some(bounds) = bounds {
            set.ahead(bounds.from.as_nanos(), bounds.to.as_nanos())
        } else {
            let until = Set::of(vec![(0, self.end)], self.last);
            let within = set.intersection(&until).ahead(0, u64::MAX);
            within.union(&set.intersection(&until.complement()))
        }
    }

    /// What is known up to the end; beyond it nothing happens, unless the rollout was cut off.
    fn open(&self, set: Set) -> Both {
        if !self.cut_off || self.last == self.end {
            return Both::sure(set);
        }
        let beyond = Set::of(vec![(self.end + 1, self.last)], self.last);
        Both {
            must: set.intersection(&beyond.complement()),
            may: set.union(&beyond),
        }
    }

    /// The instants at which what was true of the scene still is.
    fn during(&self, is_so: impl Fn(&Valuation) -> bool) -> Both {
        let ends = self.scenes.iter().skip(1).map(|(at, _)| at - 1);
        let ends = ends.chain([self.last]);
        let stretches = self.scenes.iter().zip(ends);
        let held = stretches.filter(|((_, scene), _)| is_so(scene));
        let ranges = held.map(|((from, _), to)| (*from, to)).collect();
        self.open(Set::of(ranges, self.last))
    }

    /// Returns what a term amounts to in a scene; a NaN is nothing yet.
    pub fn value(&self, term: &Term, scene: &Valuation) -> f64 {
        match term {
            Term::Number(number) => *number,
            Term::Quantity(quantity) => scene.value(*quantity),
            Term::Stage(id) => {
                let place = self.experiment.policy.stage_index(id);
                place.map_or(f64::NAN, |place| place as f64)
            }
        }
    }

    fn holds(&self, comparison: &Comparison, scene: &Valuation) -> bool {
        let Comparison { left, is, right } = comparison;
        is.holds(self.value(left, scene), self.value(right, scene))
    }

    fn gate_is(&self, state: GateState, id: &str, scene: &Valuation) -> bool {
        let gates = &self.experiment.policy.gates;
        let number = gates.iter().position(|gate| gate.id == *id);
        let Some((judgement, flaw)) = number.and_then(|number| scene.gate(number)) else {
            return false;
        };
        match state {
            GateState::Passing => judgement == Judgement::Pass,
            GateState::Breaching => judgement == Judgement::Breach,
            GateState::Flawed => flaw.is_some(),
        }
    }
}
