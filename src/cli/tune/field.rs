//! The candidates of a search.

use scenarios::search_space::{Candidate, Refused, Space};

use super::suite::SearchSuite;
use crate::study::tune;

/// The candidates that are played, the policy as it is first, and those that are not.
pub struct Field {
    pub candidates: Vec<Candidate>,
    pub equal: u64,
    pub refused: Vec<Refused>,
}

impl Field {
    /// Leaves out what fits no scenario, and what is equal to another one.
    pub fn new(space: &Space<'_>, suite: &SearchSuite) -> Self {
        let (sound, mut refused) = space.candidates();
        let mut fitting = vec![space.current()];
        for candidate in sound {
            match suite.misfit(&candidate.steering) {
                None => fitting.push(candidate),
                Some(report) => refused.push(Refused {
                    settings: candidate.settings,
                    report,
                }),
            }
        }
        let policies: Vec<_> = fitting
            .iter()
            .map(|candidate| candidate.steering.clone())
            .collect();
        let experiments: Vec<_> = suite.parts().map(|part| &part.experiment).collect();
        let firsts = tune::distinct(&policies, &experiments);
        let all = fitting.len();
        let kept = fitting.into_iter().zip(firsts).enumerate();
        let kept = kept
            .filter(|(at, (_, first))| at == first)
            .map(|(_, (candidate, _))| candidate);
        let candidates: Vec<_> = kept.collect();
        Self {
            equal: (all - candidates.len()) as u64,
            candidates,
            refused,
        }
    }
}
