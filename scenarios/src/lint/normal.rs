//! What a gate reads when nothing is wrong.

use sim_core::engine::Share;
use sim_core::policy::Gate;
use sim_core::policy::gate::{Judgement, Limit, Measure};
use sim_core::telemetry::{LatencyPart, SignalKind};

use super::Subject;

/// Returns what `gate` reads of a healthy release when `target` is exposed; for a limit that
/// follows another population without a world, any number will do.
pub(crate) fn reading(subject: &Subject<'_>, gate: &Gate, target: Share) -> Option<f64> {
    if gate.measure == Measure::Trend {
        return Some(0.0);
    }
    let Some(signal) = subject.signal(gate) else {
        return gate.breach.limit.refers_to().map(|_| 1.0);
    };
    match (&signal.kind, gate.measure) {
        (_, Measure::Count) => subject.samples(gate, target),
        (SignalKind::Latency { parts, cap, .. }, Measure::Quantile(level)) => {
            Some(quantile(parts, *cap, level))
        }
        (SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. }, Measure::Ratio)
        | (SignalKind::Gauge { base, .. }, Measure::Mean | Measure::Last) => Some(*base),
        (SignalKind::Count { per_host_hour, .. }, Measure::RatePerHostHour) => Some(*per_host_hour),
        _ => None,
    }
}

/// Says whether a healthy release breaches the gate by its normal level alone.
pub(crate) fn breaches(subject: &Subject<'_>, gate: &Gate, target: Share) -> Option<f64> {
    let normal = reading(subject, gate, target)?;
    let reference = match gate.breach.limit {
        Limit::Absolute(_) => 0.0,
        // Counts of populations of different size differ by nature; nothing is said about them.
        _ if gate.measure == Measure::Count => return None,
        Limit::Times { .. } | Limit::Plus { .. } => normal,
    };
    let judged = gate.breach.judge(normal, reference, Judgement::Hold);
    (judged == Judgement::Breach).then_some(normal)
}

/// Returns the probability that a latency is above `milliseconds`.
pub(crate) fn exceeds(parts: &[LatencyPart], cap: f64, milliseconds: f64) -> f64 {
    if milliseconds >= cap {
        return 0.0;
    }
    let tail = |part: &LatencyPart| {
        let z = libm::log(milliseconds / part.median) / part.sigma;
        part.weight * 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
    };
    parts.iter().map(tail).sum()
}

/// Solves for the latency that a share `1 - level` exceeds, by halving [0, cap] 60 times.
fn quantile(parts: &[LatencyPart], cap: f64, level: f64) -> f64 {
    let (mut low, mut high) = (0.0, cap);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if exceeds(parts, cap, middle) > 1.0 - level {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_mixture_are_those_of_the_distribution() {
        let one = [LatencyPart {
            weight: 1.0,
            median: 100.0,
            sigma: 0.5,
        }];
        // 100 exp(0.5 z), z = 1.644854 and 2.326348.
        assert!((quantile(&one, 1e4, 0.95) - 227.6).abs() < 0.1);
        assert!((quantile(&one, 1e4, 0.99) - 320.0).abs() < 0.1);
        assert_eq!(
            quantile(&one, 250.0, 0.99),
            250.0,
            "nothing is slower than the cap"
        );
    }
}
