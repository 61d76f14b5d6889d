//! Samplers: from the bits at an address to the distributions of the model.
//!
//! Every sampler is exact: an inversion, a rejection or a composition, never a normal
//! approximation, so that tails are as good as middles. All of them use `libm` and basic
//! arithmetic only and give equal bits on every machine. Parameters outside the stated bounds
//! are programmer errors and panic.

mod beta;
mod binomial;
mod distribution;
mod empirical;
mod exponential;
mod gamma;
mod hypergeometric;
mod lognormal;
mod mixture;
mod multinomial;
mod negative_binomial;
mod normal;
mod order_statistic;
mod pmf;
mod poisson;
#[cfg(test)]
mod tests;
mod ziggurat;

pub use beta::{beta, beta_binomial};
pub use binomial::{Binomial, binomial};
pub use distribution::{Distribution, DistributionError};
pub use empirical::Empirical;
pub use exponential::exponential;
pub use gamma::{chi_squared, gamma};
pub use hypergeometric::hypergeometric;
pub use lognormal::lognormal;
pub use mixture::LognormalMixture;
pub use multinomial::multinomial;
pub use negative_binomial::negative_binomial;
pub use normal::{normal, standard_normal};
pub use order_statistic::order_statistic;
pub use pmf::binomial_mass;
pub use poisson::poisson;

/// Returns the largest whole number that is not above `x`, whose size is below 2^63: as `libm` does, but
/// fast, because every processor turns numbers into integers.
#[inline]
fn floor(x: f64) -> f64 {
    let whole = x as i64 as f64;
    if whole > x { whole - 1.0 } else { whole }
}
