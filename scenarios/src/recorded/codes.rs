//! What the codes of recordings mean.

use crate::diagnostic::code_entry::{CodeEntry, entry};

/// The codes from 300 to 319: the reading of a recording.
pub(crate) const CODES: &[CodeEntry] = &[
    entry(
        "CM300",
        "the file is no recording",
        "Recordings are a CSV with the header `timestamp,value[,n][,host][,version]` or `time,errors,requests`, what \
         Grafana exports, the answer of Prometheus to `query_range`, `promtool tsdb dump`, OpenMetrics text with \
         times, or a k6 summary.",
    ),
    entry(
        "CM301",
        "the recording is too large",
        "At most 256 MiB, 5.3 million rows and 20 000 hosts are read. Weeks at the step at which the \
         policy looks are enough.",
    ),
    entry(
        "CM302",
        "a column is missing",
        "The first line of a CSV names its columns: `timestamp` and `value`, and `n`, `host` and \
         `version` where there are such. Other names are given with --column ROLE=NAME.",
    ),
    entry(
        "CM303",
        "a row does not fit the header",
        "A row has more or fewer cells than the header, or is far too long. A decimal comma does this.",
    ),
    entry(
        "CM304",
        "a time cannot be read",
        "Times are dates such as `2026-02-03T04:05:06Z` or unix times in seconds, milli-, micro- or \
         nanoseconds. A date without an offset counts as UTC.",
    ),
    entry(
        "CM305",
        "times are written in several forms",
        "Seconds beside milliseconds, or dates with and without an offset, come from several sources \
         whose clocks need not agree.",
    ),
    entry(
        "CM306",
        "a value cannot be read",
        "A value is a number with a decimal point, maybe with a unit behind it. An empty cell, `NaN` or \
         `null` say that there is none.",
    ),
    entry(
        "CM307",
        "values carry several units",
        "A history in milliseconds here and in seconds there has a spread that nobody ever measured.",
    ),
    entry(
        "CM308",
        "a denominator cannot be read",
        "`n` says how many requests, runs or samples a value stands for: a number, 0 or more.",
    ),
    entry(
        "CM309",
        "a column is not used",
        "The column has none of the known names. If it holds denominators, hosts or versions, say so with \
         --column ROLE=NAME.",
    ),
    entry(
        "CM310",
        "values are absent",
        "Empty values are counted as missing. Where a model is fitted they may be at most 1 % of all: more of \
         them hide what went on.",
    ),
    entry(
        "CM311",
        "rows are out of order",
        "At most one row in a thousand is sorted in, and a recording that runs backwards is turned \
         round; more disorder means that rows come from several sources.",
    ),
    entry(
        "CM312",
        "rows are there twice",
        "Identical rows of one time and host count once when they are at most 1 % of all.",
    ),
    entry(
        "CM313",
        "rows contradict each other",
        "Several values of one time and host. Of at most one in 200 the first counts; more of them \
         are several series in one file, or local time at the end of summer time.",
    ),
    entry(
        "CM314",
        "samples are missing",
        "They stay empty and are never filled in: a backtest plays them as missing data, and of a history \
         that a model is fitted to up to 5 % may be missing, and whole days, which are left out and named. What failed to be recorded is often what went wrong.",
    ),
    entry(
        "CM315",
        "there are too few values to have a step",
        "A history needs values at two times at the very least.",
    ),
    entry(
        "CM316",
        "values are no numbers",
        "NaN is what a query shows that divides no errors by no requests. A backtest plays it and asks \
         each gate's `on: {nan: ...}`; a calibration takes it for an interval without traffic. With requests in the \
         column `n` an interval of 0 requests is told from a broken query.",
    ),
    entry(
        "CM317",
        "errors and requests are of different times",
        "Two recordings are put together instant by instant: the requests of an interval are the denominator of \
         its errors.",
    ),
];
