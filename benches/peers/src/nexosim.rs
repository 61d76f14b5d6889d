//! The workloads on NeXosim, with one thread: models with ports, and futures as events.
//!
//! Models of NeXosim can be saved, so what is no state of theirs hides behind `serde(skip)`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::nexosim::model::{Context, Model, schedulable};
use ::nexosim::ports::Output;
use ::nexosim::simulation::{Mailbox, SimInit, Simulation};
use ::nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::rollout::{DAY, Gate, HOSTS, MINUTE, SCRAPE, SECOND};
use crate::work::{Counter, Hold, Measured, PROCESSES, Phold};

type Shared<T> = Option<Arc<Mutex<T>>>;

fn ticks<M: Model>(cx: &Context<M>) -> u64 {
    cx.time().duration_since(MonotonicTime::EPOCH).as_nanos() as u64
}

fn share<T>(model: T) -> (Arc<Mutex<T>>, Shared<T>) {
    let model = Arc::new(Mutex::new(model));
    (Arc::clone(&model), Some(model))
}

fn with<T, R>(shared: &Shared<T>, act: impl FnOnce(&mut T) -> R) -> R {
    let shared = shared.as_ref().expect("the model was never restored");
    act(&mut shared.lock().expect("there is one thread"))
}

fn start(bench: SimInit) -> Simulation {
    bench
        .init(MonotonicTime::EPOCH)
        .expect("the bench is sound")
}

#[derive(Serialize, Deserialize)]
struct Holder {
    pending: u64,
    #[serde(skip)]
    model: Shared<Hold>,
}

#[Model]
impl Holder {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        for event in 0..self.pending {
            let delay = with(&self.model, Hold::first);
            self.plan(event as u32, delay, cx);
        }
    }

    #[nexosim(schedulable)]
    async fn held(&mut self, event: u32, cx: &Context<Self>) {
        if let Some(delay) = with(&self.model, |model| model.step(ticks(cx))) {
            self.plan(event, delay, cx);
        }
    }

    fn plan(&self, event: u32, delay: u64, cx: &Context<Self>) {
        cx.schedule_event(Duration::from_nanos(delay), schedulable!(Self::held), event)
            .expect("the delay is longer than zero");
    }
}

pub fn hold(pending: u64, steps: u64) -> Measured {
    let (model, shared) = share(Hold::new(steps));
    let holder = Holder {
        pending,
        model: shared,
    };
    let bench = SimInit::with_num_threads(1).add_model(holder, Mailbox::new(), "holder");
    let mut simulation = start(bench);
    let cpu = clock::time(|| {
        while !model.lock().expect("there is one thread").is_done() {
            simulation.step().expect("no event fails");
        }
    });
    let outcome = model.lock().expect("there is one thread").outcome();
    Measured {
        count: steps,
        cpu,
        outcome,
    }
}

#[derive(Serialize, Deserialize)]
struct Process {
    number: u64,
    outputs: Vec<Output<u64>>,
    #[serde(skip)]
    model: Shared<Phold>,
}

#[Model]
impl Process {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        let delay = with(&self.model, |model| model.first(self.number));
        self.receive(delay, cx).await;
    }

    async fn receive(&mut self, delay: u64, cx: &Context<Self>) {
        cx.schedule_event(Duration::from_nanos(delay), schedulable!(Self::arrive), ())
            .expect("the delay is longer than zero");
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, (): (), cx: &Context<Self>) {
        let step = with(&self.model, |model| model.step(ticks(cx), self.number));
        if let Some((to, delay)) = step {
            self.outputs[to as usize].send(delay).await;
        }
    }
}

pub fn phold(events: u64) -> Measured {
    let (model, _) = share(Phold::new(events));
    let mailboxes: Vec<Mailbox<Process>> = (0..PROCESSES).map(|_| Mailbox::new()).collect();
    let connect = |mailbox: &Mailbox<Process>| {
        let mut output = Output::default();
        output.connect(Process::receive, mailbox);
        output
    };
    let processes: Vec<Process> = (0..PROCESSES)
        .map(|number| Process {
            number,
            outputs: mailboxes.iter().map(connect).collect(),
            model: Some(Arc::clone(&model)),
        })
        .collect();
    let mut bench = SimInit::with_num_threads(1);
    for (process, mailbox) in processes.into_iter().zip(mailboxes) {
        let name = format!("process {}", process.number);
        bench = bench.add_model(process, mailbox, &name);
    }
    let mut simulation = start(bench);
    let cpu = clock::time(|| {
        while !model.lock().expect("there is one thread").is_done() {
            simulation.step().expect("no event fails");
        }
    });
    let outcome = model.lock().expect("there is one thread").outcome();
    Measured {
        count: events,
        cpu,
        outcome,
    }
}

#[derive(Serialize, Deserialize)]
struct Server {
    #[serde(skip)]
    model: Shared<Counter>,
}

#[Model]
impl Server {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.plan_arrival(cx);
    }

    #[nexosim(schedulable)]
    async fn come(&mut self, (): (), cx: &Context<Self>) {
        let needs = with(&self.model, |model| model.arrive(ticks(cx)));
        self.plan_departure(needs, cx);
        self.plan_arrival(cx);
    }

    #[nexosim(schedulable)]
    async fn leave(&mut self, (): (), cx: &Context<Self>) {
        let needs = with(&self.model, |model| model.depart(ticks(cx)));
        self.plan_departure(needs, cx);
    }

    fn plan_arrival(&self, cx: &Context<Self>) {
        if let Some(delay) = with(&self.model, Counter::next_arrival) {
            cx.schedule_event(Duration::from_nanos(delay), schedulable!(Self::come), ())
                .expect("the delay is longer than zero");
        }
    }

    fn plan_departure(&self, needs: Option<u64>, cx: &Context<Self>) {
        if let Some(needs) = needs {
            cx.schedule_event(Duration::from_nanos(needs), schedulable!(Self::leave), ())
                .expect("the delay is longer than zero");
        }
    }
}

pub fn counter(customers: u64) -> Measured {
    let (model, shared) = share(Counter::new(customers));
    let server = Server { model: shared };
    let bench = SimInit::with_num_threads(1).add_model(server, Mailbox::new(), "server");
    let mut simulation = start(bench);
    let cpu = clock::time(|| simulation.run().expect("no event fails"));
    let outcome = model.lock().expect("there is one thread").outcome();
    Measured {
        count: customers,
        cpu,
        outcome,
    }
}

/// What hosts know of the release: how a level is measured, and whether it was rolled back.
struct Release {
    levels: Gate,
    added: Gate,
    is_rolled_back: AtomicBool,
}

#[derive(Serialize, Deserialize)]
struct Host {
    number: u64,
    level: Output<i64>,
    #[serde(skip)]
    release: Option<Arc<Release>>,
}

#[Model]
impl Host {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        let first = Duration::from_nanos(SCRAPE - SECOND);
        let every = Duration::from_nanos(SCRAPE);
        cx.schedule_periodic_event(first, every, schedulable!(Self::measure), ())
            .expect("the delay is longer than zero");
    }

    #[nexosim(schedulable)]
    async fn measure(&mut self, (): (), cx: &Context<Self>) {
        let release = self.release.as_ref().expect("the model was never restored");
        let gate = if release.is_rolled_back.load(Ordering::Relaxed) {
            &release.levels
        } else {
            &release.added
        };
        self.level.send(gate.level(ticks(cx), self.number)).await;
    }
}

#[derive(Serialize, Deserialize)]
struct Judge {
    is_fleet: bool,
    #[serde(skip)]
    gate: Shared<Gate>,
    #[serde(skip)]
    release: Option<Arc<Release>>,
}

#[Model]
impl Judge {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        let every = Duration::from_nanos(MINUTE);
        cx.schedule_periodic_event(every, every, schedulable!(Self::judge), ())
            .expect("the delay is longer than zero");
    }

    async fn take(&mut self, level: i64) {
        with(&self.gate, |gate| gate.take(level));
    }

    #[nexosim(schedulable)]
    async fn judge(&mut self, (): (), cx: &Context<Self>) {
        let now = ticks(cx);
        let is_fleet = self.is_fleet;
        let is_rolled_back = with(&self.gate, |gate| {
            if is_fleet {
                gate.take_minute(now);
            }
            gate.judge(now);
            gate.is_rolled_back()
        });
        if let Some(release) = &self.release {
            release
                .is_rolled_back
                .store(is_rolled_back, Ordering::Relaxed);
        }
    }
}

pub fn hosts() -> Measured {
    let (gate, shared) = share(Gate::new());
    let release = Arc::new(Release {
        levels: Gate::mended(),
        added: Gate::new(),
        is_rolled_back: AtomicBool::new(false),
    });
    let mailbox = Mailbox::new();
    let mut bench = SimInit::with_num_threads(1);
    for number in 0..HOSTS {
        let mut level = Output::default();
        level.connect(Judge::take, &mailbox);
        let release = Some(Arc::clone(&release));
        let host = Host {
            number,
            level,
            release,
        };
        bench = bench.add_model(host, Mailbox::new(), &format!("host {number}"));
    }
    let judge = Judge {
        is_fleet: false,
        gate: shared,
        release: Some(release),
    };
    let mut simulation = start(bench.add_model(judge, mailbox, "judge"));
    let end = Duration::from_nanos(DAY);
    let cpu = clock::time(|| simulation.step_until(end).expect("no event fails"));
    let outcome = gate.lock().expect("there is one thread").outcome();
    Measured {
        count: 1,
        cpu,
        outcome,
    }
}

pub fn fleet(rollouts: u64) -> Measured {
    let (gate, _) = share(Gate::new());
    let cpu = clock::time(|| {
        for _ in 0..rollouts {
            let judge = Judge {
                is_fleet: true,
                gate: Some(Arc::clone(&gate)),
                release: None,
            };
            let bench = SimInit::with_num_threads(1).add_model(judge, Mailbox::new(), "judge");
            let mut simulation = start(bench);
            simulation
                .step_until(Duration::from_nanos(DAY))
                .expect("no event fails");
            gate.lock().expect("there is one thread").start_over();
        }
    });
    let outcome = gate.lock().expect("there is one thread").outcome();
    Measured {
        count: rollouts,
        cpu,
        outcome,
    }
}
