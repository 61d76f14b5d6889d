//! What many rollouts add up to: whole numbers only.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use reports::{InvariantStatus, Verdict};
use serde::{Deserialize, Serialize};
use sim_core::Outcome;
use sim_core::engine::RunningHash;

use super::causes::Causes;
use super::exposure::ExposureCurves;
use super::facts::Facts;
use super::histogram::Histogram;
use super::rate::Rate;

/// The sum over some rollouts of one case.
///
/// Merging is associative and commutative, so that the shares of a study may be played anywhere
/// and in any order and still add up to the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tally {
    /// How many rollouts were played.
    pub runs: u64,
    /// How they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// What is to be thought of them.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How the safety promises fared.
    pub invariants: BTreeMap<String, Promise>,
    /// How often each thing happened that an objective limits, among how many rollouts.
    pub rates: BTreeMap<Rate, Count>,
    /// The failures of each kind, with the worst rollout.
    pub failures: BTreeMap<String, Failures>,
    /// Who led to what went wrong.
    #[serde(default)]
    pub causes: Causes,
    /// Milliseconds from a regression until it was acted upon.
    pub detection_ms: Histogram,
    /// Milliseconds until the last host was back.
    pub rollback_ms: Histogram,
    /// The largest share that served the new version, in parts per million.
    pub reached_ppm: Histogram,
    /// Requests that the new version served.
    pub exposed_requests: Histogram,
    /// Thousandths of a minute of full outage.
    pub error_millimin: Histogram,
    /// Users who were hurt, by their place, in billionths, over all rollouts; empty where no users are declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hurt_ppb: Vec<u64>,
    /// How the exposure developed.
    #[serde(default)]
    pub exposure: ExposureCurves,
    /// The hash of each block of rollouts, by the number of the block.
    pub blocks: BTreeMap<u64, u64>,
}

/// How a safety promise fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Promise {
    /// It was put to the test and held.
    pub holds: u64,
    /// It was broken.
    pub violated: u64,
    /// It was not put to the test.
    pub not_reached: u64,
}

/// Something that happened in some rollouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Count {
    /// In how many it happened.
    pub events: u64,
    /// Among how many it could have.
    pub among: u64,
}

/// The failures of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Failures {
    /// How many there are.
    pub count: u64,
    /// How bad the worst is, on a scale of its own.
    pub severity: u64,
    /// The number of the worst rollout; the first one among equals.
    pub replication: u64,
}

impl Tally {
    /// Adds up the block of rollouts with number `block`, given in order.
    pub fn of_block(block: u64, runs: impl IntoIterator<Item = (u64, Facts)>) -> Self {
        let mut tally = Self::default();
        let mut hash = RunningHash::new();
        for (replication, facts) in runs {
            hash.word(facts.hash);
            tally.add(replication, &facts);
        }
        tally.blocks.insert(block, hash.finish());
        tally
    }

    /// Adds a rollout, without its hash.
    pub(super) fn add(&mut self, replication: u64, facts: &Facts) {
        self.runs += 1;
        *self.outcomes.entry(facts.outcome).or_default() += 1;
        *self.verdicts.entry(facts.verdict).or_default() += 1;
        for (id, status) in &facts.invariants {
            self.invariants.entry(id.clone()).or_default().add(*status);
        }
        for (&rate, &happened) in &facts.rates {
            let count = self.rates.entry(rate).or_default();
            count.events += u64::from(happened);
            count.among += 1;
        }
        for (kind, &severity) in &facts.failures {
            let one = Failures {
                count: 1,
                severity,
                replication,
            };
            self.fail(kind, one);
        }
        for (rate, culprit) in &facts.causes {
            self.causes.add(rate.word(), replication, culprit);
        }
        self.measure(facts);
    }

    fn measure(&mut self, facts: &Facts) {
        if let Some(detection) = facts.detection_ms {
            self.detection_ms.add(detection);
        }
        if let Some(rollback) = facts.rollback_ms {
            self.rollback_ms.add(rollback);
        }
        self.reached_ppm.add(Some(facts.reached_ppm));
        self.exposed_requests.add(Some(facts.exposed_requests));
        if let Some(harm) = facts.error_millimin {
            self.error_millimin.add(Some(harm));
        }
        add_places(&mut self.hurt_ppb, &facts.hurt_ppb);
        self.exposure.add(&facts.exposure);
    }

    fn fail(&mut self, kind: &str, more: Failures) {
        match self.failures.get_mut(kind) {
            Some(known) => known.merge(more),
            None => drop(self.failures.insert(kind.to_owned(), more)),
        }
    }

    /// Adds everything that another tally of the same case has counted.
    ///
    /// # Panics
    ///
    /// If a block is in both: it would be counted twice.
    pub fn merge(&mut self, other: &Self) {
        self.runs += other.runs;
        add_counts(&mut self.outcomes, &other.outcomes);
        add_counts(&mut self.verdicts, &other.verdicts);
        for (id, promise) in &other.invariants {
            self.invariants
                .entry(id.clone())
                .or_default()
                .merge(*promise);
        }
        for (&rate, count) in &other.rates {
            let sum = self.rates.entry(rate).or_default();
            sum.events += count.events;
            sum.among += count.among;
        }
        for (kind, &failures) in &other.failures {
            self.fail(kind, failures);
        }
        self.causes.merge(&other.causes);
        self.merge_quantities(other);
        for (&block, &hash) in &other.blocks {
            assert!(
                self.blocks.insert(block, hash).is_none(),
                "block {block} is counted twice"
            );
        }
    }

    fn merge_quantities(&mut self, other: &Self) {
        self.detection_ms.merge(&other.detection_ms);
        self.rollback_ms.merge(&other.rollback_ms);
        self.reached_ppm.merge(&other.reached_ppm);
        self.exposed_requests.merge(&other.exposed_requests);
        self.error_millimin.merge(&other.error_millimin);
        add_places(&mut self.hurt_ppb, &other.hurt_ppb);
        self.exposure.merge(&other.exposure);
    }

    /// Returns the hash of the hashes of all rollouts, block by block.
    pub fn hash(&self) -> u64 {
        hash_of(self.blocks.values())
    }
}

/// The hash of hashes, in this order.
pub(super) fn hash_of<'h>(hashes: impl IntoIterator<Item = &'h u64>) -> u64 {
    let mut hash = RunningHash::new();
    hashes.into_iter().for_each(|&word| hash.word(word));
    hash.finish()
}

fn add_places(sum: &mut Vec<u64>, more: &[u64]) {
    if sum.len() < more.len() {
        sum.resize(more.len(), 0);
    }
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
}

fn add_counts<K: Ord + Copy>(sum: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (&key, count) in more {
        *sum.entry(key).or_default() += count;
    }
}

impl Promise {
    const fn add(&mut self, status: InvariantStatus) {
        match status {
            InvariantStatus::Holds => self.holds += 1,
            InvariantStatus::Violated => self.violated += 1,
            InvariantStatus::NotReached => self.not_reached += 1,
        }
    }

    /// Adds what another tally has seen of the same promise.
    pub const fn merge(&mut self, other: Self) {
        self.holds += other.holds;
        self.violated += other.violated;
        self.not_reached += other.not_reached;
    }
}

impl Failures {
    fn merge(&mut self, other: Self) {
        let worst = |one: &Self| (one.severity, Reverse(one.replication));
        let count = self.count + other.count;
        if worst(&other) > worst(self) {
            *self = other;
        }
        self.count = count;
    }
}

#[cfg(test)]
mod tests {
    use super::super::causes::{Cause, Culprit, SampleSize};
    use super::super::exposure::ExposureCurve;
    use super::*;

    fn culprit(run: u64) -> Culprit {
        Culprit {
            cause: Cause {
                who: format!("gate-{}", run % 2),
                stage: None,
                samples: Some(SampleSize::of(run * 5)),
            },
            samples: Some(run * 5),
            sentence: String::new(),
            enough: String::new(),
        }
    }

    /// Facts that differ from run to run in everything that is counted.
    fn facts(run: u64) -> Facts {
        let statuses = [
            InvariantStatus::Holds,
            InvariantStatus::Violated,
            InvariantStatus::NotReached,
        ];
        Facts {
            outcome: Outcome::ALL[run as usize % 7],
            verdict: Verdict::ALL[run as usize % 5],
            invariants: vec![("INV-STAGED".into(), statuses[run as usize % 3])],
            rates: BTreeMap::from([(Rate::FalseRollback, run.is_multiple_of(2))]),
            failures: BTreeMap::from([("false_rollback".to_owned(), run % 4)]),
            detection_ms: (!run.is_multiple_of(3))
                .then(|| (!run.is_multiple_of(5)).then_some(run * 1000)),
            rollback_ms: None,
            reached_ppm: run * 10,
            exposed_requests: run,
            error_millimin: Some(run),
            hurt_ppb: vec![run, 0],
            causes: vec![(Rate::FalseRollback, culprit(run))],
            exposure: ExposureCurve::of(100, [(run, run * 10)]),
            hash: run.wrapping_mul(0x1234_5678_9ABC_DEF1),
        }
    }

    fn block(number: u64) -> Tally {
        Tally::of_block(
            number,
            (number * 8..number * 8 + 8).map(|run| (run, facts(run))),
        )
    }

    fn sum(order: &[u64]) -> Tally {
        let mut sum = Tally::default();
        order.iter().for_each(|&number| sum.merge(&block(number)));
        sum
    }

    #[test]
    fn merging_is_associative_and_commutative() {
        let expect = sum(&[0, 1, 2, 3]);
        assert_eq!(sum(&[3, 1, 0, 2]), expect);
        let mut halves = sum(&[2, 3]);
        halves.merge(&sum(&[1, 0]));
        assert_eq!(halves, expect);
        assert_eq!((expect.runs, halves.hash()), (32, expect.hash()));
    }

    #[test]
    fn the_worst_failure_is_the_first_of_the_most_severe() {
        let failures = sum(&[3, 1, 2])
            .failures
            .remove("false_rollback")
            .expect("every run fails");
        assert_eq!(
            failures,
            Failures {
                count: 24,
                severity: 3,
                replication: 11
            }
        );
    }

    #[test]
    #[should_panic(expected = "block 1 is counted twice")]
    fn no_block_counts_twice() {
        sum(&[1, 0, 1]);
    }

    #[test]
    fn a_tally_survives_its_file() {
        let tally = sum(&[0, 1]);
        let json = serde_json::to_string(&tally).expect("whole numbers and words");
        assert_eq!(
            serde_json::from_str::<Tally>(&json).expect("as written"),
            tally
        );
    }
}
