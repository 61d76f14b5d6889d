//! Which kind is played by what.

use super::super::effort::Player;
use super::{
    alerts, availability, blast, charts, counts, exposure, laws, queues, rare, rollback,
    run_metric, runs, samples, sequential, threshold,
};

/// Every kind of case, and what plays it.
const PLAYERS: [(&str, Player); 58] = [
    ("binomial_threshold", threshold::binomial),
    ("poisson_volume_threshold", threshold::poisson_volume),
    ("beta_binomial_threshold", threshold::beta_binomial),
    ("negative_binomial_threshold", threshold::negative_binomial),
    ("ratio_to_control", threshold::ratio_to_control),
    ("consecutive", runs::consecutive),
    ("sticky_consecutive", runs::sticky_consecutive),
    ("ar1_consecutive", runs::ar1_consecutive),
    ("m_of_n", run_metric::m_of_n),
    ("overlapping_rate", run_metric::overlapping_rate),
    ("failure_limit", counts::failure_limit),
    ("consecutive_error_limit", counts::consecutive_error_limit),
    ("cumulative_failures", counts::cumulative_failures),
    (
        "failure_and_inconclusive_limits",
        counts::failure_and_inconclusive_limits,
    ),
    ("pause_at_three_windows", counts::pause_at_three_windows),
    ("window_law", laws::window_law),
    ("sprt", sequential::sprt),
    ("cusum_arl", charts::cusum),
    ("cusum_bernoulli", charts::count_cusum),
    ("ewma_arl", charts::ewma),
    ("peeking", sequential::peeking),
    (
        "group_sequential_boundary",
        sequential::group_sequential_boundary,
    ),
    ("msprt_crossing", sequential::msprt_crossing),
    ("msprt_value", sequential::msprt_value),
    ("mm1", queues::mm1),
    ("mmc", queues::mmc),
    ("mg1_lognormal", queues::mg1_lognormal),
    ("md1", queues::md1),
    ("capacity_loss_delay", queues::capacity_loss_delay),
    ("erlang_b", queues::erlang_b),
    ("mm1k_blocking", queues::mm1k_blocking),
    ("ramp_exposure", exposure::ramp_exposure),
    (
        "ramp_exposure_consecutive",
        exposure::ramp_exposure_consecutive,
    ),
    ("sticky_cohort_exposure", exposure::sticky_cohort_exposure),
    ("random_assignment_blast", blast::random_assignment_blast),
    ("host_rounding_blast", blast::host_rounding_blast),
    ("soak_detection", blast::soak_detection),
    ("rollback_parallel_lognormal", rollback::parallel_lognormal),
    (
        "rollback_parallel_exponential",
        rollback::parallel_exponential,
    ),
    ("rollback_workers", rollback::workers),
    ("rollback_barrier_batches", rollback::barrier_batches),
    ("rollback_retries", rollback::retries),
    ("rollback_correlated", rollback::correlated),
    ("detect_and_rollback", rollback::detect_and_rollback),
    ("k_of_n_up", availability::k_of_n_up),
    ("k_of_n_up_crews", availability::k_of_n_up_crews),
    (
        "transient_availability",
        availability::transient_availability,
    ),
    ("burn_rate", alerts::burn_rate),
    ("two_window_alert", alerts::two_window_alert),
    ("histogram_quantile", alerts::histogram),
    ("sample_quantile_breach", alerts::sample_quantile_breach),
    ("z_test_size", samples::z_test),
    ("binomial_interval", samples::binomial_interval),
    ("mann_whitney_power", samples::mann_whitney),
    ("consecutive_rare", rare::consecutive_rare),
    ("ar1_consecutive_rare", rare::ar1_consecutive_rare),
    ("birth_death_overflow", rare::birth_death_overflow),
    ("binomial_tail", rare::binomial_tail),
];

/// Returns what plays cases of `kind`, or none for a kind that nobody knows.
pub fn player(kind: &str) -> Option<Player> {
    let known = PLAYERS.iter().find(|(name, _)| *name == kind);
    known.map(|(_, player)| *player)
}
