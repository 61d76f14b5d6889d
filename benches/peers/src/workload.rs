//! The workloads by name, and how a process tells what one of them took.

use crate::work::Measured;

/// One workload, with its size.
#[derive(Clone, Copy)]
pub enum Workload {
    /// Steps of the hold model.
    Hold { pending: u64, steps: u64 },
    /// Events of PHOLD.
    Phold { events: u64 },
    /// Customers of an M/M/1 queue.
    Counter { customers: u64 },
    /// One rollout of a thousand hosts, each for itself.
    Hosts,
    /// Rollouts with the fleet as one number.
    Fleet { rollouts: u64 },
    /// The same rollout as an experiment of coalmine: a policy, telemetry, a history.
    Product { rollouts: u64 },
}

/// Names, what is timed, what one of it is called, and the workloads.
pub const ALL: [(&str, &str, f64, Workload); 8] = [
    (
        "hold-1e2",
        "ns/event",
        1e9,
        Workload::Hold {
            pending: 100,
            steps: 4_000_000,
        },
    ),
    (
        "hold-1e4",
        "ns/event",
        1e9,
        Workload::Hold {
            pending: 10_000,
            steps: 3_000_000,
        },
    ),
    (
        "hold-1e6",
        "ns/event",
        1e9,
        Workload::Hold {
            pending: 1_000_000,
            steps: 2_000_000,
        },
    ),
    (
        "phold",
        "ns/event",
        1e9,
        Workload::Phold { events: 2_000_000 },
    ),
    (
        "mm1",
        "ns/customer",
        1e9,
        Workload::Counter {
            customers: 1_000_000,
        },
    ),
    ("hosts", "ms/rollout", 1e3, Workload::Hosts),
    (
        "fleet",
        "us/rollout",
        1e6,
        Workload::Fleet { rollouts: 1_000 },
    ),
    (
        "product",
        "us/rollout",
        1e6,
        Workload::Product { rollouts: 1_000 },
    ),
];

impl Workload {
    /// Finds a workload.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = ALL.iter().find(|row| row.0 == name);
        found
            .map(|row| row.3)
            .ok_or_else(|| format!("no workload is called {name}"))
    }
}

/// What a process prints: one line of JSON.
pub fn line(measured: &Measured) -> String {
    let seconds = measured.cpu.as_secs_f64() / measured.count as f64;
    serde_json::json!({
        "seconds": seconds, "count": measured.count, "outcome": measured.outcome,
    })
    .to_string()
}
