//! What today's policy came to: it is played once for every size of an answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reports::{CurveReport, Quantity, StudyReport};

/// A study that was played to its end, and what it did to users.
#[derive(Debug)]
pub struct PlayedStudy {
    /// The result, that of `coalmine simulate`.
    pub report: StudyReport,
    /// Minutes of full outage, with their distribution.
    pub harm: Quantity,
}

/// A curve by its scenario, the rollouts of each effect, and whether it is refined.
pub type CurveKey = (String, u64, bool);

/// The results that stay.
#[derive(Debug, Default)]
pub struct KeptResults {
    studies: Mutex<BTreeMap<u64, Arc<PlayedStudy>>>,
    curves: Mutex<BTreeMap<CurveKey, Arc<CurveReport>>>,
}

impl KeptResults {
    /// Returns the study of so many rollouts of each scenario, which `play` plays if it has to; nothing where that was
    /// stopped. Two pages may play it at the same time: what they keep is the same.
    pub fn study<E>(
        &self,
        runs: u64,
        play: impl FnOnce() -> Result<Option<PlayedStudy>, E>,
    ) -> Result<Option<Arc<PlayedStudy>>, E> {
        kept(&self.studies, runs, play)
    }

    /// Does the same for a curve.
    pub fn curve<E>(
        &self,
        key: CurveKey,
        play: impl FnOnce() -> Result<Option<CurveReport>, E>,
    ) -> Result<Option<Arc<CurveReport>>, E> {
        kept(&self.curves, key, play)
    }
}

/// So many results are kept of a kind: a page asks for a few sizes and a few scenarios.
const MOST: usize = 64;

fn kept<K: Ord + Clone, V, E>(
    all: &Mutex<BTreeMap<K, Arc<V>>>,
    key: K,
    play: impl FnOnce() -> Result<Option<V>, E>,
) -> Result<Option<Arc<V>>, E> {
    if let Some(known) = open(all).get(&key) {
        return Ok(Some(known.clone()));
    }
    let Some(played) = play()?.map(Arc::new) else {
        return Ok(None);
    };
    let mut all = open(all);
    if all.len() >= MOST {
        all.pop_first();
    }
    all.insert(key, played.clone());
    Ok(Some(played))
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A map of finished results is whole whatever panicked beside it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
