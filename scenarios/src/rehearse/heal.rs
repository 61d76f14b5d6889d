//! Faults that a harness takes away.

use sim_core::effect::Course;
use sim_core::engine::SimDuration;

/// The same course, over at `heal_at` at the latest.
pub(crate) fn healed(course: Course, heal_at: SimDuration) -> Course {
    let until = course.until.map_or(heal_at, |until| until.min(heal_at));
    Course {
        until: Some(until),
        ..course
    }
}
