//! What the words of gates mean: the windows, and the names that the field has for them.

/// A word of the policy form or of the field, and what it is written as.
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// What it is in a few words.
    pub title: &'static str,
    /// How it is written in a gate.
    pub written: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn word(
    name: &'static str,
    title: &'static str,
    written: &'static str,
    meaning: &'static str,
) -> Word {
    Word {
        name,
        title,
        written,
        meaning,
    }
}

/// Names of the field that are written with other words here.
pub const NAMES: &[Word] = &[
    word(
        "fixed",
        "a gate: a fixed threshold",
        "window: instant",
        "The first evaluation beyond the limit fires.",
    ),
    word(
        "failure-limit",
        "a gate: more failed measurements than allowed",
        "window: {count: {failures: 3}}",
        "The gate fires when more than so many measurements of the stage failed.",
    ),
    word(
        "consecutive-error-limit",
        "a gate: more errors in a row than allowed",
        "window: {count: {errors-in-a-row: 4}}",
        "The gate fires when the measurement itself failed more than so often in a row.",
    ),
    word(
        "relative-to-control",
        "a gate: compared with the old version",
        "breach: {is: above, limit: {times: {factor: 1.5, of: control}}}",
        "A limit of so many times the control's value, or of `plus` a margin, with any window.",
    ),
];

/// The windows of the policy form.
pub const WINDOWS: &[Word] = &[
    word(
        "instant",
        "a window: the first breach fires",
        "instant",
        "One evaluation beyond the limit is enough.",
    ),
    word(
        "consecutive",
        "a window: breaches in a row",
        "{consecutive: 3}",
        "So many evaluations in a row must be beyond the limit.",
    ),
    word(
        "sustained",
        "a window: a breach that lasts",
        "{sustained: {over: 15m, mode: every}}",
        "Over the whole time `every` evaluation breaches, or the `mean` of the values does, or \
         `{at-least: m}` evaluations do: three readings of one word that differ by orders of magnitude.",
    ),
    word(
        "count",
        "a window: measurements that fail are counted",
        "{count: {failures: 3, errors-in-a-row: 4}}",
        "Counted from the beginning of the stage, as analysis runs count.",
    ),
    word(
        "burn-rate",
        "a window: the error budget burns over a long and a short time",
        "{burn-rate: {short: 5m}}",
        "The look-back time of the gate is the long window, its limit the burn rate times the error \
         budget: 14.4 times 0.1 % is a limit of 0.0144. Both windows must be beyond it (The Site \
         Reliability Workbook, chapter 5).",
    ),
    word(
        "cusum",
        "a window: a cumulative sum",
        "{cusum: {slack: 0.5, limit: 5}}",
        "What readings lie beyond the gate's limit, less the slack, adds up and never falls below 0 \
         (Page 1954). The unit is the standard error of a ratio at the limit, or `unit`.",
    ),
    word(
        "ewma",
        "a window: a moving average",
        "{ewma: {weight: 0.1, width: 2.7}}",
        "The exponentially weighted average of what readings lie beyond the gate's limit (Roberts \
         1959).",
    ),
    word(
        "e-process",
        "a window: a bet on breaches",
        "{e-process: {rate: 0.1, bet: 0.5, alpha: 0.05}}",
        "Each evaluation multiplies the wealth by 1 + bet (x - rate), x being 1 for a breach; at \
         1/alpha the gate fires.",
    ),
    word(
        "sprt",
        "a window: Wald's sequential test of a known rate",
        "{sprt: {alternative: 0.03, alpha: 0.05, beta: 0.1}}",
        "Tells the rate at the gate's limit from the alternative; passes once it has accepted the \
         limit, and goes on watching. Every request counts once.",
    ),
    word(
        "msprt",
        "a window: the mixture sequential test against control",
        "{msprt: {alpha: 0.01, effect: 0.01}}",
        "The difference of the canary's rate from what the limit allows, looked at whenever one \
         likes (Johari, Koomen, Pekelis, Walsh 2022), one-sided. Every request counts once.",
    ),
    word(
        "conditional-e-process",
        "a window: a bet on whose the failures are",
        "{conditional-e-process: {alpha: 0.01, least: 1.25, most: 10}}",
        "Given how many requests failed, the canary's share of them is known for a harmless release; \
         the bets are on factors from `least` to `most`. Needs no normal approximation.",
    ),
    word(
        "group-sequential",
        "a window: a few planned interim analyses against control",
        "{group-sequential: {looks: 5, over: 1h, alpha: 0.01, sides: one, boundary: o-brien-fleming}}",
        "A z statistic at equally spaced looks, with limits by O'Brien and Fleming or by Pocock.",
    ),
    word(
        "bayes",
        "a window: the posterior probability of harm",
        "{bayes: {level: 0.99, failures: 1, successes: 99}}",
        "Both rates have the same beta prior; the gate fires when the canary's is worse with more than \
         this probability.",
    ),
    word(
        "mann-whitney",
        "a window: the rank test against control, as Kayenta judges",
        "{mann-whitney: {every: 1m, confidence: 0.98, tolerance: 0.25}}",
        "The look-back time is cut into values; the confidence interval of their shift must clear a \
         fraction of the estimated shift.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sim_core::policy::gate::Window;

    use super::WINDOWS;

    /// The schema of the form knows the same words.
    #[test]
    fn every_window_of_the_form_is_explained_once() {
        let schema = schemars::schema_for!(Window).to_value().to_string();
        let words: BTreeSet<_> = WINDOWS.iter().map(|word| word.name).collect();
        assert_eq!(words.len(), WINDOWS.len());
        for word in &words {
            assert!(schema.contains(&format!("\"{word}\"")), "{word}");
        }
        let variants = schemars::schema_for!(Window).to_value();
        assert_eq!(
            variants["oneOf"].as_array().map(Vec::len),
            Some(words.len())
        );
    }
}
