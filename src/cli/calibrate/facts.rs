//! What was found, in a few words each.

use reports::figure::percent;
use reports::{Fact, number};
use scenarios::calibrate::{
    CountFit, Drift, Fit, HostFit, Kind, LatencyFit, MemoryFit, RatioFit, SeriesFit, SummaryFit,
};

/// Facts in the order of the text.
struct FactList(Vec<Fact>);

impl FactList {
    fn add(&mut self, topic: &str, key: &str, value: f64, words: String) {
        self.0.push(Fact {
            topic: topic.to_owned(),
            key: key.to_owned(),
            // JSON has no word for what is not finite.
            value: Some(value).filter(|value| value.is_finite()),
            words,
        });
    }
}

/// Returns what was found in a history.
pub fn of(fit: &Fit) -> Vec<Fact> {
    let mut facts = FactList(Vec::new());
    let said = format!(
        "{}, {} values over {}",
        fit.kind.word(),
        fit.values,
        fit.span
    );
    facts.add("kind", "values", fit.values as f64, said);
    let unit = match fit.kind {
        Kind::Count => format!("{} events an interval", number(fit.base)),
        Kind::Ratio => percent(fit.base),
        Kind::Gauge | Kind::Latency => number(fit.base),
    };
    facts.add("level", "mean", fit.base, format!("mean {unit}"));
    if let Some(series) = &fit.series {
        of_series(&mut facts, series);
        if !fit.model.description.is_empty() {
            facts.add("file", "shortened", f64::NAN, fit.model.description.clone());
        }
    }
    if let Some(latency) = &fit.latency {
        of_latency(&mut facts, latency);
    }
    if let Some(hosts) = &fit.hosts {
        of_hosts(&mut facts, hosts);
    }
    facts.0
}

fn of_series(facts: &mut FactList, series: &SeriesFit) {
    let season = series.season.map_or_else(
        || "none that other days would confirm".to_owned(),
        |part| {
            format!(
                "explains {} of the variance of a day that it has not seen",
                percent(part)
            )
        },
    );
    facts.add("season", "explained", series.season.unwrap_or(0.0), season);
    if let Some(counts) = &series.counts {
        of_counts(facts, counts);
    }
    if let Some(ratio) = &series.ratio {
        of_ratio(facts, ratio);
    }
    of_memory(facts, &series.memory);
    let block = series.windows.block;
    facts.add(
        "memory",
        "block-s",
        block.as_nanos() as f64 / 1e9,
        format!("played in blocks of {block}"),
    );
    of_drift(facts, &series.drift);
}

fn of_counts(facts: &mut FactList, counts: &CountFit) {
    let CountFit {
        alpha,
        dispersion,
        aic_gain,
        ks,
        ks_poisson,
        ..
    } = *counts;
    facts.add(
        "counts",
        "dispersion",
        dispersion,
        format!("variance / mean {} (Poisson: 1)", number(dispersion)),
    );
    facts.add(
        "counts",
        "alpha",
        alpha,
        format!("negative binomial with a = {}", number(alpha)),
    );
    facts.add(
        "counts",
        "aic-gain",
        aic_gain,
        format!("better than Poisson by {aic_gain:.0} of AIC"),
    );
    let said = format!("KS distance {ks:.3} (Poisson {ks_poisson:.3})");
    facts.add("counts", "ks", ks, said);
    if ks > 0.1 {
        facts.add(
            "counts",
            "bursts",
            ks,
            "the law misses the bursts, blocks keep them".to_owned(),
        );
    }
}

fn of_ratio(facts: &mut FactList, ratio: &RatioFit) {
    let RatioFit {
        p,
        rho,
        dispersion,
        n,
    } = *ratio;
    facts.add("ratio", "p", p, format!("p = {}", percent(p)));
    let inflation = 1.0 + (n - 1.0) * rho;
    facts.add(
        "ratio",
        "rho",
        rho,
        format!(
            "intra-class correlation {} (variance x{inflation:.2} at n = {n:.0})",
            number(rho)
        ),
    );
    facts.add(
        "ratio",
        "dispersion",
        dispersion,
        format!("chi2/df {dispersion:.2}"),
    );
}

fn of_memory(facts: &mut FactList, memory: &MemoryFit) {
    let MemoryFit {
        first,
        twelfth,
        memory,
        slow,
        kurtosis,
        white,
    } = *memory;
    facts.add(
        "memory",
        "acf-1",
        first,
        format!("autocorrelation {first:.2} after 1 step"),
    );
    facts.add(
        "memory",
        "acf-12",
        twelfth,
        format!("{twelfth:.2} after 12"),
    );
    facts.add(
        "memory",
        "phi",
        memory,
        format!("slow part {} with phi {memory:.3}", percent(slow)),
    );
    facts.add(
        "memory",
        "slow",
        slow,
        format!(
            "effective sample factor {}",
            number((1.0 - memory) / (1.0 + memory))
        ),
    );
    let normal = if kurtosis.abs() > 1.0 {
        ": not normal"
    } else {
        ""
    };
    facts.add(
        "innovations",
        "kurtosis",
        kurtosis,
        format!("excess kurtosis {}{normal}", number(kurtosis)),
    );
    let said = if white < 0.01 {
        "the process leaves structure over, blocks keep it"
    } else {
        "white"
    };
    facts.add(
        "innovations",
        "ljung-box",
        white,
        format!("Ljung-Box p = {white:.3}: {said}"),
    );
}

fn of_drift(facts: &mut FactList, drift: &Drift) {
    let Drift {
        level,
        level_error,
        spread,
        spread_error,
        ..
    } = *drift;
    facts.add(
        "halves",
        "level",
        level,
        format!("second - first: level {level:+.2} sd (se {level_error:.2})"),
    );
    let factor = libm::exp(spread);
    facts.add(
        "halves",
        "spread",
        spread,
        format!("spread x{factor:.2} (se {spread_error:.2})"),
    );
}

fn of_latency(facts: &mut FactList, latency: &LatencyFit) {
    for part in &latency.parts {
        let said = format!(
            "{} at {} (sigma {})",
            percent(part.weight),
            number(part.median),
            number(part.sigma)
        );
        facts.add("mixture", "median", part.median, said);
    }
    facts.add(
        "mixture",
        "ks",
        latency.ks,
        format!("KS distance {:.3}", latency.ks),
    );
    match latency.timeout {
        Some(timeout) => {
            let said = format!(
                "{} ({} values stand there); it cuts the tail",
                number(timeout.at),
                timeout.count
            );
            facts.add("time-out", "at", timeout.at, said);
        }
        None => facts.add(
            "time-out",
            "at",
            f64::NAN,
            format!(
                "none seen; the largest value is {}",
                number(latency.largest)
            ),
        ),
    }
    if let Some(tail) = latency.tail {
        let said = format!(
            "index {:+.2} (se {:.2}) above {}",
            tail.index,
            tail.error,
            number(tail.above)
        );
        facts.add("tail", "index", tail.index, said);
    }
    for (name, [seen, model]) in [("p99", latency.p99), ("p99.9", latency.p999)] {
        let error = model / seen - 1.0;
        let far = if error.abs() > 0.1 {
            ": do not gate on it"
        } else {
            ""
        };
        let said = format!(
            "{name} {} observed, {} modelled ({:+.1} %{far})",
            number(seen),
            number(model),
            100.0 * error
        );
        facts.add("tail", name, model, said);
    }
}

fn of_hosts(facts: &mut FactList, hosts: &HostFit) {
    let HostFit {
        hosts: count,
        between,
        within,
        icc,
        shared,
    } = *hosts;
    facts.add("hosts", "hosts", count as f64, format!("{count} hosts"));
    facts.add(
        "hosts",
        "between",
        between,
        format!("between them log sd {between:.3} (the fleet's host-effect)"),
    );
    facts.add("hosts", "within", within, format!("within {within:.3}"));
    facts.add("hosts", "icc", icc, format!("ICC {icc:.2}"));
    if count < 10 {
        facts.add(
            "hosts",
            "few",
            count as f64,
            "rough with so few hosts".to_owned(),
        );
    }
    if let Some(shared) = shared {
        let said = format!(
            "{} of the variance in time is common to all hosts",
            percent(shared)
        );
        facts.add("shocks", "shared", shared, said);
    }
}

/// Returns what a summary tells.
pub fn of_summary(fit: &SummaryFit) -> Vec<Fact> {
    let mut facts = FactList(Vec::new());
    let said = format!(
        "k6 summary: one lognormal through median {} ms and p95",
        number(fit.median)
    );
    facts.add("kind", "median", fit.median, said);
    facts.add(
        "level",
        "sigma",
        fit.sigma,
        format!("sigma {}", number(fit.sigma)),
    );
    let [p99, low, high] = fit.p99;
    let said = format!(
        "p99 {} ms, and that to 30 %: {} to {} ms",
        number(p99),
        number(low),
        number(high)
    );
    facts.add("tail", "p99", p99, said);
    if let Some(given) = fit.p99_given {
        let inside = if (low..=high).contains(&given) {
            "inside the band"
        } else {
            "OUTSIDE of the band: no lognormal"
        };
        facts.add(
            "tail",
            "p99-given",
            given,
            format!("the summary has {} ms: {inside}", number(given)),
        );
    }
    facts.0
}
