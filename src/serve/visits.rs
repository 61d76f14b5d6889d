//! What is being played for which page: a new question of a page ends its old one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The questions that are being answered, by the page that asks.
#[derive(Debug, Default)]
pub(super) struct Visits {
    asked: Mutex<BTreeMap<String, Arc<AtomicBool>>>,
}

/// One question. Once it is dropped, what is played for it stops.
#[derive(Debug)]
pub(super) struct Visit {
    page: String,
    /// Is set once nobody waits for the answer.
    pub stop: Arc<AtomicBool>,
    visits: Arc<Visits>,
}

impl Visits {
    /// Begins to answer a question of `page`, and ends what is played for its last one.
    pub fn begin(self: &Arc<Self>, page: String) -> Visit {
        let stop = Arc::new(AtomicBool::new(false));
        if let Some(old) = self.asked().insert(page.clone(), stop.clone()) {
            old.store(true, Ordering::Relaxed);
        }
        let visits = self.clone();
        Visit { page, stop, visits }
    }

    /// Ends everything.
    pub fn end(&self) {
        for stop in self.asked().values() {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn asked(&self) -> MutexGuard<'_, BTreeMap<String, Arc<AtomicBool>>> {
        // A map of flags is whole whatever panicked beside it.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let mut asked = self.visits.asked();
        if asked
            .get(&self.page)
            .is_some_and(|known| Arc::ptr_eq(known, &self.stop))
        {
            asked.remove(&self.page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_question_of_a_page_ends_its_old_one_and_no_other() {
        let visits = Arc::new(Visits::default());
        let stopped = |visit: &Visit| visit.stop.load(Ordering::Relaxed);
        let (first, other) = (visits.begin("a".into()), visits.begin("b".into()));
        let second = visits.begin("a".into());
        assert!(stopped(&first) && !stopped(&other) && !stopped(&second));
        drop(first);
        assert_eq!(visits.asked().len(), 2, "the page still asks");
        drop((second, other));
        assert!(visits.asked().is_empty(), "nothing is kept");
    }
}
