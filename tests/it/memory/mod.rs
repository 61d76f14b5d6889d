//! What the engines do and memory gets wrong: `lint` tells each of it to the owner of such a file, with its figure.
//!
//! The facts were seen by running Argo Rollouts 1.10.1, Flagger 1.44.0, Prometheus 3.16.0 and sloth 0.16.0, and read in
//! Kayenta a69573be.

use std::path::Path;

use crate::command::coalmine_in;

/// A file beside this one, what it does, the code of the finding, and what the finding says.
const TOLD: &[(&str, &str, &str, &str)] = &[
    (
        "limit-minus-one.yaml",
        "`failureLimit: -1` alone makes every run an Error before any measurement",
        "CM421",
        "the rollout aborts, always",
    ),
    (
        "limit-above-count.yaml",
        "a `failureLimit` above `count` does, too",
        "CM421",
        "count (5) must be >= failureLimit",
    ),
    (
        "mean-of-nothing.yaml",
        "`mean` of no data passes a `<` condition",
        "CM428",
        "an answer without series passes",
    ),
    (
        "median.yaml",
        "so does `median`",
        "CM428",
        "an answer without series passes",
    ),
    (
        "default.yaml",
        "`default(result, 0)` on an empty answer is an Error",
        "CM428",
        "an answer without series is an Error, and five in a row abort",
    ),
    (
        "max-nan.yaml",
        "`max` with NaN depends on the order of series",
        "CM436",
        "keep a NaN that comes first",
    ),
    (
        "dryrun.yaml",
        "`dryRun` names match anywhere in the name of a metric",
        "CM437",
        "`errors` makes `errors-payment` a dry run as well",
    ),
    (
        "dynamic.yaml",
        "after an abort traffic stays at the full weight of the canary",
        "CM435",
        "10 pods, aborted at 80 %: 80, ",
    ),
    (
        "weight-one.yaml",
        "10 replicas at weight 1 are 1 + 10 pods",
        "CM426",
        "1 canary and 10 stable",
    ),
    (
        "gate-checks.yaml",
        "a gate that waits checks on every tick",
        "CM441",
        "0.07 % if the approver takes an hour",
    ),
    (
        "bg-second-tick.yaml",
        "a gate of blue-green is asked every second tick",
        "CM452",
        "up to 2 min late",
    ),
    (
        "bg-second-tick.yaml",
        "blue-green has one check more than iterations",
        "CM452",
        "there are 11 checks, one more than `iterations`",
    ),
    (
        "last-series.yaml",
        "the last series of an answer decides",
        "CM436",
        "the last series of the answer decides `p`",
    ),
    (
        "no-interval.yaml",
        "a template metric without an interval renders nothing",
        "CM440",
        "the query has `[]`",
    ),
    (
        "204.yaml",
        "an answer of 204 is a failure",
        "CM452",
        "after 5 of them, 5 min, the release is rolled back",
    ),
    (
        "equal.yaml",
        "equal neighbours in `stepWeights` stall for good",
        "CM439",
        "it reaches 10, 20, and there is no next step",
    ),
    (
        "falling.yaml",
        "so do falling ones",
        "CM439",
        "it reaches 10, 30, and there is no next step",
    ),
    (
        "lost.yaml",
        "a revision that is pushed after a failure can be lost",
        "CM453",
        "50 % of the ticks",
    ),
    (
        "judge.json",
        "one point against one is an Error, a Pass at 100",
        "CM434",
        "which no score counts: it passes at 100",
    ),
    (
        "judge.json",
        "two points against two are High by chance",
        "CM434",
        "High by chance in 12 of 100",
    ),
    (
        "judge.json",
        "a group without data counts as 100",
        "CM443",
        "groups without data count as 100: `g`, `h`",
    ),
    (
        "judge.json",
        "`nanStrategy: replace` makes zeros of NaN",
        "CM443",
        "`e` makes zeros of NaN",
    ),
    (
        "judge.json",
        "a precise change of 1 % is High",
        "CM444",
        "a change of 1 % that is measured precisely is High",
    ),
    (
        "ratio.yaml",
        "a ratio of two rates outlives its target",
        "CM449",
        "10 % at the end was 50 % four minutes later",
    ),
    (
        "ratio.yaml",
        "a counter born with the first errors loses its first jump",
        "CM449",
        "loses its first jump",
    ),
    (
        "starved.yaml",
        "`rate(x[1m])` at a scrape a minute never has a value",
        "CM445",
        "holds one sample; two are needed",
    ),
    (
        "for15.yaml",
        "a restart delays an alert",
        "CM448",
        "costs 13 min",
    ),
    (
        "for15.yaml",
        "an edit takes an alert that fires back",
        "CM454",
        "for 15 min",
    ),
    (
        "ne.yaml",
        "`!=` fires without traffic",
        "CM446",
        "`!=` holds for NaN",
    ),
    (
        "sloth.yaml",
        "the budget of 99.9 % is a little less",
        "CM450",
        "0.0009999999999999432",
    ),
    (
        "v1alpha.yaml",
        "OpenSLO v1alpha gives rules without alerts",
        "CM450",
        "ends with exit code 0",
    ),
    (
        "v1.yaml",
        "OpenSLO v1 is refused",
        "CM450",
        "sloth 0.16 refuses this version",
    ),
];

/// The findings of a text, each as one paragraph.
fn findings(text: &str) -> Vec<String> {
    let all = text.split("\n\n").map(str::to_owned);
    all.filter(|part| part.contains("CM4")).collect()
}

#[test]
fn lint_tells_the_owner_of_such_a_file_what_it_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/memory");
    let mut silent = Vec::new();
    for (file, what, code, figure) in TOLD {
        let ran = coalmine_in(&folder, &["lint", file]);
        let all = findings(&ran.out);
        let says = |found: &String| found.contains(&format!("[{code}]")) && found.contains(figure);
        if !all.iter().any(says) {
            silent.push(format!("{file}: {what} ({code}, {figure}): {all:#?}"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
