//! The workloads on simcore, the core of DSLab: components that handle boxed events.

use std::cell::RefCell;
use std::rc::Rc;

use ::simcore::{Event, EventHandler, Id, Simulation, SimulationContext, cast};
use serde::Serialize;

use crate::clock;
use crate::rollout::{DAY, Gate, HOSTS, MINUTE, SCRAPE, SECOND};
use crate::work::{Counter, Hold, Measured, PROCESSES, Phold};

fn ticks(ctx: &SimulationContext) -> u64 {
    ctx.time() as u64
}

#[derive(Clone, Serialize)]
struct Held {
    number: u32,
}

struct Holder {
    model: Hold,
    ctx: SimulationContext,
}

impl EventHandler for Holder {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Held { number } => {
                if let Some(delay) = self.model.step(ticks(&self.ctx)) {
                    self.ctx.emit_self(Held { number }, delay as f64);
                }
            }
        })
    }
}

pub fn hold(pending: u64, steps: u64) -> Measured {
    let mut simulation = Simulation::new(1);
    let ctx = simulation.create_context("holder");
    let holder = Rc::new(RefCell::new(Holder {
        model: Hold::new(steps),
        ctx,
    }));
    simulation.add_handler("holder", holder.clone());
    for event in 0..pending {
        let first = holder.borrow_mut().model.first();
        holder.borrow().ctx.emit_self(
            Held {
                number: event as u32,
            },
            first as f64,
        );
    }
    let cpu = clock::time(|| {
        simulation.steps(steps);
    });
    let outcome = holder.borrow().model.outcome();
    Measured {
        count: steps,
        cpu,
        outcome,
    }
}

#[derive(Clone, Serialize)]
struct Arrival {}

struct Process {
    number: u64,
    first_id: Id,
    model: Rc<RefCell<Phold>>,
    ctx: SimulationContext,
}

impl EventHandler for Process {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Arrival {} => {
                let step = self.model.borrow_mut().step(ticks(&self.ctx), self.number);
                if let Some((to, delay)) = step {
                    self.ctx
                        .emit(Arrival {}, self.first_id + to as Id, delay as f64);
                }
            }
        })
    }
}

pub fn phold(events: u64) -> Measured {
    let mut simulation = Simulation::new(1);
    let model = Rc::new(RefCell::new(Phold::new(events)));
    let mut first_id = 0;
    for number in 0..PROCESSES {
        let name = format!("process {number}");
        let ctx = simulation.create_context(&name);
        if number == 0 {
            first_id = ctx.id();
        }
        assert_eq!(
            ctx.id(),
            first_id + number as Id,
            "components are numbered in order"
        );
        ctx.emit_self(Arrival {}, model.borrow().first(number) as f64);
        let model = Rc::clone(&model);
        let process = Process {
            number,
            first_id,
            model,
            ctx,
        };
        simulation.add_handler(&name, Rc::new(RefCell::new(process)));
    }
    let cpu = clock::time(|| {
        simulation.steps(events);
    });
    let outcome = model.borrow().outcome();
    Measured {
        count: events,
        cpu,
        outcome,
    }
}

#[derive(Clone, Serialize)]
struct Comes {}

#[derive(Clone, Serialize)]
struct Leaves {}

struct Server {
    model: Counter,
    ctx: SimulationContext,
}

impl EventHandler for Server {
    fn on(&mut self, event: Event) {
        let now = ticks(&self.ctx);
        cast!(match event.data {
            Comes {} => {
                if let Some(needs) = self.model.arrive(now) {
                    self.ctx.emit_self(Leaves {}, needs as f64);
                }
                if let Some(delay) = self.model.next_arrival() {
                    self.ctx.emit_self(Comes {}, delay as f64);
                }
            }
            Leaves {} => {
                if let Some(needs) = self.model.depart(now) {
                    self.ctx.emit_self(Leaves {}, needs as f64);
                }
            }
        })
    }
}

pub fn counter(customers: u64) -> Measured {
    let mut simulation = Simulation::new(1);
    let ctx = simulation.create_context("server");
    let server = Rc::new(RefCell::new(Server {
        model: Counter::new(customers),
        ctx,
    }));
    simulation.add_handler("server", server.clone());
    let first = server
        .borrow_mut()
        .model
        .next_arrival()
        .expect("there is a customer");
    server.borrow().ctx.emit_self(Comes {}, first as f64);
    let cpu = clock::time(|| simulation.step_until_no_events());
    let outcome = server.borrow().model.outcome();
    Measured {
        count: customers,
        cpu,
        outcome,
    }
}

#[derive(Clone, Serialize)]
struct Tick {}

struct Host {
    number: u64,
    gate: Rc<RefCell<Gate>>,
    ctx: SimulationContext,
}

impl EventHandler for Host {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Tick {} => {
                let now = ticks(&self.ctx);
                let mut gate = self.gate.borrow_mut();
                let level = gate.level(now, self.number);
                gate.take(level);
                if now + SCRAPE <= DAY {
                    self.ctx.emit_self(Tick {}, SCRAPE as f64);
                }
            }
        })
    }
}

struct Judge {
    is_fleet: bool,
    gate: Rc<RefCell<Gate>>,
    ctx: SimulationContext,
}

impl EventHandler for Judge {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Tick {} => {
                let now = ticks(&self.ctx);
                let mut gate = self.gate.borrow_mut();
                if self.is_fleet {
                    gate.take_minute(now);
                }
                gate.judge(now);
                if now + MINUTE <= DAY {
                    self.ctx.emit_self(Tick {}, MINUTE as f64);
                }
            }
        })
    }
}

fn add_judge(simulation: &mut Simulation, gate: &Rc<RefCell<Gate>>, is_fleet: bool) {
    let ctx = simulation.create_context("judge");
    ctx.emit_self(Tick {}, MINUTE as f64);
    let gate = Rc::clone(gate);
    let judge = Judge {
        is_fleet,
        gate,
        ctx,
    };
    simulation.add_handler("judge", Rc::new(RefCell::new(judge)));
}

pub fn hosts() -> Measured {
    let mut simulation = Simulation::new(1);
    let gate = Rc::new(RefCell::new(Gate::new()));
    for number in 0..HOSTS {
        let name = format!("host {number}");
        let ctx = simulation.create_context(&name);
        ctx.emit_self(Tick {}, (SCRAPE - SECOND) as f64);
        let gate = Rc::clone(&gate);
        let host = Host { number, gate, ctx };
        simulation.add_handler(&name, Rc::new(RefCell::new(host)));
    }
    add_judge(&mut simulation, &gate, false);
    let cpu = clock::time(|| simulation.step_until_no_events());
    let outcome = gate.borrow().outcome();
    Measured {
        count: 1,
        cpu,
        outcome,
    }
}

pub fn fleet(rollouts: u64) -> Measured {
    let gate = Rc::new(RefCell::new(Gate::new()));
    let cpu = clock::time(|| {
        for _ in 0..rollouts {
            let mut simulation = Simulation::new(1);
            add_judge(&mut simulation, &gate, true);
            simulation.step_until_no_events();
            gate.borrow_mut().start_over();
        }
    });
    let outcome = gate.borrow().outcome();
    Measured {
        count: rollouts,
        cpu,
        outcome,
    }
}
