//! What was found, in a few words each.

use reports::figure::percent;
use reports::{Fact, number};
use scenarios::calibrate::{CountFit, Drift, Fit, Kind, MemoryFit, RatioFit, SeriesFit};

use super::fact_list::FactList;
use super::latency_facts::{of_hosts, of_latency};

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
    let mut add = |name, value, said| facts.add("counts", name, value, said);
    let said = format!("variance / mean {} (Poisson: 1)", number(dispersion));
    add("dispersion", dispersion, said);
    let said = format!("negative binomial with a = {}", number(alpha));
    add("alpha", alpha, said);
    let said = format!("better than Poisson by {aic_gain:.0} of AIC");
    add("aic-gain", aic_gain, said);
    let said = format!("KS distance {ks:.3} (Poisson {ks_poisson:.3})");
    add("ks", ks, said);
    if ks > 0.1 {
        let said = "the law misses the bursts, blocks keep them".to_owned();
        add("bursts", ks, said);
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

fn of_memory(facts: &mut FactList, memory_fit: &MemoryFit) {
    let MemoryFit {
        first,
        twelfth,
        memory,
        slow,
        ..
    } = *memory_fit;
    let mut add = |name, value, said| facts.add("memory", name, value, said);
    let said = format!("autocorrelation {first:.2} after 1 step");
    add("acf-1", first, said);
    add("acf-12", twelfth, format!("{twelfth:.2} after 12"));
    let said = format!("slow part {} with phi {memory:.3}", percent(slow));
    add("phi", memory, said);
    let factor = (1.0 - memory) / (1.0 + memory);
    add(
        "slow",
        slow,
        format!("effective sample factor {}", number(factor)),
    );
    of_innovations(facts, memory_fit);
}

/// What is left of a series when its memory is taken out.
fn of_innovations(facts: &mut FactList, fit: &MemoryFit) {
    let (kurtosis, white) = (fit.kurtosis, fit.white);
    let mut add = |name, value, said| facts.add("innovations", name, value, said);
    let normal = if kurtosis.abs() > 1.0 {
        ": not normal"
    } else {
        ""
    };
    let said = format!("excess kurtosis {}{normal}", number(kurtosis));
    add("kurtosis", kurtosis, said);
    let meaning = if white < 0.01 {
        "the process leaves structure over, blocks keep it"
    } else {
        "white"
    };
    let said = format!("Ljung-Box p = {white:.3}: {meaning}");
    add("ljung-box", white, said);
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
