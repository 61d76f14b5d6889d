//! Which kind is played by what.

use super::super::closed_form::Player;
use super::threshold;

/// Returns what plays cases of `kind`, or none for a kind that nobody knows.
pub fn player(kind: &str) -> Option<Player> {
    Some(match kind {
        "binomial_threshold" => threshold::binomial,
        "poisson_volume_threshold" => threshold::poisson_volume,
        "beta_binomial_threshold" => threshold::beta_binomial,
        "negative_binomial_threshold" => threshold::negative_binomial,
        "ratio_to_control" => threshold::ratio_to_control,
        _ => return None,
    })
}
