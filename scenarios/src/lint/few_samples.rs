//! Advice on the least number of samples.

use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::gate::{Comparison, Limit, Measure, Relation};
use sim_core::telemetry::SignalKind;

use super::binomial::{false_trip, samples_needed};
use super::normal::exceeds;
use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM212",
        title: "a gate trusts too few samples",
        explanation: "On few samples chance alone breaches the limit: of 20 runs with a true rate of \
                      1 %, every fifth window shows more than 3 %. The number named is the least \
                      from which on one look at a healthy release breaches in fewer than 1 of 100 \
                      cases, by the binomial distribution.",
    },
    name: "few-samples",
    source: "seed systems, 4.2: false trips of one window at 20, 50, 100 and 300 runs",
    check,
};

/// The probability of a false trip of one window that a gate may have.
const RISK: f64 = 0.01;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let few = |(path, gate): (String, &Gate)| {
        let path = format!("{path}.min-samples");
        match fraction(subject, gate) {
            Some((normal, breach)) => advice(subject, &path, gate, normal, &breach),
            None => unguarded(&path, gate),
        }
    };
    // A test that judges for itself knows how much so many samples tell.
    let thresholds = subject.gates().filter(|(_, gate)| !gate.window.judges());
    thresholds.filter_map(few).collect()
}

/// How many looks that share no data must breach before the gate fires.
fn independent_looks(subject: &Subject<'_>, gate: &Gate) -> f64 {
    let every = subject.policy.evaluate_every.as_nanos().max(1) as f64;
    let looks = gate.window.breaches_needed(subject.policy.evaluate_every);
    // Readings that look back further than to the last one repeat it.
    let apart = (gate.over.as_nanos() as f64 / every).max(1.0);
    ((looks - 1.0) / apart).floor() + 1.0
}

/// The stage in which the fewest samples come, and how many.
fn fewest<'a>(subject: &Subject<'a>, gate: &Gate) -> Option<(&'a str, f64)> {
    let arriving = subject.policy.stages.iter().filter(|stage| {
        let names = stage.criteria.iter().chain(&stage.triggers);
        names.into_iter().any(|name| *name == gate.id)
    });
    arriving
        .filter_map(|stage| Some((stage.id.as_str(), subject.samples(gate, stage.target)?)))
        .filter(|(_, samples)| *samples > 0.0)
        .min_by(|one, other| one.1.total_cmp(&other.1))
}

/// What to write where `needed` samples are needed: the number, or a longer look back where so many do not
/// come.
fn remedy(subject: &Subject<'_>, gate: &Gate, needed: u64) -> String {
    let enough =
        format!("write {needed} or more: fewer than 1% of the windows then trip by chance");
    let Some((stage, arriving)) = fewest(subject, gate) else {
        return enough;
    };
    // A Poisson count is hardly ever three standard deviations below its mean.
    let wanted = needed as f64 + 3.0 * libm::sqrt(needed as f64);
    if arriving >= wanted {
        return enough;
    }
    let scrape = subject
        .world
        .map_or(1.0, |world| world.telemetry.scrape_every.as_secs_f64());
    let over = gate.over.as_secs_f64().max(scrape);
    let intervals = libm::ceil(over * wanted / arriving / scrape).max(1.0);
    let longer = SimDuration::from_secs_f64(intervals * scrape);
    format!(
        "about {arriving:.0} come in `{stage}`, so that a `min-samples` of {needed} would switch the gate off; look \
         back {longer} (`over`) with it, or expose {:.1} times as much in that stage",
        wanted / arriving
    )
}

fn advice(
    subject: &Subject<'_>,
    path: &str,
    gate: &Gate,
    normal: f64,
    breach: &Comparison,
) -> Option<Problem> {
    // All of so many looks trip by chance with the product of their probabilities.
    let risk = libm::pow(RISK, 1.0 / independent_looks(subject, gate));
    let needed = samples_needed(normal, breach, risk)?;
    // A reading of no sample has no denominator and is judged as such.
    let asked = gate.min_samples.max(1);
    (asked < needed).then(|| {
        // On few samples one bad one may be too unlikely, and on some more it no longer is.
        let risky = if false_trip(asked, normal, breach) < risk {
            needed - 1
        } else {
            asked
        };
        let trips = 100.0 * false_trip(risky, normal, breach);
        let said = gate.min_samples;
        let message = format!("{needed} samples are needed, {said} are asked for");
        let reason =
            format!("on {risky} one look at a healthy release breaches in {trips:.1}% of cases");
        Problem::warning("CM212", path, message)
            .reason(reason)
            .help(remedy(subject, gate, needed))
    })
}

/// What a gate judges, as a fraction of its samples: a ratio is one, and a quantile is above its limit
/// when more than 1 - q of the requests are slower than the limit.
fn fraction(subject: &Subject<'_>, gate: &Gate) -> Option<(f64, Comparison)> {
    let limit = gate.breach.limit.absolute()?;
    match (&subject.signal(gate)?.kind, gate.measure) {
        (SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. }, Measure::Ratio) => {
            Some((*base, gate.breach))
        }
        (SignalKind::Latency { parts, cap, .. }, Measure::Quantile(level)) => {
            let upper = matches!(gate.breach.is, Relation::Above | Relation::AtLeast);
            let slower = Comparison {
                is: gate.breach.is,
                limit: Limit::Absolute(1.0 - level),
            };
            upper.then(|| (exceeds(parts, *cap, limit), slower))
        }
        _ => None,
    }
}

/// Without a normal level no number can be named, and yet a fraction of one sample is none.
fn unguarded(path: &str, gate: &Gate) -> Option<Problem> {
    let fraction = matches!(gate.measure, Measure::Ratio | Measure::Quantile(_));
    (fraction && gate.min_samples <= 1).then(|| {
        Problem::warning(
            "CM212",
            path,
            "any number of samples is enough for this gate",
        )
        .reason("a ratio of a single sample is 0 or 1")
        .help("ask for a least number; with a world, lint can name it")
    })
}
