//! The stages by whose names moments are written.

use sim_core::policy::Policy;

use crate::check::{Names, Problem};

/// The stages by whose names moments are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stages<'p> {
    /// Nobody knows them yet: any name will do.
    Any,
    /// Those of a policy.
    Of(&'p Policy),
}

impl Stages<'_> {
    /// Returns the number of the stage of this id.
    pub(super) fn number(self, path: &str, id: &str) -> Placed<u16> {
        let Self::Of(policy) = self else {
            return Ok(0);
        };
        let mut ids = policy.stages.iter().map(|stage| stage.id.as_str());
        if let Some(place) = ids.position(|known| known == id) {
            return Ok(place as u16);
        }
        let ids = policy.stages.iter().map(|stage| stage.id.as_str());
        let unknown = Names::new("stage", ids).resolve(path, id);
        Err(unknown.expect("it was just looked for").into())
    }
}

/// Something that has a place, or what is wrong with it.
pub(super) type Placed<T> = Result<T, Box<Problem>>;
