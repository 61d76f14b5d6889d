//! What can be said about a world without playing in it.

use sim_core::fleet::UpdateOrder;
use sim_core::telemetry::{Signal, SignalKind};

use super::odd_limit::{percent, tidy};
use crate::check::{Problem, each};
use crate::{CodeEntry, Diagnostic, Document, World};

/// The codes of worlds.
pub const ENTRIES: &[CodeEntry] = &[
    CodeEntry {
        code: "CM250",
        title: "there are no requests",
        explanation: "Without a request every ratio lacks its denominator and every latency its samples: the gates \
                      see nothing, and no user is harmed by anything.",
    },
    CodeEntry {
        code: "CM251",
        title: "a normal level may be in another unit than its signal",
        explanation: "Ratios are fractions, so that `0.3` is 30 %, and latencies are in milliseconds, so that `0.04` is \
                      a twenty-five-thousandth of a second. A normal level that no service lives with was probably meant in \
                      another unit. Write the unit: `0.3%`, `40ms`.",
    },
    CodeEntry {
        code: "CM252",
        title: "regions and the order of updates have no effect",
        explanation: "Hosts of a world differ by chance alone (`host-effect`), never by where they stand: no rollout goes                       from region to region, and no fault knows one. What is lost with a zone is a share of the fleet                       (`env.zone_loss`), and what only some hosts show is an effect with `hosts`.",
    },
];

/// So many failing requests no service calls normal.
const FAILING: f64 = 0.1;
/// So few milliseconds at the median no network answers in.
const INSTANT: f64 = 0.1;

/// Returns what is odd about a world, in the order of its file.
pub fn world(world: &Document<World>) -> Vec<Diagnostic> {
    let found = doubts(&world.value).into_iter();
    found.map(|problem| problem.locate(&world.spans)).collect()
}

/// Returns what is odd about a world, by its paths.
pub(crate) fn doubts(world: &World) -> Vec<Problem> {
    let signals = each("telemetry.signals", &world.telemetry.signals);
    silent(world)
        .into_iter()
        .chain(placeless(world))
        .chain(signals.filter_map(|(path, signal)| odd_base(&path, signal)))
        .collect()
}

/// Whether anything in a world is measured of requests.
pub(crate) fn counts_requests(world: &World) -> bool {
    let mut signals = world.telemetry.signals.iter();
    signals.any(|signal| {
        matches!(
            signal.kind,
            SignalKind::Ratio { .. } | SignalKind::Latency { .. }
        )
    })
}

fn silent(world: &World) -> Option<Problem> {
    (world.traffic.requests_per_second == 0.0 && counts_requests(world))
        .then(|| no_requests("traffic.requests-per-second"))
}

/// What is said where there are no requests, by the world or by the load of a scenario.
pub(crate) fn no_requests(path: &str) -> Problem {
    Problem::warning("CM250", path, "no request is ever served")
        .reason("gates on ratios and latencies read nothing, and nothing can harm a user")
        .help("write how many requests the whole service gets in a second, such as `200`")
}

/// What is said about where hosts stand: nobody asks.
fn placeless(world: &World) -> Option<Problem> {
    let fleet = &world.fleet;
    let key = if !fleet.regions.is_empty() {
        "fleet.regions"
    } else if fleet.order == UpdateOrder::ByZone {
        "fleet.order"
    } else {
        return None;
    };
    let problem = Problem::note(
        "CM252",
        key,
        "this has no effect: hosts are alike wherever they stand",
    );
    let help = "leave it out; `env.zone_loss` takes a share of the fleet away, and `hosts:` says how many show an effect";
    Some(problem.help(help))
}

fn odd_base(path: &str, signal: &Signal) -> Option<Problem> {
    let (key, is, meant) = match &signal.kind {
        SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. } => {
            let key = match signal.kind {
                SignalKind::Ratio { .. } => "kind.ratio.base",
                _ => "kind.ratio-of-runs.base",
            };
            let odd = signal.harms_users && *base >= FAILING;
            odd.then(|| (key, percent(*base), format!("{}%", tidy(*base))))?
        }
        SignalKind::Latency { parts, .. } => {
            let slowest = parts.iter().map(|part| part.median).fold(0.0, f64::max);
            let odd = slowest > 0.0 && slowest < INSTANT;
            let (is, meant) = (
                format!("{}ms", tidy(slowest)),
                format!("{}s", tidy(slowest)),
            );
            odd.then_some(("kind.latency.parts", is, meant))?
        }
        _ => return None,
    };
    let message = format!("the normal level of `{}` is {is}", signal.id);
    Some(
        Problem::warning("CM251", format!("{path}.{key}"), message)
            .reason("hardly any service lives with that")
            .help(format!(
                "if {meant} is meant, write `{meant}`; if not, write `{is}`"
            )),
    )
}
