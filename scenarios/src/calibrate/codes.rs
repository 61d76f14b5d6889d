//! What the codes of calibration mean.

use crate::diagnostic::code_entry::{CodeEntry, entry};

/// The codes from 320 to 339: why a history cannot be fitted.
pub(crate) const CODES: &[CodeEntry] = &[
    entry(
        "CM320",
        "the history is constant",
        "All values are equal. Either nothing was measured, or the resolution of the metric is too \
         coarse. A model without noise would call every change a regression.",
    ),
    entry(
        "CM321",
        "the history is too short",
        "Thirty blocks (60 hours with the usual blocks of 2 hours) and 200 values are the least from \
         which noise, its memory and its stability can be told apart.",
    ),
    entry(
        "CM322",
        "a ratio has no denominator",
        "How much a ratio varies by chance depends on how many requests it was counted over. Without \
         that number chance cannot be told from real movement.",
    ),
    entry(
        "CM323",
        "the values are no counts",
        "Counts are whole numbers, 0 or more. Negative ones come from differences of counters that were \
         reset, or from a level that is no count.",
    ),
    entry(
        "CM324",
        "the ratio was averaged before",
        "The values vary less than the chance of counting alone makes them vary (chi2/df below 1). That \
         happens where each value is an average over several intervals, or where n is not its denominator.",
    ),
    entry(
        "CM325",
        "a numerator is above its denominator",
        "In a ratio the value is a number of bad requests among n, or a fraction from 0 to 1.",
    ),
    entry(
        "CM326",
        "the values look like two units",
        "They fall into two groups a factor of about 100 or 1000 apart with nothing in between: seconds and \
         milliseconds, or fractions and percentages, in one history.",
    ),
    entry(
        "CM327",
        "the history drifts",
        "Level or spread differ between the two halves by more than their own wandering explains. What \
         held before the change does not hold after it, and no stationary model can promise anything.",
    ),
    entry(
        "CM328",
        "the history wanders",
        "The level moves so slowly that the history holds only a few independent stretches. Where it \
         will be next week cannot be told from it.",
    ),
    entry(
        "CM329",
        "a summary does not hold the far tail",
        "p99.9 cannot be inferred from the percentiles of a k6 summary: on recorded latencies a lognormal \
         through median and p95 misses it by -55 % to +25 %.",
    ),
    entry(
        "CM330",
        "the counts vary too little",
        "Independent events vary at least as a Poisson process does. Values that vary less are averages, \
         capacities or levels, and no counts.",
    ),
    entry(
        "CM331",
        "the values may be percent",
        "A ratio is a part of 1. Values above 1, a name that says percent, counts that are whole only in percent, or \
         more errors than a service has are asked about: --unit percent, --unit ratio or --unit errors.",
    ),
];
