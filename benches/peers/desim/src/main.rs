//! The workloads on desim: processes are coroutines, and time is a float.
#![feature(coroutines, stmt_expr_attributes)]

#[path = "../../../src/clock.rs"]
#[expect(dead_code, reason = "the benches measure more ways")]
mod clock;
#[path = "../../src/rollout.rs"]
#[expect(dead_code, reason = "other engines share state in other ways")]
mod rollout;
#[path = "../../src/work.rs"]
#[expect(dead_code, reason = "other engines stop in other ways")]
mod work;
#[path = "../../src/workload.rs"]
#[expect(dead_code, reason = "the driver's part is the driver's")]
mod workload;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use desim::resources::SimpleStore;
use desim::{Effect, EndCondition, Process, SimContext, SimState, Simulation};

use rollout::{DAY, Gate, HOSTS, MINUTE, SCRAPE, SECOND};
use work::{Counter, Hold, Measured, PROCESSES, Phold};
use workload::Workload;

/// An effect that is not kept in a log; desim keeps every event of plain effects.
#[derive(Clone, Copy)]
struct Quiet(Effect);

impl SimState for Quiet {
    fn get_effect(&self) -> Effect {
        self.0
    }
    fn set_effect(&mut self, effect: Effect) {
        self.0 = effect;
    }
    fn should_log(&self) -> bool {
        false
    }
}

type Boxed = Box<Process<Quiet>>;

fn wait(ticks: u64) -> Quiet {
    Quiet(Effect::TimeOut(ticks as f64))
}

fn ticks(context: &SimContext<Quiet>) -> u64 {
    context.time() as u64
}

fn start(simulation: &mut Simulation<Quiet>, at: u64, process: Boxed) -> usize {
    let id = simulation.create_process(process);
    simulation.schedule_event(at as f64, id, wait(0));
    id
}

/// Runs it and says how long that took, without the time of forgetting it.
fn run(simulation: Simulation<Quiet>, until: EndCondition) -> Duration {
    let mut simulation = Some(simulation);
    clock::time(|| simulation = simulation.take().map(|simulation| simulation.run(until)))
}

fn hold(pending: u64, steps: u64) -> Measured {
    let model = Rc::new(RefCell::new(Hold::new(steps)));
    let mut simulation = Simulation::new();
    for _ in 0..pending {
        let first = model.borrow_mut().first();
        let model = Rc::clone(&model);
        let process = #[coroutine]
        move |mut context: SimContext<Quiet>| loop {
            let step = model.borrow_mut().step(ticks(&context));
            let Some(delay) = step else { return };
            context = yield wait(delay);
        };
        start(&mut simulation, first, Box::new(process));
    }
    let cpu = run(simulation, EndCondition::NSteps(steps as usize));
    let outcome = model.borrow().outcome();
    Measured {
        count: steps,
        cpu,
        outcome,
    }
}

fn phold(events: u64) -> Measured {
    let model = Rc::new(RefCell::new(Phold::new(events)));
    let mut simulation = Simulation::new();
    for number in 0..PROCESSES {
        let first = model.borrow().first(number);
        let model = Rc::clone(&model);
        let process = #[coroutine]
        move |mut context: SimContext<Quiet>| loop {
            let step = model.borrow_mut().step(ticks(&context), number);
            let Some((to, delay)) = step else { return };
            let (time, process) = (delay as f64, to as usize);
            context = yield Quiet(Effect::Event { time, process });
        };
        assert_eq!(
            start(&mut simulation, first, Box::new(process)),
            number as usize
        );
    }
    let cpu = run(simulation, EndCondition::NSteps(events as usize));
    let outcome = model.borrow().outcome();
    Measured {
        count: events,
        cpu,
        outcome,
    }
}

/// One process lets customers come and puts them into a store, another takes them out and serves them.
fn counter(customers: u64) -> Measured {
    let model = Rc::new(RefCell::new(Counter::new(customers)));
    let mut simulation = Simulation::new();
    let line = simulation.create_store(Box::new(SimpleStore::new(usize::MAX)));
    let serve = Rc::clone(&model);
    let server = #[coroutine]
    move |_: SimContext<Quiet>| loop {
        let context = yield Quiet(Effect::Pull(line));
        let needs = serve.borrow_mut().depart(ticks(&context));
        yield wait(needs.expect("a customer was in the store"));
    };
    let come = Rc::clone(&model);
    let door = #[coroutine]
    move |context: SimContext<Quiet>| {
        let mut now = ticks(&context);
        loop {
            come.borrow_mut().queue_up(now);
            yield Quiet(Effect::Push(line));
            let next = come.borrow_mut().next_arrival();
            let Some(delay) = next else { return };
            let context: SimContext<Quiet> = yield wait(delay);
            now = ticks(&context);
        }
    };
    let first = model
        .borrow_mut()
        .next_arrival()
        .expect("there is a customer");
    start(&mut simulation, first, Box::new(door));
    start(&mut simulation, 0, Box::new(server));
    let cpu = run(simulation, EndCondition::NoEvents);
    let outcome = model.borrow().outcome();
    Measured {
        count: customers,
        cpu,
        outcome,
    }
}

fn judge(gate: &Rc<RefCell<Gate>>, is_fleet: bool) -> Boxed {
    let gate = Rc::clone(gate);
    Box::new(
        #[coroutine]
        move |mut context: SimContext<Quiet>| loop {
            let now = ticks(&context);
            if is_fleet {
                gate.borrow_mut().take_minute(now);
            }
            gate.borrow_mut().judge(now);
            if now + MINUTE > DAY {
                return;
            }
            context = yield wait(MINUTE);
        },
    )
}

fn hosts() -> Measured {
    let gate = Rc::new(RefCell::new(Gate::new()));
    let mut simulation = Simulation::new();
    for number in 0..HOSTS {
        let gate = Rc::clone(&gate);
        let process = #[coroutine]
        move |mut context: SimContext<Quiet>| loop {
            let now = ticks(&context);
            let level = gate.borrow().level(now, number);
            gate.borrow_mut().take(level);
            if now + SCRAPE > DAY {
                return;
            }
            context = yield wait(SCRAPE);
        };
        start(&mut simulation, SCRAPE - SECOND, Box::new(process));
    }
    start(&mut simulation, MINUTE, judge(&gate, false));
    let cpu = run(simulation, EndCondition::NoEvents);
    let outcome = gate.borrow().outcome();
    Measured {
        count: 1,
        cpu,
        outcome,
    }
}

fn fleet(rollouts: u64) -> Measured {
    let gate = Rc::new(RefCell::new(Gate::new()));
    let cpu = clock::time(|| {
        for _ in 0..rollouts {
            let mut simulation = Simulation::new();
            start(&mut simulation, MINUTE, judge(&gate, true));
            simulation.run(EndCondition::NoEvents);
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

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "version") {
        println!("desim 0.4.0");
        return;
    }
    let name = words.last().map_or("", String::as_str);
    let measured = match Workload::named(name) {
        Ok(Workload::Hold { pending, steps }) => hold(pending, steps),
        Ok(Workload::Phold { events }) => phold(events),
        Ok(Workload::Counter { customers }) => counter(customers),
        Ok(Workload::Hosts) => hosts(),
        Ok(Workload::Fleet { rollouts }) => fleet(rollouts),
        _ => {
            eprintln!("usage: peer-desim one desim WORKLOAD | peer-desim version");
            std::process::exit(1);
        }
    };
    println!("{}", workload::line(&measured));
}
