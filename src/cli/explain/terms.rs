//! Words that answers use and that are no names of anything in a file.
//!
//! Each is found by `coalmine explain WORD`, also by its other names, with spaces, hyphens or underscores.

/// A term of the field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    /// The term, with hyphens.
    pub name: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    /// What it is, in a line.
    pub title: &'static str,
    /// What it means, and what to do.
    pub text: &'static str,
}

/// Returns the term of that name or other name, in lower case with hyphens.
pub(super) fn named(word: &str) -> Option<&'static Term> {
    let own = TERMS.iter().find(|term| term.name == word);
    own.or_else(|| TERMS.iter().find(|term| term.also.contains(&word)))
}

/// All terms.
pub(super) const TERMS: &[Term] = &[
    Term {
        name: "hash",
        also: &["inputs-hash"],
        title: "the fingerprint of a result",
        text: "A digest of everything that happened in the rollouts of an answer: the same version, inputs and \
               seed give the same hash on any machine and with any number of threads. Two results with one hash \
               are one result. If a replay has another hash, the version, a file or the seed is another: the \
               answer names all three.",
    },
    Term {
        name: "seed",
        also: &["root-seed", "replication"],
        title: "the number from which all chance is drawn",
        text: "Every draw follows from the seed, the replication (which rollout of many) and its own address. \
               `--seed N` gives the same answer again; another seed gives an independent one of the same \
               distribution. If a verdict changes with the seed, ask for more rollouts (`-n`).",
    },
    Term {
        name: "replay",
        also: &[],
        title: "the command that plays one rollout again",
        text: "Answers name the rollout that shows a finding by a command with seed and replication. Run it to \
               see the timeline of that very rollout; `--out folder=DIR` keeps it as a case.",
    },
    Term {
        name: "invariant",
        also: &["promise", "safety-promise"],
        title: "what must hold in every rollout",
        text: "A property that a checker judges from the history alone, such as INV-ROLLBACK: it holds, is \
               violated, or was not exercised. `coalmine explain INV-ROLLBACK` says what each asks. An \
               invariant may be violated in at most 1 % of the rollouts, unless the scenario says another \
               limit.",
    },
    Term {
        name: "objective",
        also: &["limit"],
        title: "a rate with a limit",
        text: "What a scenario asks of many rollouts, such as `false-rollback: 1%`. It is met, missed or \
               undecided by the whole 95 % interval of the rate, never by the rate alone.",
    },
    Term {
        name: "untested",
        also: &["not-exercised", "not-reached", "not-tested"],
        title: "nothing that was simulated could have shown it",
        text: "An objective without data, or an invariant of which no rollout came to the situation that it is \
               about. It is no pass. Choose a scenario that leads there (a bad release for rollbacks, faults \
               for recoveries), or let `coalmine chaos` look for one.",
    },
    Term {
        name: "undecided",
        also: &["inconclusive-objective"],
        title: "the interval lies on both sides of the limit",
        text: "With so few rollouts the rate may be within the limit or beyond it. The answer says which `-n` \
               decides; the exit code is 4. Where no number decides, the rate lies on the limit: choose another \
               limit or another setting.",
    },
    Term {
        name: "vacuous",
        also: &[],
        title: "a limit that cannot be missed",
        text: "Such as `missed-regression: 100%`. It says nothing about the policy and costs exit code 4: lower \
               the limit, or delete it.",
    },
    Term {
        name: "confidence-interval",
        also: &[
            "interval",
            "95-%-interval",
            "95%-interval",
            "clopper-pearson",
        ],
        title: "where the true value lies, in 95 of 100 studies",
        text: "Rates have exact (Clopper-Pearson) intervals, quantiles those of order statistics. More rollouts \
               make them narrower: four times as many for half the width.",
    },
    Term {
        name: "p50",
        also: &["p95", "p99", "quantile", "median", "percentile"],
        title: "a quantile: so much of the rollouts is below it",
        text: "p95 is the value that 19 of 20 rollouts do not exceed; p50 is the median.",
    },
    Term {
        name: "minimum-detectable-effect",
        also: &["mde", "least-effect", "detectable-effect"],
        title: "the smallest effect that is acted upon in 80 % of the rollouts",
        text: "At 80 % power, in the unit of the signal. `coalmine curve` finds it and gives an interval whose \
               ends were simulated. If it is larger than what users would notice, lower the limit, look back \
               for longer, or give the canary more traffic.",
    },
    Term {
        name: "power",
        also: &["detection-probability"],
        title: "how often a regression of a given size is acted upon",
        text: "One minus the rate of missed regressions. `coalmine curve` shows it for each size.",
    },
    Term {
        name: "false-positive-guarantee",
        also: &["guarantee", "false-positives"],
        title: "a bound on how often a gate fires on a harmless release",
        text: "Sequential tests have one; static thresholds and burn rates have none, whatever their limit. \
               Without one, read the rate of false rollbacks off `coalmine simulate`.",
    },
    Term {
        name: "detection",
        also: &["detection-delay", "time-to-detect"],
        title: "the time from the regression to the first action on it",
        text: "Counted from the instant at which the regression begins. Rollouts that ended before it are in no \
               delay.",
    },
    Term {
        name: "ended-before-the-regression-began",
        also: &["before-the-regression-began", "ended-before-regression"],
        title: "rollouts that say nothing about the regression",
        text: "They had stopped, or completed, before it began, and are in no rate of detection, harm or \
               misses. If many are, a gate fires too early: see their cause.",
    },
    Term {
        name: "blast-radius",
        also: &["exposure", "reach"],
        title: "the most that a release may reach before it is proven",
        text: "`blast-radius: {max: 10%}` in a policy: more exposure rolls back. INV-BLAST holds it. Without \
               one nothing bounds what a bad release reaches; write one, or waive the gap with a reason.",
    },
    Term {
        name: "error-minutes",
        also: &["error-minute", "user-impact", "harm", "full-outage-minutes"],
        title: "user impact, as minutes of full outage",
        text: "The share of the traffic that failed above normal, on whatever version, summed over time: 10 % \
               of the traffic failing for 10 minutes is one error-minute. `harm-budget: {error-minutes: 30}` in \
               a policy limits it.",
    },
    Term {
        name: "margin",
        also: &["slack"],
        title: "how far an invariant was from being violated",
        text: "In the unit of the invariant, such as seconds of a deadline; negative once it is violated. A \
               small one is worth more than a verdict: the next slow host may take it.",
    },
    Term {
        name: "pareto-front",
        also: &["pareto-optimal", "front", "pareto"],
        title: "candidates that no other one beats in everything",
        text: "In the objectives that are shown: to do better in one of them is to do worse in another. \
               `coalmine tune` recommends from it alone.",
    },
    Term {
        name: "dominated",
        also: &[],
        title: "another candidate is at least as good in everything, and better in something",
        text: "There is no reason to choose it. `coalmine tune` leaves it off the Pareto front.",
    },
    Term {
        name: "held-out-validation",
        also: &["hold-out", "held-out", "validation", "fresh-seeds"],
        title: "the check on scenarios and seeds that the search has not seen",
        text: "What is best in a search is partly luck. `coalmine tune` plays its recommendation again on fresh \
               seeds and on the scenarios of `--hold-out`; a MISS there means that it does not hold up: vary \
               more gates, or search in more scenarios.",
    },
    Term {
        name: "statistically-indistinguishable",
        also: &["indistinguishable", "no-difference", "significant"],
        title: "the interval of the difference holds zero",
        text: "These rollouts do not show which is better. More of them might; if not, choose by what costs \
               less.",
    },
    Term {
        name: "coverage",
        also: &["state-coverage", "event-pair-coverage"],
        title: "how much of what can go wrong was simulated",
        text: "Transitions, situations in which each fault showed, pairs of faults, edges of limits: reached of \
               reachable. Low coverage weakens a PASS of `coalmine chaos`: raise `--runs`.",
    },
    Term {
        name: "tolerance",
        also: &["tolerated", "tolerated-faults", "withstand"],
        title: "the faults that a policy is to withstand",
        text: "`tolerance:` in a policy or campaign. A violation under these faults is FAIL; under others it is \
               a known limitation.",
    },
    Term {
        name: "waived",
        also: &["waiver-of-a-gap", "gap", "left-open-on-purpose"],
        title: "a gap that the policy leaves open for a reason",
        text: "`waives: [{gap: ..., because: ...}]`: it is listed and costs no exit code. A gap without a \
               reason does.",
    },
    Term {
        name: "fault-injection-experiment",
        also: &["experiment", "rehearsal"],
        title: "one simulated rollout with faults",
        text: "`coalmine chaos` plays many and judges the invariants after each.",
    },
    Term {
        name: "shrinking",
        also: &["shrink", "counterexample"],
        title: "making a failing experiment as small as it can be",
        text: "Faults, times and sizes are left out or lowered as long as the same invariant is violated. What \
               is left is the cause.",
    },
    Term {
        name: "mutation-survived",
        also: &["survived", "mutant", "mutation"],
        title: "a weaker policy that no experiment could tell from yours",
        text: "`coalmine mutate` weakens one thing at a time. A survivor means that nothing checks that part: \
               add a scenario or an invariant that would notice.",
    },
    Term {
        name: "known-limitation-of-the-model",
        also: &["assumption", "assumes"],
        title: "what a simulation takes for granted",
        text: "Answers about files of other products lead with it. Say what is different with the options that \
               `--help` lists.",
    },
    Term {
        name: "sample",
        also: &["samples", "n"],
        title: "a request or measurement that a reading rests on",
        text: "`n` beside a reading. `min-samples` asks for so many before a gate judges; with fewer its `on: \
               {too-few: ...}` decides.",
    },
    Term {
        name: "breach",
        also: &["fires", "judged"],
        title: "a reading beyond the limit of a gate",
        text: "A gate fires when its window has seen enough of them; a trigger that fires acts as its class \
               says.",
    },
    Term {
        name: "rolled-back",
        also: &["rollback"],
        title: "the old version serves everybody again",
        text: "The time to roll back is counted from the trigger to the last host. INV-ROLLBACK holds it to the \
               policy's deadline.",
    },
    Term {
        name: "control",
        also: &["baseline", "canary"],
        title: "the old version beside the new one, at the same time",
        text: "`population: control` reads it; `canary` reads the new one. A relative limit (`times`, `plus`) \
               compares the two.",
    },
];

#[cfg(test)]
mod tests {
    use super::{TERMS, named};

    #[test]
    fn no_word_means_two_things_and_each_says_something() {
        let mut words: Vec<&str> = TERMS
            .iter()
            .flat_map(|term| term.also.iter().chain([&term.name]))
            .copied()
            .collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all, "a word stands twice");
        for term in TERMS {
            assert!(
                named(term.name).is_some() && term.text.len() > 60,
                "{term:?}"
            );
        }
    }
}
