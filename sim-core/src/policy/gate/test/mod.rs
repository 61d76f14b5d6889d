//! Sequential tests: what may be concluded from counts that keep coming.
//!
//! Each file holds one test with its formula, its source and its guarantee. A test is a small state
//! machine: it takes what came since the last look and says a [`Verdict`]. None of them knows gates,
//! time or where the numbers come from; a window of a gate feeds them.
//!
//! | test | needs | guarantee |
//! |---|---|---|
//! | [`Sprt`] | failures of n, a known null rate | any time (Wald) |
//! | [`Cusum`], [`CountCusum`], [`Ewma`] | standardised readings, outcomes | none: a mean run length |
//! | [`Msprt`] | failures of n in both arms | any time, for normal sums |
//! | [`EProcess`] | breaches of a known rate | any time |
//! | [`ConditionalEProcess`], [`BetaEProcess`] | failures of both arms | any time |
//! | [`GroupSequential`] | a z statistic at planned looks | at those looks |
//! | [`BurnRate`] | error ratios over two windows | none |
//! | [`MannWhitney`] | two samples | none as Kayenta uses it |
//! | [`Bayes`] | failures of n in both arms, a prior | none |
//! | [`Conformal`] | a calibration sample | at each look |

mod bayes;
mod beta;
mod brent;
mod burn_rate;
mod conditional;
mod conformal;
mod cusum;
mod e_process;
mod ewma;
mod group_sequential;
mod guarantee;
mod mann_whitney;
mod msprt;
mod normal;
mod proportions;
mod quadrature;
mod sprt;
mod verdict;

pub use bayes::{Bayes, probability_above};
pub use beta::{beta_quantile, incomplete_beta};
pub use burn_rate::BurnRate;
pub use conditional::{BetaEProcess, ConditionalEProcess};
pub use conformal::Conformal;
pub use cusum::{CountCusum, Cusum};
pub use e_process::EProcess;
pub use ewma::Ewma;
pub use group_sequential::{Boundary, GroupSequential, Sides, crossing};
pub use guarantee::Guarantee;
pub use mann_whitney::{
    Classified, EffectSize, MannWhitney, Shift, ShiftDirection, exact_upper_tail,
};
pub use msprt::{Mixture, Msprt, always_valid_p};
pub use normal::{normal_density, normal_tail, normal_upper_quantile};
pub use proportions::{Arms, Null};
pub use quadrature::GaussLegendre;
pub use sprt::Sprt;
pub use verdict::Verdict;
