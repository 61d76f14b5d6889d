//! The workloads on this project's engine: its event queue, and `match` as the dispatch.

use sim_core::engine::{EventQueue, SimTime};

use crate::clock;
use crate::rollout::{DAY, Gate, HOSTS, MINUTE, SCRAPE, SECOND};
use crate::work::{Counter, Hold, Measured, PROCESSES, Phold};

fn at(nanos: u64) -> SimTime {
    SimTime::from_nanos(nanos)
}

pub fn hold(pending: u64, steps: u64) -> Measured {
    let mut model = Hold::new(steps);
    let mut queue = EventQueue::with_capacity(pending as usize);
    for event in 0..pending {
        queue.schedule(at(model.first()), 0, event as u32);
    }
    let cpu = clock::time(|| {
        while let Some((now, event)) = queue.pop() {
            let Some(delay) = model.step(now.as_nanos()) else {
                break;
            };
            queue.schedule(at(now.as_nanos() + delay), 0, event);
        }
    });
    Measured {
        count: steps,
        cpu,
        outcome: model.outcome(),
    }
}

pub fn phold(events: u64) -> Measured {
    let mut model = Phold::new(events);
    let mut queue = EventQueue::with_capacity(PROCESSES as usize);
    for process in 0..PROCESSES {
        queue.schedule(at(model.first(process)), 0, process as u32);
    }
    let cpu = clock::time(|| {
        while let Some((now, process)) = queue.pop() {
            let now = now.as_nanos();
            let Some((to, delay)) = model.step(now, process.into()) else {
                break;
            };
            queue.schedule(at(now + delay), 0, to as u32);
        }
    });
    Measured {
        count: events,
        cpu,
        outcome: model.outcome(),
    }
}

#[derive(Clone, Copy)]
enum Customer {
    Comes,
    Leaves,
}

pub fn counter(customers: u64) -> Measured {
    let mut model = Counter::new(customers);
    let mut queue = EventQueue::new();
    let cpu = clock::time(|| {
        let plan = |queue: &mut EventQueue<Customer>, now, delay: Option<u64>, event| {
            if let Some(delay) = delay {
                queue.schedule(at(now + delay), 0, event);
            }
        };
        plan(&mut queue, 0, model.next_arrival(), Customer::Comes);
        while let Some((now, event)) = queue.pop() {
            let now = now.as_nanos();
            match event {
                Customer::Comes => {
                    plan(&mut queue, now, model.arrive(now), Customer::Leaves);
                    plan(&mut queue, now, model.next_arrival(), Customer::Comes);
                }
                Customer::Leaves => plan(&mut queue, now, model.depart(now), Customer::Leaves),
            }
        }
    });
    Measured {
        count: customers,
        cpu,
        outcome: model.outcome(),
    }
}

#[derive(Clone, Copy)]
enum Tick {
    Host(u32),
    Gate,
}

pub fn hosts() -> Measured {
    let mut gate = Gate::new();
    let mut queue = EventQueue::with_capacity(HOSTS as usize + 1);
    for host in 0..HOSTS {
        queue.schedule(at(SCRAPE - SECOND), 0, Tick::Host(host as u32));
    }
    queue.schedule(at(MINUTE), 0, Tick::Gate);
    let cpu = clock::time(|| {
        while let Some((now, tick)) = queue.pop().filter(|(now, _)| now.as_nanos() <= DAY) {
            let now = now.as_nanos();
            let period = match tick {
                Tick::Host(host) => {
                    gate.take(gate.level(now, host.into()));
                    SCRAPE
                }
                Tick::Gate => {
                    gate.judge(now);
                    MINUTE
                }
            };
            queue.schedule(at(now + period), 0, tick);
        }
    });
    Measured {
        count: 1,
        cpu,
        outcome: gate.outcome(),
    }
}

pub fn fleet(rollouts: u64) -> Measured {
    let mut gate = Gate::new();
    let cpu = clock::time(|| {
        for _ in 0..rollouts {
            let mut queue = EventQueue::new();
            queue.schedule(at(MINUTE), 0, ());
            while let Some((now, ())) = queue.pop().filter(|(now, ())| now.as_nanos() <= DAY) {
                gate.take_minute(now.as_nanos());
                gate.judge(now.as_nanos());
                queue.schedule(at(now.as_nanos() + MINUTE), 0, ());
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
