//! What other people's files say, said in our own form: a policy that our own controller decides.
//!
//! Alerts are decided natively as they are. Of a Rollout and of a Canary our form says what it can; what counts otherwise
//! is told in [`NativeForm::differs`], and what it cannot say is refused by name, with its place.

mod argo;
mod blue_green;
mod documents;
mod flagger;
mod form;
mod gates;
mod stages;
mod unsaid;

pub use documents::documents;
pub use form::NativeForm;

use sim_core::Decider;

use super::assumed::Assumed;
use super::lowered::Lowered;
use crate::diagnostic::Report;
use crate::import::Imported;
use unsaid::{Unsaid, located};

/// The same in our own form; `files` are those that `lowered` was made of.
///
/// # Errors
/// What has no native form, each with its place.
pub fn native(
    files: &[Imported],
    lowered: &Lowered,
    assumed: &Assumed,
) -> Result<NativeForm, Vec<Report>> {
    let made = match &lowered.decider {
        Decider::Argo(decider) => argo::native(lowered, decider, assumed),
        Decider::Flagger(decider) => flagger::native(lowered, decider, assumed),
        Decider::Native | Decider::Guard(_) => Ok(NativeForm {
            policy: lowered.policy.clone(),
            update: assumed.pod_start,
            differs: Vec::new(),
        }),
    };
    made.map_err(|unsaid: Vec<Unsaid>| located(files, &unsaid))
}
