//! A small cluster that carries out what a rollout orders: pods that need a time to become available, analyses that run.

use controllers::argo::bluegreen::BlueGreen;
use controllers::argo::canary::Canary;
use controllers::argo::condition::Value;
use controllers::argo::orders::{Available, Order, Orders, RunId, RunKind, Seen, Set};
use controllers::argo::run::{AnalysisRun, AnalysisSpec, Answer, Reading};

/// The controller of a rollout.
pub trait Controller {
    fn wake(&mut self, now: i64, seen: &Seen) -> Orders;
}

impl Controller for Canary {
    fn wake(&mut self, now: i64, seen: &Seen) -> Orders {
        Canary::wake(self, now, seen)
    }
}

impl Controller for BlueGreen {
    fn wake(&mut self, now: i64, seen: &Seen) -> Orders {
        BlueGreen::wake(self, now, seen)
    }
}

/// What happened, and when.
pub type Log = Vec<(i64, Order)>;

pub struct Cluster {
    pub now: i64,
    /// Milliseconds until a new pod is available; none: never.
    pub starts: Option<i64>,
    /// When each pod is available.
    new: Vec<i64>,
    stable: Vec<i64>,
    runs: Vec<(RunId, AnalysisRun, Option<i64>)>,
    analysis: AnalysisSpec,
    value: fn(i64) -> f64,
    pub log: Log,
}

impl Cluster {
    pub fn new(replicas: usize, starts: Option<i64>) -> Self {
        let (new, stable, runs) = (Vec::new(), vec![i64::MIN; replicas], Vec::new());
        let analysis = AnalysisSpec::default();
        Self {
            now: 1,
            starts,
            new,
            stable,
            runs,
            analysis,
            value: |_| 1.0,
            log: Vec::new(),
        }
    }

    /// Every analysis that is started is this one, and answers what `value` says for the time.
    pub fn analysing(mut self, analysis: AnalysisSpec, value: fn(i64) -> f64) -> Self {
        (self.analysis, self.value) = (analysis, value);
        self
    }

    pub fn seen(&self) -> Seen {
        let there = |pods: &[i64]| Available {
            created: pods.len() as i32,
            available: pods.iter().filter(|at| **at <= self.now).count() as i32,
        };
        let runs = self
            .runs
            .iter()
            .map(|(id, run, _)| (*id, run.phase(), run.message().to_string()));
        Seen {
            new: there(&self.new),
            stable: there(&self.stable),
            runs: runs.collect(),
            weight_verified: None,
        }
    }

    fn scale(&mut self, set: Set, count: i32) {
        let ready = self.starts.map_or(i64::MAX, |starts| self.now + starts);
        let pods = match set {
            Set::New => &mut self.new,
            Set::Stable => &mut self.stable,
        };
        pods.sort_unstable();
        pods.resize(count as usize, ready);
    }

    fn measure(&mut self, index: usize) {
        let (value, now) = (self.value, self.now);
        let (_, run, next) = &mut self.runs[index];
        let read = &mut |_: usize, at: i64| Reading {
            answer: Answer::Value(Value::vector(&[value(at)])),
            latency: 0,
        };
        *next = run.wake(now, read).next;
    }

    fn carry_out(&mut self, order: &Order) {
        match order {
            Order::Scale(set, count) => self.scale(*set, *count),
            Order::Start(id, RunKind::Experiment(_) | RunKind::Plugin(_)) => {
                self.runs
                    .push((*id, AnalysisRun::new(&AnalysisSpec::default()), None));
            }
            Order::Start(id, _) => {
                self.runs
                    .push((*id, AnalysisRun::new(&self.analysis), None));
                self.measure(self.runs.len() - 1);
            }
            Order::Stop(id) => {
                let index = self
                    .runs
                    .iter()
                    .position(|(known, ..)| known == id)
                    .expect("the data of the test");
                self.runs[index].1.terminate();
                self.measure(index);
            }
            _ => {}
        }
        self.log.push((self.now, order.clone()));
    }

    /// Wakes the controller until nothing changes any more; gives the time that it wants to be woken at.
    pub fn settle(&mut self, controller: &mut impl Controller) -> Option<i64> {
        for _ in 0..200 {
            let round = controller.wake(self.now, &self.seen());
            for order in &round.orders {
                self.carry_out(order);
            }
            if !round.again {
                return round.next;
            }
        }
        panic!("the controller does not come to rest: {:?}", self.log);
    }

    /// Runs until `until` milliseconds.
    pub fn run(&mut self, controller: &mut impl Controller, until: i64) {
        loop {
            let asked = self.settle(controller);
            let pods = self
                .new
                .iter()
                .chain(&self.stable)
                .copied()
                .filter(|at| *at > self.now && *at < i64::MAX);
            let measured = self
                .runs
                .iter()
                .filter_map(|(_, run, next)| next.filter(|_| !run.phase().completed()));
            let Some(next) = pods
                .chain(measured)
                .chain(asked)
                .min()
                .filter(|at| *at <= until)
            else {
                break;
            };
            self.now = next.max(self.now);
            for index in 0..self.runs.len() {
                if self.runs[index].2.is_some_and(|at| at <= self.now) {
                    self.measure(index);
                }
            }
        }
        self.now = until;
    }

    /// The orders of one kind with their seconds.
    pub fn when<T>(&self, pick: impl Fn(&Order) -> Option<T>) -> Vec<(i64, T)> {
        self.log
            .iter()
            .filter_map(|(at, order)| pick(order).map(|found| (at / 1000, found)))
            .collect()
    }
}
