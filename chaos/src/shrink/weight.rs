//! Weights: which of two rehearsals is the smaller.

use sim_core::effect::{Anchor, Course};
use sim_core::engine::{Distribution, SimDuration};

use super::layers::layers;
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// How much there is to understand in a rehearsal; the first part that differs decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight {
    /// The number of faults.
    pub faults: u32,
    /// The number of layers on which they sit.
    pub layers: u32,
    /// The effects of the release and of the scenario, and the flaws of its evidence.
    pub given: u32,
    /// The number of stages.
    pub stages: u32,
    /// The number of hosts.
    pub hosts: u32,
    /// The number of regions among which they are spread.
    pub regions: u32,
    /// The number of things that are left to chance about updates and people.
    pub chances: u32,
    /// How long it is played at most, in nanoseconds.
    pub horizon: u64,
    /// The number of faults that come and go, that grow, and that are healed.
    pub turns: u32,
    /// How long the faults last, in nanoseconds; for ever is the most there is.
    pub lasts: u128,
    /// The parameters that are not the catalogue's own, and the remedies that are named.
    pub unusual: u32,
    /// The sum of the strengths, in parts per million.
    pub strength: u64,
    /// The time by which the faults come after what they are counted from, in nanoseconds.
    pub distance: u128,
    /// The number of faults that are counted from the start although they come later.
    pub unanchored: u32,
}

impl Weight {
    /// Weighs a rehearsal.
    pub fn of(rehearsal: &Rehearsal) -> Self {
        let injections = &rehearsal.injections;
        let courses = || injections.iter().map(Injection::course);
        let experiment = &rehearsal.experiment;
        Self {
            faults: injections.len() as u32,
            layers: layers(injections),
            given: (experiment.release.len() + experiment.faults.len() + experiment.evidence.len())
                as u32,
            stages: experiment.policy.stages.len() as u32,
            hosts: experiment.fleet.hosts,
            regions: experiment.fleet.regions.len() as u32,
            chances: chances(rehearsal),
            horizon: experiment.horizon.as_nanos(),
            turns: courses().map(turns).sum(),
            lasts: courses().map(lasts).sum(),
            unusual: injections.iter().map(unusual).sum(),
            strength: courses().map(strength).sum(),
            distance: courses()
                .map(|course| u128::from(course.after.as_nanos()))
                .sum(),
            unanchored: courses().map(unanchored).sum(),
        }
    }
}

fn chances(rehearsal: &Rehearsal) -> u32 {
    let experiment = &rehearsal.experiment;
    let update = &experiment.fleet.update;
    let own = [
        experiment.fleet.host_effect != 0.0,
        !matches!(update.takes, Distribution::Constant(_)),
        update.common != 0.0,
        update.fails != 0.0,
        update.stragglers.is_some(),
    ];
    let people = experiment.operators.iter().flat_map(|person| {
        let open = !matches!(person.answers_in, Distribution::Constant(_));
        [open, person.silent != 0.0]
    });
    own.into_iter().chain(people).map(u32::from).sum()
}

fn turns(course: Course) -> u32 {
    let (turns, heals) = (course.cycle.is_some(), course.until.is_some());
    u32::from(turns) + u32::from(heals) + u32::from(course.ramp > SimDuration::ZERO)
}

fn lasts(course: Course) -> u128 {
    course.lasts.map_or(u64::MAX, SimDuration::as_nanos).into()
}

fn strength(course: Course) -> u64 {
    (course.strength * 1e6 + 0.5) as u64
}

fn unanchored(course: Course) -> u32 {
    u32::from(course.from == Anchor::Start && course.after > SimDuration::ZERO)
}

/// Counts what is not as the catalogue has it.
fn unusual(injection: &Injection) -> u32 {
    let json = |fault| serde_json::to_value(fault).expect("a fault has text keys");
    let (own, usual) = (
        json(&injection.fault),
        json(&(injection.fault.entry().default)()),
    );
    let name = injection.fault.name();
    let differ = match (own[name].as_object(), usual[name].as_object()) {
        (Some(own), Some(usual)) => {
            let differs =
                |(key, value): &(&String, &serde_json::Value)| usual.get(*key) != Some(*value);
            own.iter().filter(differs).count()
        }
        _ => usize::from(own != usual),
    };
    (differ + injection.cured_by.len()) as u32
}
