#!/usr/bin/env bash
# desim: what is planned "after 5" is planned at 5, so that the clock goes back; equal times come in no order.
#
# Product   desim 0.4.0 (crates.io), a simulation framework in the manner of SimPy. It needs an unstable feature of
#           the compiler (coroutines); RUSTC_BOOTSTRAP=1 lets a stable one have it.
# What      1. `schedule_event(time, ...)` takes `time` for an instant. Called at 10 with 5 it plans an event at 5, and the
#           next step sets the clock from 10 back to 5. From a process, `Effect::Event {time, ...}` is relative.
#           2. Twelve processes that are planned for one instant, in the order 0 to 11, run in another order: events are
#           compared by their time alone.
#           3. `run(EndCondition::Time(10.0))` also handles the event after 10, and ends at its time.
# Expected  1. The documentation of `schedule_event`: "Schedule a process to be executed after `time` time instants."
#           2. The order in which they were planned, as in SimPy, which desim says it is inspired by; nothing says
#           otherwise. 3. "Run the simulation until a certain point in time is reached": what lies beyond it does not happen.
# Rollout   A fault that an operator injects "in 5 minutes" happened before it was injected; a gate and the scrape that it
#           is to read at the same instant come in an order that changes with what else is pending; and a horizon of 24 h
#           counts a rollback that began after it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

mkdir src
cat > src/main.rs <<'RUST'
#![feature(coroutines, stmt_expr_attributes)]
use std::cell::RefCell;
use std::rc::Rc;

use desim::{Effect, EndCondition, Process, Simulation};

type Said = Rc<RefCell<Vec<String>>>;

/// A process that says what it is called and ends.
fn one(said: &Said, name: &str) -> Box<Process<Effect>> {
    let (said, name) = (Rc::clone(said), name.to_owned());
    Box::new(
        #[coroutine]
        move |_| {
            said.borrow_mut().push(name.clone());
            if false {
                yield Effect::Wait;
            }
        },
    )
}

fn planned(times: &[(&str, f64)]) -> (Simulation<Effect>, Said) {
    let (mut simulation, said) = (Simulation::new(), Said::default());
    for (name, time) in times {
        let process = simulation.create_process(one(&said, name));
        simulation.schedule_event(*time, process, Effect::TimeOut(0.0));
    }
    (simulation, said)
}

fn main() {
    let (mut simulation, said) = planned(&[("first", 10.0)]);
    simulation.step();
    let before = simulation.time();
    let process = simulation.create_process(one(&said, "second"));
    simulation.schedule_event(5.0, process, Effect::TimeOut(0.0));
    simulation.step();
    println!("clock {before} then {}", simulation.time());

    let names: Vec<String> = (0..12).map(|number| number.to_string()).collect();
    let times: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 1.0)).collect();
    let (simulation, said) = planned(&times);
    simulation.run(EndCondition::NoEvents);
    println!("order {}", said.borrow().join(" "));

    let (simulation, said) = planned(&[("at 9", 9.0), ("at 30", 30.0)]);
    let simulation = simulation.run(EndCondition::Time(10.0));
    println!("until 10: {}; ended at {}", said.borrow().join(" and "), simulation.time());
}
RUST
export RUSTC_BOOTSTRAP=1
cargo_with desim 0.4.0
./target/debug/finding > out

seen "an event after 5, planned at 10" "$(sed -n 1p out)" "clock 10 then 5"
seen "twelve at one instant" "$(sed -n 2p out)" "order 0 2 6 11 10 9 8 5 7 4 1 3"
seen "run until 10" "$(sed -n 3p out)" "until 10: at 9 and at 30; ended at 30"
finish
