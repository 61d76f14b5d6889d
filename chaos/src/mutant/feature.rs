//! What happens in a play, by name.

use sim_core::policy::gate::Flaw;

/// The name of a flaw as a feature.
pub(super) const fn flaw_feature(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing => "flaw:missing",
        Flaw::Stale => "flaw:stale",
        Flaw::Nan => "flaw:nan",
        Flaw::ZeroDenominator => "flaw:zero-denominator",
        Flaw::TooFew => "flaw:too-few",
    }
}
