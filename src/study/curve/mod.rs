//! Operating characteristics: how a policy answers to stronger and weaker effects of a release.
//!
//! Every strength is played under the same seeds, so that neighbouring points differ by the strength
//! and not by luck.

mod bracket;
mod fit;
mod play;
mod signal;
mod strength;
mod summary;

pub use bracket::Bracket;
pub use fit::{Fit, isotonic};
pub use play::{Curve, CurveHands};
pub use strength::Strength;
pub use summary::{CurveSubject, POWERS, curve_report};
