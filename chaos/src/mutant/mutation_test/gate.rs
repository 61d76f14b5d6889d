//! Probes of gates: readings at, beside and far beyond each limit, for as long as its window and its
//! neighbours, in the first and the last stage that watch it; and data that are bad in every way.

use sim_core::effect::{Anchor, Change, Course, Cycle, DataChange, SignalChange};
use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::gate::{Flaw, Limit, Measure, Population, Relation};

use super::bad_data::bad_data;
use super::ground::{Ground, reads, within};
use super::made::MutationTest;
use crate::mutant::feature::flaw_feature;
use crate::mutant::manual_triggers::is_manual_trigger;

pub(super) fn add(ground: &Ground<'_>, probes: &mut Vec<MutationTest>) {
    for (place, gate) in ground.base.policy.gates.iter().enumerate() {
        let stages = watchers(ground, gate);
        let (Some(&first), Some(&last)) = (stages.first(), stages.last()) else {
            continue;
        };
        let Some(edge) = LimitEdge::of(gate, ground.readings[place]) else {
            continue;
        };
        let bench = Bench { ground, gate, edge };
        bench.levels(first, probes);
        if is_manual_trigger(gate) {
            continue;
        }
        bench.lengths(first, probes);
        bench.unseen(first, probes);
        if last != first {
            bench.levels(last, probes);
            bench.unseen(last, probes);
        }
        bench.regression(first, ground.readings[place], probes);
        bench.again(first, probes);
    }
    bad_data(ground, probes);
}

/// The stages that watch a gate, as a trigger or as a criterion.
fn watchers(ground: &Ground<'_>, gate: &Gate) -> Vec<usize> {
    let stages = ground.base.policy.stages.iter().enumerate();
    let watches = |list: &[String]| list.contains(&gate.id);
    stages
        .filter(|(_, stage)| watches(&stage.criteria) || watches(&stage.triggers))
        .map(|(place, _)| place)
        .collect()
}

/// A limit, and how far away from it something is that counts.
#[derive(Clone, Copy)]
struct LimitEdge {
    limit: f64,
    unit: f64,
    /// The reading that the limit refers to, where it refers to one.
    reference: Option<f64>,
}

impl LimitEdge {
    fn of(gate: &Gate, reading: Option<f64>) -> Option<Self> {
        let harmful = match gate.breach.is {
            Relation::Above | Relation::AtLeast => 1.0,
            Relation::Below | Relation::AtMost => -1.0,
        };
        let (limit, unit, reference) = match gate.breach.limit {
            Limit::Absolute(0.0) => (0.0, 1.0, None),
            Limit::Absolute(limit) => (limit, limit.abs(), None),
            Limit::Times { factor, .. } => {
                let reading = reading?;
                (
                    factor * reading,
                    ((factor - 1.0) * reading).abs(),
                    reading.into(),
                )
            }
            Limit::Plus { margin, .. } => {
                let reading = reading?;
                (reading + margin, margin.abs(), reading.into())
            }
        };
        Some(Self {
            limit,
            unit: unit * harmful,
            reference,
        })
    }

    /// So many units beyond the limit.
    fn beyond(self, units: f64) -> f64 {
        self.limit + self.unit * units
    }
}

/// One gate, with what it takes to move its readings.
struct Bench<'b, 'e> {
    ground: &'b Ground<'e>,
    gate: &'b Gate,
    edge: LimitEdge,
}

impl Bench<'_, '_> {
    fn window(&self) -> SimDuration {
        self.ground.window(self.gate)
    }

    /// The gate reads a number, in these courses.
    fn probe(&self, what: &str, units: f64, courses: &[Course]) -> MutationTest {
        let value = self.edge.beyond(units);
        let mut changes: Vec<(Change, Course)> = self.steady();
        let moved = self.gate.population;
        let read = |course: &Course| (reads(self.gate, moved, value), *course);
        changes.extend(courses.iter().map(read));
        let name = format!("{} reads {value}, {what}", self.gate.id);
        let mut about = vec![format!("gate:{}", self.gate.id)];
        about.extend(self.gate.class.iter().map(|class| format!("class:{class}")));
        about.extend(courses.first().and_then(|course| self.stage_of(course)));
        // Somebody who calls is no reading: what follows is held to promises of its own.
        let family = if is_manual_trigger(self.gate) {
            "by hand"
        } else {
            "limits"
        };
        self.ground.probe(family, name, about, changes)
    }

    fn stage_of(&self, course: &Course) -> Option<String> {
        let Anchor::StageEntered(stage) = course.from else {
            return None;
        };
        let stage = self.ground.base.policy.stages.get(usize::from(stage))?;
        Some(format!("stage:{}", stage.id))
    }

    /// What the limit refers to reads as it does in a good release, without noise.
    fn steady(&self) -> Vec<(Change, Course)> {
        let (Some(reference), Some(of)) = (self.edge.reference, self.gate.breach.limit.refers_to())
        else {
            return Vec::new();
        };
        let of = match of {
            Population::CanaryBaseline => Population::Canary,
            other => other,
        };
        vec![(reads(self.gate, of, reference), Course::default())]
    }

    /// Different levels, for good, from a while after the stage was entered.
    fn levels(&self, stage: usize, probes: &mut Vec<MutationTest>) {
        let onward = within(stage, self.ground.settled(stage), None);
        let levels = [
            ("for good", 0.5),
            ("for good", -0.25),
            ("for good", 0.0),
            ("for good", 2.5),
        ];
        for (what, units) in levels {
            probes.push(self.probe(what, units, &[onward]));
        }
        // Late enough that the window of the stage is over before that of the gate is full.
        let observe = self.ground.base.policy.stages[stage].observe;
        let wait = observe.saturating_sub(self.ground.beat().saturating_mul(2));
        let late = within(stage, wait, None);
        probes.push(self.probe("as the window ends", 2.5, &[late]));
        let over = Course {
            from: Anchor::WindowOver(stage as u16),
            ..Course::default()
        };
        probes.push(self.probe("when the window is over", 2.5, &[over]));
    }

    /// Far beyond the limit, for lengths around the window.
    fn lengths(&self, stage: usize, probes: &mut Vec<MutationTest>) {
        let (window, beat) = (self.window(), self.ground.beat());
        if window.is_zero() {
            return;
        }
        let after = self.ground.settled(stage);
        let lasting = |lasts: SimDuration| within(stage, after, Some(lasts));
        probes.push(self.probe("not quite for its window", 2.5, &[lasting(window)]));
        let full = window + beat.saturating_mul(2);
        probes.push(self.probe("just for its window", 2.5, &[lasting(full)]));
        let two_thirds = window.mul_f64(0.67);
        probes.push(self.probe("for most of its window", 2.5, &[lasting(two_thirds)]));
        let flapping = Course {
            cycle: Some(Cycle {
                on: window,
                off: beat.saturating_mul(2),
            }),
            ..within(stage, after, None)
        };
        probes.push(self.probe("on and off", 2.5, &[flapping]));
        probes.push(self.hole(stage));
    }

    /// A breach in the middle of which there are no data: it goes on all the same.
    fn hole(&self, stage: usize) -> MutationTest {
        let after = self.ground.settled(stage);
        let mut probe = self.probe("with a hole in it", 2.5, &[within(stage, after, None)]);
        let stale = self.ground.base.telemetry.stale_after;
        let hole = self.gate.over + stale + self.ground.beat().saturating_mul(2);
        let faults = &mut probe.rehearsal.experiment.faults;
        let mut outage = faults.last().expect("the breach is there").clone();
        "hole".clone_into(&mut outage.id);
        outage.change = Change::Outage(DataChange {
            signal: Some(self.gate.signal.clone()),
            population: None,
        });
        outage.course = within(stage, after + self.window() / 2, Some(hole));
        faults.push(outage);
        probe.about.push(flaw_feature(Flaw::Missing).to_owned());
        probe
    }

    /// No data of the gate's own signal as the window of a stage ends, and all the others as they are.
    fn unseen(&self, stage: usize, probes: &mut Vec<MutationTest>) {
        let observe = self.ground.base.policy.stages[stage].observe;
        let change = Change::Outage(DataChange {
            signal: Some(self.gate.signal.clone()),
            population: None,
        });
        let about = vec![format!("gate:{}", self.gate.id)];
        let name = format!("no data of {}", self.gate.signal);
        let course = within(stage, observe / 2, None);
        probes.push(
            self.ground
                .probe("data", name, about, vec![(change, course)]),
        );
    }

    /// The new version really is worse, and the old one is not: what the whole fleet shows is diluted.
    fn regression(&self, stage: usize, reading: Option<f64>, probes: &mut Vec<MutationTest>) {
        let Some(reading) = reading else {
            return;
        };
        let far = self.edge.beyond(0.5);
        let change = |by| SignalChange {
            signal: self.gate.signal.clone(),
            by,
            population: Population::Canary,
        };
        let latency = matches!(self.gate.measure, Measure::Quantile(_));
        let change = if latency && reading > 0.0 {
            Change::Multiply(change(far / reading))
        } else {
            Change::Add(change(far - reading))
        };
        let about = vec![format!("gate:{}", self.gate.id), "fleet".to_owned()];
        let name = format!("{} is worse", self.gate.signal);
        let course = within(stage, self.ground.settled(stage), None);
        probes.push(
            self.ground
                .probe("regression", name, about, vec![(change, course)]),
        );
    }

    /// A breach, and another one in the attempt after it.
    fn again(&self, stage: usize, probes: &mut Vec<MutationTest>) {
        let recovery = self.ground.base.policy.recovery.as_ref();
        if recovery.is_none_or(|recovery| recovery.attempts == 0) || self.gate.class.is_none() {
            return;
        }
        let lasts = self.window() + self.ground.beat().saturating_mul(2);
        let first = within(stage, self.ground.settled(stage), Some(lasts));
        let second = Course {
            from: Anchor::Recovered,
            ..first
        };
        let mut probe = self.probe("in two attempts", 2.5, &[first, second]);
        probe.about.push("recovered".to_owned());
        probes.push(probe);
    }
}
