//! Everything that can be explained: codes, invariants, objectives, windows, faults, verdicts.

use chaos::catalogue::{ENTRIES, Entry as FaultEntry, Parameter};
use chaos::checker::{HARM, known};
use chaos::formula::{EVENTS, QUANTITIES};
use chaos::mutant::{WITNESSED, Witnessed};
use reports::Verdict;
use sim_core::policy::gate::Window;
use sim_core::traffic::{PresetEntry, presets};

use super::terms::{TERMS, Term};
use crate::cli::splitters;
use crate::cli::windows::{NAMES, WINDOWS, Word};
use crate::study::Rate;

/// Something that has a name and an explanation.
pub(super) struct Explained {
    pub code: String,
    pub title: String,
    pub text: String,
}

/// Returns all of it, in the order in which it is listed.
pub(super) fn entries() -> Vec<Explained> {
    let codes = scenarios::codes().map(|entry| Explained {
        code: entry.code.to_owned(),
        title: entry.title.to_owned(),
        text: entry.explanation.to_owned(),
    });
    let promises = known().map(|promise| Explained {
        code: promise.id.to_owned(),
        title: promise.title.to_owned(),
        text: promise_text(&promise),
    });
    let witnessed = WITNESSED.iter().map(witnessed);
    let objectives = Rate::ALL.into_iter().map(objective);
    let windows = WINDOWS.iter().map(window);
    let names = NAMES.iter().map(named);
    codes
        .chain(promises)
        .chain(witnessed)
        .chain(objectives)
        .chain(windows)
        .chain(names)
        .chain(ENTRIES.iter().map(fault))
        .chain(presets().map(splitter))
        .chain([harm(), formula()])
        .chain(Verdict::ALL.map(verdict))
        .chain(TERMS.iter().map(term))
        .collect()
}

/// A word that answers use.
fn term(term: &Term) -> Explained {
    Explained {
        code: term.name.to_owned(),
        title: term.title.to_owned(),
        text: term.text.to_owned(),
    }
}

fn objective(rate: Rate) -> Explained {
    let title = if rate.is_told() {
        "a rate of many runs"
    } else {
        "an objective of many runs"
    };
    Explained {
        code: rate.word().to_owned(),
        title: title.to_owned(),
        text: meaning(rate).to_owned(),
    }
}

fn witnessed(promise: &Witnessed) -> Explained {
    Explained {
        code: promise.id.to_owned(),
        title: promise.title.to_owned(),
        text: "An invariant that `coalmine mutate` holds a weaker policy to: witnesses, gates that nothing can \
               weaken, stand beside the policy's own and say what they would have said. It has no margin."
            .to_owned(),
    }
}

/// A splitter by product and version.
fn splitter(entry: &PresetEntry) -> Explained {
    let (title, text) = splitters::explained(entry);
    Explained {
        code: entry.name.to_owned(),
        title,
        text,
    }
}

/// What a verdict means.
fn verdict(verdict: Verdict) -> Explained {
    let text = match verdict {
        Verdict::Pass => "Everything that was to hold was exercised and held.",
        Verdict::KnownLimitation => {
            "Violated, but only by faults outside the tolerance that the policy declares, or no more often than the \
             accepted rate. It is listed and costs no exit code: `tolerance:` says what the policy is to withstand. \
             In JSON it is KNOWN_LIMITATION."
        }
        Verdict::Miss => {
            "An objective was missed. Of an invariant: the policy does not declare what it would hold (`MISS (gap)`), or no \
             experiment exercised it (`NOT EXERCISED`)."
        }
        Verdict::Inconclusive => "What was declared never had an effect, so that nothing is known.",
        Verdict::Fail => "An invariant was violated by faults that the policy is to withstand.",
    };
    Explained {
        code: verdict.word().to_lowercase().replace(' ', "-"),
        title: format!("the verdict {}", verdict.word()),
        text: text.to_owned(),
    }
}

/// The promise of a policy with a harm budget.
fn harm() -> Explained {
    Explained {
        code: HARM.to_owned(),
        title: "what users suffer stays within the policy's harm budget".to_owned(),
        text: "Written as `harm-budget: {error-minutes: 30}`. The harm is the integral of the share of \
               traffic that failed above normal, on whatever version, in minutes of full outage, until the \
               world is normal again or the horizon. Of a latency that users feel, requests beyond its normal \
               p99 (or `slow-above`) count half a failed one, or `harm-weight`. Its margin is what was left of \
               the budget, in min. A policy can break no other promise and still hurt: a regression that \
               comes and goes never fills a sustained window, and a release that nobody takes back goes on \
               failing users."
            .to_owned(),
    }
}

/// How invariants of your own are written.
fn formula() -> Explained {
    let words = |known: &[chaos::formula::Word]| {
        let one = |known: &chaos::formula::Word| format!("\n\n{}: {}.", known.word, known.meaning);
        known.iter().map(one).collect::<String>()
    };
    Explained {
        code: "formula".to_owned(),
        title: "how invariants of your own are written".to_owned(),
        text: format!(
            "Written as `promises: [{{id: OWN-QUICK, title: a rollback is quick, formula: \
             \"always(rollback_began -> eventually[0s, 60s](serving_new == 0))\"}}]`.\n\nOperators: \
             `always`, `eventually` and `once` (back in time) with bounds such as `[0s, 60s]` or without, \
             `final(...)` for the end; `not`, `and`, `or`, `->`; `<`, `<=`, `==`, `!=`, `>=`, `>`. What a \
             gate said last: `passing(ID)`, `breaching(ID)`, `flawed(ID)`.\n\nEvents, true at the instants \
             at which they happen:{}\n\nQuantities, which hold from one instant to the next:{}",
            words(EVENTS),
            words(QUANTITIES)
        ),
    }
}

/// A fault of the catalogue, with a paragraph for each parameter.
fn fault(fault: &FaultEntry) -> Explained {
    let about = format!(
        "A fault on the layer {}, number {} of the catalogue. Source: {}. It threatens {}. It is \
         confirmed when {}; a rollout in which it is not confirmed is inconclusive.",
        fault.layer.word(),
        fault.id,
        fault.source,
        fault.threatens.join(", "),
        fault.shows
    );
    let paragraphs = fault.parameters().into_iter().map(|parameter| {
        let Parameter {
            name,
            meaning,
            default,
            bounds,
        } = parameter;
        let bounds = bounds.map_or(String::new(), |(least, most)| {
            format!(" From {least} to {most}.")
        });
        format!("\n\n{name}: {meaning}{bounds} Default: {default}.")
    });
    Explained {
        code: fault.name.to_owned(),
        title: fault.summary.to_owned(),
        text: about + &paragraphs.collect::<String>(),
    }
}

/// A window with what it promises, in the example that is shown.
fn window(word: &Word) -> Explained {
    let promise = read_window(word.written).map_or(String::new(), |window| {
        format!(
            "False-positive guarantee: {} ({}).",
            window.guarantee(),
            window.assumption()
        )
    });
    Explained {
        code: word.name.to_owned(),
        title: word.title.to_owned(),
        text: format!(
            "{}\n\nWritten as `window: {}`.\n\n{promise}",
            word.meaning, word.written
        ),
    }
}

/// Reads the example as a policy file would be read.
fn read_window(written: &str) -> Option<Window> {
    let document = scenarios::read::<Window>("window", written.as_bytes());
    document.ok().map(|document| document.value)
}

fn named(word: &Word) -> Explained {
    Explained {
        code: word.name.to_owned(),
        title: word.title.to_owned(),
        text: format!("{}\n\nWritten as `{}`.", word.meaning, word.written),
    }
}

fn promise_text(promise: &chaos::checker::Invariant) -> String {
    let slack = promise.unit.map_or("It has no margin.".to_owned(), |unit| {
        format!("Its margin is what was left, in {unit}; negative once it is violated.")
    });
    format!(
        "An invariant, judged by the history of a rollout alone. {slack} Source: {}.",
        promise.source
    )
}

/// What an objective counts.
const fn meaning(rate: Rate) -> &'static str {
    match rate {
        Rate::FalseRollback => {
            "The share of the rollouts of good releases that are rolled back, fall back, or are \
             killed or aborted. It should be at most the scenario's `false-rollback`."
        }
        Rate::StalledRelease => {
            "The share of the rollouts of good releases that stand still to the end: paused, or \
             unfinished at the horizon. It should be at most the scenario's `stalled-release`."
        }
        Rate::MissedRegression => {
            "The share of the rollouts of bad releases that are completed, in which nothing is done \
             about the release until the end, or in which users are still on it then. A rollout that \
             ended before the regression began is not counted. It should be at most the scenario's \
             `missed-regression`."
        }
        Rate::RollbackWithinDeadline => {
            "Among the rollouts in which a rollback begins, the share in which the last host serves \
             the old version within the policy's deadline, counted from the trigger. It should be at \
             least the scenario's `rollback-within-deadline`."
        }
        Rate::BlastWithin => {
            "The share of the rollouts in which the exposure that was reached, host by host, never \
             exceeds the policy's blast radius. It should be at least the scenario's `blast-within`."
        }
        Rate::ExpectedOutcome => {
            "The share of the rollouts that end as the scenario's `expect` says for this profile of \
             the policy. It should be at least its `at-least`. A rollout of a bad release that ended \
             before the regression began is not counted, unless it is to be completed."
        }
        Rate::EndedBeforeRegression => {
            "The share of the rollouts of bad releases that ended, or whose end was decided, before \
             the regression began. What stopped them cannot have been the regression, so they are no \
             detections, no catches and no little harm: they are left out of detection, harm and \
             missed_regression."
        }
        Rate::StoppedByChance => {
            "The share of the rollouts of bad releases that were stopped by a gate on a signal that \
             neither the release nor a fault of the scenario changes. That is a false alarm on a bad \
             release and no detection: they are left out of detection, harm and missed_regression."
        }
        Rate::StillExposed => {
            "Among the rollouts of bad releases that met the regression, the share in which users \
             were still on the release at the end: completed, paused, or not rolled back."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{WINDOWS, read_window};

    #[test]
    fn the_examples_of_windows_are_what_a_policy_may_say() {
        for word in WINDOWS {
            let window = read_window(word.written);
            assert_eq!(window.map(|window| window.word()), Some(word.name));
        }
    }
}
