//! Which scenarios a search plays, which it keeps back, and which do not count.

use reports::LeftOut;
use scenarios::import::lower::in_world;
use scenarios::{Report, Verdict, load};
use sim_core::engine::SimDuration;
use sim_core::{Outcome, Steering};

use super::TuneArgs;
use crate::cli::failure::Failure;
use crate::cli::resolve::{ChosenPolicy, ChosenScenario, choose_scenario, choose_suite};
use crate::study::tune::Part;

/// The scenarios of a search.
#[derive(Debug)]
pub struct SearchSuite {
    /// Those that are played, for the digest and the checks.
    pub chosen: Vec<ChosenScenario>,
    /// Those of the search.
    pub search: Vec<Part>,
    /// Those of the confirmation alone.
    pub held_out: Vec<Part>,
    /// Those that do not count.
    pub left_out: Vec<LeftOut>,
}

/// Every so many scenarios of a kind one is kept back.
const KEPT_BACK: usize = 3;

impl SearchSuite {
    /// Chooses the scenarios.
    ///
    /// A good release counts if it is expected to be completed, a bad one if it is not: what a scenario
    /// expects to go wrong whatever the numbers say, such as an approval that never comes, is no reason to
    /// prefer one candidate to another. Every third one of a kind is held out, unless the arguments say
    /// which.
    pub fn choose(policy: &ChosenPolicy, args: &TuneArgs) -> Result<Self, Failure> {
        let all = everything(policy, args)?;
        let mut suite = Self {
            chosen: Vec::new(),
            search: Vec::new(),
            held_out: Vec::new(),
            left_out: Vec::new(),
        };
        let mut met = [0usize; 2];
        for scenario in all {
            let case = scenario.case(policy)?;
            let expected = case.expect.as_ref().map(|expect| expect.outcome);
            let part = Part {
                name: case.name.clone(),
                release: case.release,
                expected,
                experiment: case.experiment().clone(),
            };
            if let Some(why) = uncounted(case.release, expected) {
                suite.left_out.push(LeftOut {
                    scenario: part.name,
                    why,
                });
                continue;
            }
            let met = &mut met[usize::from(case.release == Verdict::Bad)];
            *met += 1;
            let held = Self::is_held_out(args, &scenario.named, *met);
            (if held {
                &mut suite.held_out
            } else {
                &mut suite.search
            })
            .push(part);
            suite.chosen.push(scenario);
        }
        suite.complete(policy)
    }

    fn is_held_out(args: &TuneArgs, named: &str, met: usize) -> bool {
        if args.hold_out.is_empty() {
            args.scenario.is_empty() && met.is_multiple_of(KEPT_BACK)
        } else {
            args.hold_out.iter().any(|known| known == named)
        }
    }

    /// A search without a good or without a bad release would find the most extreme numbers.
    fn complete(self, policy: &ChosenPolicy) -> Result<Self, Failure> {
        for (release, word) in [(Verdict::Good, "good"), (Verdict::Bad, "bad")] {
            if self.search.iter().all(|part| part.release != release) {
                let what = format!(
                    "the search has no scenario with a {word} release for {}",
                    policy.named
                );
                let why = "without both kinds the most extreme numbers would win";
                return Err(Failure::input(what).help(format!("{why}; add one with --scenario")));
            }
        }
        Ok(self)
    }

    /// Returns all scenarios that are played.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.search.iter().chain(&self.held_out)
    }

    /// Returns what keeps a policy out of these scenarios, if anything.
    pub fn misfit(&self, steering: &Steering) -> Option<Report> {
        let Steering { policy, decider } = steering;
        let of = |scenario: &ChosenScenario| {
            let (document, world) = (&scenario.document, &scenario.world);
            if decider.is_native() {
                return load::experiment(policy, &document.value, world).err();
            }
            let own = in_world(policy, &world.telemetry);
            let fits = load::decided_by((&own, decider.clone()), document, world);
            fits.err().map(|mut reports| reports.swap_remove(0))
        };
        self.chosen.iter().find_map(of)
    }

    /// Follows rollouts for so long where no scenario file says how long.
    pub fn follow(&mut self, longest: SimDuration) {
        let names: Vec<&str> = self
            .chosen
            .iter()
            .filter(|scenario| scenario.is_assumed())
            .map(|scenario| &scenario.document.value.name[..])
            .collect();
        let parts = self.search.iter_mut().chain(&mut self.held_out);
        for part in parts.filter(|part| names.contains(&&part.name[..])) {
            part.experiment.horizon = longest;
        }
    }
}

/// The scenarios that are named, or all of the policy.
fn everything(policy: &ChosenPolicy, args: &TuneArgs) -> Result<Vec<ChosenScenario>, Failure> {
    if args.scenario.is_empty() && args.hold_out.is_empty() {
        return choose_suite(policy);
    }
    let named = |names: &[String]| -> Result<Vec<_>, Failure> {
        names
            .iter()
            .map(|name| choose_scenario(policy, name))
            .collect()
    };
    let held = named(&args.hold_out)?;
    let mut all = if args.scenario.is_empty() {
        choose_suite(policy)?
    } else {
        named(&args.scenario)?
    };
    for scenario in held {
        if all.iter().all(|known| known.named != scenario.named) {
            all.push(scenario);
        }
    }
    Ok(all)
}

/// Why a scenario does not count, if it does not.
fn uncounted(release: Verdict, expected: Option<Outcome>) -> Option<String> {
    let expected = expected?;
    let completes = expected == Outcome::Completed;
    match release {
        Verdict::Good if !completes => Some(format!("good, expected {}", expected.word())),
        Verdict::Bad if completes => Some("bad, expected completed".to_owned()),
        _ => None,
    }
}
