//! Tests of fates; the library policies are put to the test in `tests/it`.

use super::{MutantStatus, MutantVerdict};

#[test]
fn a_policy_that_could_not_be_rolled_out_counts_neither_as_caught_nor_as_missed() {
    let refused = MutantStatus::Unviable("a window of no length".to_owned());
    assert_eq!(refused.verdict(), MutantVerdict::Unviable);
    let counting: Vec<MutantVerdict> = MutantVerdict::ALL
        .into_iter()
        .filter(|verdict| verdict.counts())
        .collect();
    assert_eq!(
        counting,
        [
            MutantVerdict::Caught,
            MutantVerdict::Missed,
            MutantVerdict::Masked
        ]
    );
}
