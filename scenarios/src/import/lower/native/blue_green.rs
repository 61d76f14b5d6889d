//! A blue-green Rollout of Argo in our own form: a preview that nobody sees, then all.

use controllers::argo::bluegreen::policy::BlueGreenPolicy;
use controllers::argo::orders::RunKind;
use sim_core::engine::{Share, SimDuration};

use super::stages::StageMaker;
use crate::import::lower::gates::stage;

/// The stages: the preview with its analysis, and everybody with the one that follows.
pub(super) fn stages(maker: &mut StageMaker<'_>, policy: &BlueGreenPolicy) {
    maker.begin("preview");
    let before = maker.analysis(RunKind::PrePromotion, false);
    maker.unseen(&before);
    maker.judged(before);
    if policy.auto_promotion {
        let after = u64::try_from(policy.auto_promotion_after).unwrap_or(0);
        maker.wait(SimDuration::from_millis(after));
    } else {
        maker.ask();
    }
    let after = maker.analysis(RunKind::PostPromotion, false);
    let mut all = stage("all", Share::ONE);
    let every = maker.gates.every.unwrap_or(SimDuration::ZERO);
    if after.measurements > 1 {
        all.observe = every.saturating_mul(after.measurements);
    }
    all.observe = all.observe.saturating_add(after.delay);
    all.triggers = after.gates;
    maker.stages.push(all);
}
