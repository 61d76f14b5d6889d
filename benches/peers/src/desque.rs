//! The workloads on desque: an event is a boxed object that is executed on the state.

use ::desque::SimState;
use ::desque::serial::{OkEvent, Simulation};

use crate::clock;
use crate::rollout::{DAY, Gate, HOSTS, MINUTE, SCRAPE, SECOND};
use crate::work::{Counter, Hold, Measured, PROCESSES, Phold};

/// Runs it and says how long that took.
fn run<S: SimState<u64>>(simulation: &mut Simulation<S, u64>) -> std::time::Duration {
    clock::time(|| simulation.run().expect("no event fails"))
}

/// Plans an event; none of the workloads plans one in the past.
fn plan<S, E>(simulation: &mut Simulation<S, u64>, event: E, at: u64)
where
    S: SimState<u64>,
    E: OkEvent<S, u64> + 'static,
{
    simulation
        .schedule(event, at)
        .expect("time does not go back");
}

impl SimState<u64> for Hold {
    fn is_complete(&self, _: &u64) -> bool {
        self.is_done()
    }
}

#[derive(Debug)]
struct Held(u32);

impl OkEvent<Hold, u64> for Held {
    fn execute(&mut self, simulation: &mut Simulation<Hold, u64>) {
        let now = *simulation.current_time();
        if let Some(delay) = simulation.state_mut().step(now) {
            plan(simulation, Held(self.0), now + delay);
        }
    }
}

pub fn hold(pending: u64, steps: u64) -> Measured {
    let mut model = Hold::new(steps);
    let firsts: Vec<u64> = (0..pending).map(|_| model.first()).collect();
    let mut simulation = Simulation::new(model, 0);
    for (event, first) in firsts.into_iter().enumerate() {
        plan(&mut simulation, Held(event as u32), first);
    }
    let cpu = run(&mut simulation);
    Measured {
        count: steps,
        cpu,
        outcome: simulation.state().outcome(),
    }
}

impl SimState<u64> for Phold {
    fn is_complete(&self, _: &u64) -> bool {
        self.is_done()
    }
}

#[derive(Debug)]
struct Arrival(u64);

impl OkEvent<Phold, u64> for Arrival {
    fn execute(&mut self, simulation: &mut Simulation<Phold, u64>) {
        let now = *simulation.current_time();
        if let Some((to, delay)) = simulation.state_mut().step(now, self.0) {
            plan(simulation, Arrival(to), now + delay);
        }
    }
}

pub fn phold(events: u64) -> Measured {
    let model = Phold::new(events);
    let firsts: Vec<u64> = (0..PROCESSES).map(|process| model.first(process)).collect();
    let mut simulation = Simulation::new(model, 0);
    for (process, first) in firsts.into_iter().enumerate() {
        plan(&mut simulation, Arrival(process as u64), first);
    }
    let cpu = run(&mut simulation);
    Measured {
        count: events,
        cpu,
        outcome: simulation.state().outcome(),
    }
}

impl SimState<u64> for Counter {}

#[derive(Debug)]
struct Comes;

#[derive(Debug)]
struct Leaves;

impl OkEvent<Counter, u64> for Comes {
    fn execute(&mut self, simulation: &mut Simulation<Counter, u64>) {
        let now = *simulation.current_time();
        if let Some(needs) = simulation.state_mut().arrive(now) {
            plan(simulation, Leaves, now + needs);
        }
        if let Some(delay) = simulation.state_mut().next_arrival() {
            plan(simulation, Comes, now + delay);
        }
    }
}

impl OkEvent<Counter, u64> for Leaves {
    fn execute(&mut self, simulation: &mut Simulation<Counter, u64>) {
        let now = *simulation.current_time();
        if let Some(needs) = simulation.state_mut().depart(now) {
            plan(simulation, Leaves, now + needs);
        }
    }
}

pub fn counter(customers: u64) -> Measured {
    let mut model = Counter::new(customers);
    let first = model.next_arrival().expect("there is a customer");
    let mut simulation = Simulation::new(model, 0);
    plan(&mut simulation, Comes, first);
    let cpu = run(&mut simulation);
    Measured {
        count: customers,
        cpu,
        outcome: simulation.state().outcome(),
    }
}

impl SimState<u64> for Gate {}

#[derive(Debug)]
struct Scrape(u64);

#[derive(Debug)]
struct Judgement;

#[derive(Debug)]
struct Minute;

impl OkEvent<Gate, u64> for Scrape {
    fn execute(&mut self, simulation: &mut Simulation<Gate, u64>) {
        let now = *simulation.current_time();
        let gate = simulation.state_mut();
        gate.take(gate.level(now, self.0));
        if now + SCRAPE <= DAY {
            plan(simulation, Scrape(self.0), now + SCRAPE);
        }
    }
}

impl OkEvent<Gate, u64> for Judgement {
    fn execute(&mut self, simulation: &mut Simulation<Gate, u64>) {
        let now = *simulation.current_time();
        simulation.state_mut().judge(now);
        if now + MINUTE <= DAY {
            plan(simulation, Judgement, now + MINUTE);
        }
    }
}

pub fn hosts() -> Measured {
    let mut simulation = Simulation::new(Gate::new(), 0);
    for host in 0..HOSTS {
        plan(&mut simulation, Scrape(host), SCRAPE - SECOND);
    }
    plan(&mut simulation, Judgement, MINUTE);
    let cpu = run(&mut simulation);
    Measured {
        count: 1,
        cpu,
        outcome: simulation.state().outcome(),
    }
}

/// Borrows the gate of all rollouts for one of them.
struct Lent<'gate>(&'gate mut Gate);

impl SimState<u64> for Lent<'_> {}

impl OkEvent<Lent<'_>, u64> for Minute {
    fn execute(&mut self, simulation: &mut Simulation<Lent<'_>, u64>) {
        let now = *simulation.current_time();
        simulation.state_mut().0.take_minute(now);
        simulation.state_mut().0.judge(now);
        if now + MINUTE <= DAY {
            plan(simulation, Minute, now + MINUTE);
        }
    }
}

pub fn fleet(rollouts: u64) -> Measured {
    let mut gate = Gate::new();
    let cpu = clock::time(|| {
        for _ in 0..rollouts {
            {
                let mut simulation = Simulation::new(Lent(&mut gate), 0);
                plan(&mut simulation, Minute, MINUTE);
                simulation.run().expect("no event fails");
            }
            gate.start_over();
        }
    });
    Measured {
        count: rollouts,
        cpu,
        outcome: gate.outcome(),
    }
}
