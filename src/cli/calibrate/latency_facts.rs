//! What there is to say of latencies, hosts and summaries.

use reports::figure::percent;
use reports::{Fact, number};
use scenarios::calibrate::{HostFit, LatencyFit, SummaryFit};

use super::fact_list::FactList;

pub(super) fn of_latency(facts: &mut FactList, latency: &LatencyFit) {
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
    of_timeout(facts, latency);
    of_tail(facts, latency);
}

fn of_timeout(facts: &mut FactList, latency: &LatencyFit) {
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
}

fn of_tail(facts: &mut FactList, latency: &LatencyFit) {
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

pub(super) fn of_hosts(facts: &mut FactList, hosts: &HostFit) {
    let (count, between, within, icc) = (hosts.hosts, hosts.between, hosts.within, hosts.icc);
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
        let said = "rough with so few hosts".to_owned();
        facts.add("hosts", "few", count as f64, said);
    }
    if let Some(shared) = hosts.shared {
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
    of_p99(&mut facts, fit);
    facts.0
}

/// How the p99 that the summary has fits to the one that follows from its other figures.
fn of_p99(facts: &mut FactList, fit: &SummaryFit) {
    let [_, low, high] = fit.p99;
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
}
