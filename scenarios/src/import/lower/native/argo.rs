//! A Rollout of Argo in our own form.

use sim_core::decider::{ArgoDecider, ArgoStrategy};

use super::blue_green;
use super::form::NativeForm;
use super::stages::StageMaker;
use super::unsaid::Unsaid;
use crate::import::lower::assumed::Assumed;
use crate::import::lower::lowered::Lowered;

/// The rollout in our own form.
pub(super) fn native(
    lowered: &Lowered,
    decider: &ArgoDecider,
    assumed: &Assumed,
) -> Result<NativeForm, Vec<Unsaid>> {
    let mut maker = StageMaker::new(lowered, decider);
    match &decider.strategy {
        ArgoStrategy::Canary(policy) => maker.canary(policy),
        ArgoStrategy::BlueGreen(policy) => blue_green::stages(&mut maker, policy),
    }
    maker.finish(assumed)
}
