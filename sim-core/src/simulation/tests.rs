//! Another controller on the same plant.

use std::convert::Infallible;

use super::Simulation;
use crate::controller::Control;
use crate::engine::{Distribution, SimDuration, SimTime};
use crate::fleet::Toward;
use crate::history::{Event, Outcome};
use crate::plan::{Plan, Seed};
use crate::plant::{Plant, ScheduledEvent};

/// Ticks every minute as Flagger does, and moves a fifth of the hosts at a tick.
#[derive(Clone)]
struct Ticker {
    next: SimTime,
}

impl Control for Ticker {
    type Parting = Infallible;

    fn begin(&mut self, plant: &mut Plant<'_>) {
        plant.record(Event::Started);
    }

    fn next_wake(&self) -> SimTime {
        self.next
    }

    fn wake(&mut self, plant: &mut Plant<'_>) -> Option<Infallible> {
        self.next = self.next.saturating_add(SimDuration::from_mins(1));
        let plan = plant.plan;
        if plant.serving() == plan.units {
            plant.end(Outcome::Completed);
        } else {
            let update = &plan.experiment.fleet.update;
            let done = ScheduledEvent::WaveDone { epoch: 0 };
            plant.begin_wave(Toward::New, plan.units / 5, update, done);
        }
        None
    }

    fn postpones(&mut self, _: &mut Plant<'_>, _: ScheduledEvent) -> bool {
        false
    }

    fn hear(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> Option<Infallible> {
        if matches!(event, ScheduledEvent::WaveDone { .. }) {
            plant.note_exposure();
        }
        None
    }

    fn part<'p>(&mut self, _: &mut Plant<'p>, parting: Infallible) -> Vec<(Plant<'p>, Self)> {
        match parting {}
    }
}

/// Ten hosts that take ten seconds each, all at once: a fifth of them is there ten seconds after each tick.
#[test]
fn another_controller_finds_the_same_plant_and_the_same_history() {
    let mut experiment = crate::example::wedge();
    experiment.fleet.hosts = 10;
    experiment.fleet.update.parallel = None;
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::from_secs(10));
    let plan = Plan::new(&experiment);
    let mut played = Simulation {
        plant: Plant::new(
            &plan,
            Seed {
                root: 7,
                replication: 0,
            },
        ),
        controller: Ticker {
            next: SimTime::after(SimDuration::from_mins(1)),
        },
    };
    played.plant.recorder.keep_history();
    played.begin();
    while !played.is_over() {
        assert!(played.step().is_empty(), "nobody parts");
    }
    let figures = played.figures();
    assert_eq!(figures.outcome, Outcome::Completed);
    assert_eq!(figures.exposure.reached_max.ppm(), 1_000_000);
    assert_eq!(figures.ended, SimTime::after(SimDuration::from_mins(6)));
    let history = played.plant.recorder.into_history();
    let history = history.expect("it was kept");
    let reached = history.iter().filter_map(|(at, event)| match event {
        Event::Exposure { reached } => Some((at.as_nanos() / 1_000_000_000, reached.ppm() / 1000)),
        _ => None,
    });
    let fifths = [(70, 200), (130, 400), (190, 600), (250, 800), (310, 1000)];
    assert_eq!(reached.collect::<Vec<_>>(), fifths);
}
