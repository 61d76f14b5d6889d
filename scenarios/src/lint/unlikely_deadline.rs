//! A deadline that so many hosts do not keep.

use sim_core::engine::{Distribution, SimDuration};
use sim_core::policy::{RevertHosts, Rollback, StepEffect};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM225",
        title: "the rollback is hardly ever within its deadline",
        explanation: "The last of N hosts decides: if one host is back in time with the probability \
                      F, all of them are with F to the power of N. Steps before the hosts take from \
                      the deadline, and hosts that wait for their turn make it worse.",
    },
    name: "unlikely-deadline",
    source: "Rollout Wedge Policy, INV-RWG-ROLLBACK; the distribution of the largest of N draws",
    check,
};

/// The probability with which a rollback should be in time.
const LIKELY: f64 = 0.99;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    chance(subject).into_iter().collect()
}

fn chance(subject: &Subject<'_>) -> Option<Problem> {
    let policy = subject.policy;
    let deadline = policy.rollback.deadline?;
    let widest = policy.stages.iter().map(|stage| stage.target).max()?;
    let hosts = policy
        .rounding
        .apply(widest, subject.world?.fleet.hosts.into());
    let (place, revert, before) = first_revert(&policy.rollback)?;
    let each = in_time(revert, hosts, deadline.checked_sub(before));
    let all = libm::pow(each, hosts as f64);
    if all >= LIKELY {
        return None;
    }
    let percent = 100.0 * all;
    let message =
        format!("{hosts} hosts are back within {deadline} in at most {percent:.1}% of rollbacks");
    let help = match most_hosts(each) {
        0 => "make the steps faster, or promise what can be kept".to_owned(),
        most => format!("at most {most} hosts would keep it in 99% of rollbacks"),
    };
    let path = format!("rollback.steps[{place}].effect");
    let reason = format!("one host alone is back in time with the probability {each:.6}");
    Some(
        Problem::warning("CM225", path, message)
            .reason(reason)
            .help(help),
    )
}

/// Finds the first step that takes hosts back, and the least time until it begins to. A switch of
/// traffic before it makes its time unimportant.
fn first_revert(rollback: &Rollback) -> Option<(usize, &RevertHosts, SimDuration)> {
    let mut before = SimDuration::ZERO;
    for (place, step) in rollback.steps.iter().enumerate() {
        before = before.saturating_add(least(&step.takes));
        match &step.effect {
            StepEffect::RevertHosts(revert) => return Some((place, revert, before)),
            StepEffect::ShiftTraffic | StepEffect::ThrowKillSwitch => return None,
            _ => {}
        }
    }
    None
}

/// Returns the probability that one host is back within `left`, all else going well.
fn in_time(revert: &RevertHosts, hosts: u64, left: Option<SimDuration>) -> f64 {
    let Some(left) = left else { return 0.0 };
    match (&revert.takes, revert.parallel) {
        // Hosts that always take as long come in waves whose end is known.
        (Distribution::Constant(each), Some(parallel)) => {
            let waves = hosts.div_ceil(u64::from(parallel.max(1)));
            f64::from(u8::from(each.saturating_mul(waves) <= left))
        }
        (takes, _) => takes.cdf(left),
    }
}

fn most_hosts(each: f64) -> u64 {
    if each <= 0.0 {
        return 0;
    }
    libm::floor(libm::log(LIKELY) / libm::log(each)) as u64
}

/// The least that a delay can be.
fn least(delay: &Distribution) -> SimDuration {
    match delay {
        Distribution::Constant(delay) => *delay,
        Distribution::Uniform { low, .. } => *low,
        Distribution::Empirical { values } => values.iter().min().copied().unwrap_or_default(),
        _ => SimDuration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exact: 1 - exp(-6) a host; 0.9975212 to the power of N is 0.99 at N = 4.05.
    #[test]
    fn so_many_memoryless_hosts_keep_a_deadline() {
        let takes = Distribution::Exponential {
            mean: SimDuration::from_secs(10),
        };
        let revert = RevertHosts {
            parallel: None,
            takes,
        };
        let each = in_time(&revert, 100, Some(SimDuration::from_secs(60)));
        assert!((each - 0.997_521_247_823_333_6).abs() < 1e-12, "{each}");
        assert_eq!(most_hosts(each), 4);
    }

    #[test]
    fn hosts_of_constant_speed_come_in_waves() {
        let takes = Distribution::Constant(SimDuration::from_secs(10));
        let revert = RevertHosts {
            parallel: Some(20),
            takes,
        };
        let minute = Some(SimDuration::from_secs(60));
        assert_eq!(in_time(&revert, 120, minute), 1.0);
        assert_eq!(in_time(&revert, 121, minute), 0.0);
        assert_eq!(in_time(&revert, 1, None), 0.0);
    }
}
