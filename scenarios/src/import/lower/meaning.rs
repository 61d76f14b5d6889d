//! What a metric measures in the simulated world, guessed from its query and from what it lets pass.
//!
//! The guess is stated in the result. Whoever writes `histogram_quantile` means a latency; whoever counts errors or codes
//! means errors; the unit follows from the limit: what passes at 0.99 and not at 0 is a share of good requests. Whose requests
//! they are is said by [`super::population`].

use sim_core::decider::MetricUnit;
use sim_core::engine::SimDuration;
use sim_core::policy::gate::Population;

use super::judge::Judge;
use super::population::Counted;
use crate::import::finding::{longest_window, seconds};

/// What a metric reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reads {
    /// The share of requests that fail, in this unit.
    Errors(MetricUnit),
    /// How many requests fail in its window, or each second of it.
    ErrorCount {
        /// Divided by the seconds of the window.
        each_second: bool,
    },
    /// A quantile of the latency; none: its mean.
    Latency(Option<f64>, MetricUnit),
    /// Nothing that the world simulates: it is answered by chance.
    Nothing,
}

/// How a metric is understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The name of the metric.
    pub metric: String,
    /// What it reads.
    pub reads: Reads,
    /// Whose requests.
    pub population: Population,
    /// Over how long.
    pub over: SimDuration,
    /// In words, for people.
    pub words: String,
}

/// The window of a query that says none.
const WINDOW: SimDuration = SimDuration::from_mins(1);
/// No window is shorter than the time between two scrapes of the world.
const SHORTEST: SimDuration = SimDuration::from_secs(15);

/// The query of a metric, and what is known of it.
pub(super) struct Query<'a> {
    /// The name of the metric.
    pub name: &'a str,
    /// The query and what else its provider is given.
    pub text: &'a str,
    /// Whose requests it counts.
    pub counts: Counted,
    /// Its window, where something else than the query says it.
    pub window: Option<SimDuration>,
}

const OF_ERRORS: [&str; 9] = [
    "error",
    "5xx",
    "5..",
    "5.*",
    "fail",
    "success",
    "code",
    "status",
    "availability",
];
const OF_TIME: [&str; 5] = [
    "latency",
    "duration",
    "response_time",
    "response-time",
    "p99",
];

/// Understands a metric; `judge` is none where it takes no number.
pub(super) fn understand(query: &Query<'_>, judge: Option<&Judge<'_>>) -> Meaning {
    let said = longest_window(query.text).map(SimDuration::from_secs_f64);
    let over = query.window.or(said).unwrap_or(WINDOW).max(SHORTEST);
    let text = format!("{} {}", query.text, query.name).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let understood = judge.filter(|judge| judge.tells_apart());
    let (population, understood) = match query.counts {
        Counted::Of(population) => (population, understood),
        Counted::Compared => (Population::Canary, None),
    };
    let reads = match understood {
        Some(judge) if text.contains("histogram_quantile") => latency(judge, &text),
        Some(judge) if has(&OF_ERRORS) => errors(judge, &text),
        Some(judge) if has(&OF_TIME) => latency(judge, &text),
        None | Some(_) => Reads::Nothing,
    };
    Meaning {
        metric: query.name.to_owned(),
        reads,
        population,
        over,
        words: words(query.counts, reads, over),
    }
}

fn errors(judge: &Judge<'_>, text: &str) -> Reads {
    let passes = |number| judge.passes(number);
    let divides = text.contains('/') || !text.contains("prometheus");
    match (passes(0.0), passes(1.0), passes(100.0)) {
        (false, true, _) => Reads::Errors(MetricUnit::Good),
        (false, false, true) => Reads::Errors(MetricUnit::GoodPercent),
        (true, false, _) if divides || !turns_at_whole(judge) => Reads::Errors(MetricUnit::Plain),
        (true, true, false) if divides => Reads::Errors(MetricUnit::BadPercent),
        (true, ..) if !divides => Reads::ErrorCount {
            each_second: text.contains("rate("),
        },
        _ => Reads::Nothing,
    }
}

/// Whether the limit is a number of requests and no share.
fn turns_at_whole(judge: &Judge<'_>) -> bool {
    judge
        .threshold()
        .is_none_or(|limit| limit.at == 0.0 || limit.at >= 1.0)
}

/// Limits below this many are seconds: nobody waits for less than 20 ms, and nobody for 20 s.
const SECONDS_BELOW: f64 = 20.0;

fn latency(judge: &Judge<'_>, text: &str) -> Reads {
    let Some(limit) = judge.threshold().filter(|limit| limit.fails_above) else {
        return Reads::Nothing;
    };
    let millis = ["milli", "_ms", "* 1000", "*1000"]
        .iter()
        .any(|word| text.contains(word));
    let unit = if millis || limit.at >= SECONDS_BELOW {
        MetricUnit::Plain
    } else {
        MetricUnit::Seconds
    };
    Reads::Latency(quantile(text), unit)
}

/// The quantile that a query asks for: `histogram_quantile(0.99`, or a name such as `p95`.
fn quantile(text: &str) -> Option<f64> {
    let asked = text.split("histogram_quantile").nth(1).and_then(|rest| {
        let rest = rest.trim_start().strip_prefix('(')?;
        let number = rest.split(',').next()?.trim();
        number.parse().ok()
    });
    let named = [
        ("p999", 0.999),
        ("p99", 0.99),
        ("p95", 0.95),
        ("p90", 0.9),
        ("p50", 0.5),
    ];
    let named = || {
        named
            .iter()
            .find(|(name, _)| text.contains(name))
            .map(|(_, q)| *q)
    };
    asked.filter(|q| *q > 0.0 && *q < 1.0).or_else(named)
}

pub(super) fn words(counts: Counted, reads: Reads, over: SimDuration) -> String {
    let what = match reads {
        Reads::Errors(MetricUnit::Good) => "share of good requests".to_owned(),
        Reads::Errors(MetricUnit::GoodPercent) => "good requests in %".to_owned(),
        Reads::Errors(MetricUnit::BadPercent) => "failed requests in %".to_owned(),
        Reads::Errors(_) => "share of failed requests".to_owned(),
        Reads::ErrorCount { each_second: true } => "failed requests a second".to_owned(),
        Reads::ErrorCount { each_second: false } => "failed requests".to_owned(),
        Reads::Latency(q, unit) => latency_words(q, unit),
        Reads::Nothing if counts == Counted::Compared => {
            return "the new version held against the old, which is not simulated".to_owned();
        }
        Reads::Nothing => return "nothing that is simulated".to_owned(),
    };
    let whose = match counts {
        Counted::Of(Population::Fleet) => "the whole service (the query tells no version apart)",
        Counted::Of(Population::Control) => "the old version alone",
        Counted::Of(_) | Counted::Compared => "the new version",
    };
    format!("{what} of {whose} over {}", seconds(over.as_secs_f64()))
}

fn latency_words(quantile: Option<f64>, unit: MetricUnit) -> String {
    let unit = if unit == MetricUnit::Seconds {
        "s"
    } else {
        "ms"
    };
    match quantile {
        Some(q) => format!("p{} of the latency in {unit}", (q * 1000.0).round() / 10.0),
        None => format!("mean latency in {unit}"),
    }
}
