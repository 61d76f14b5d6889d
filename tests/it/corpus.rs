//! The corpus: every case from a real incident or defect, played under both profiles, gets the verdict that
//! it says.

use std::collections::BTreeMap;

use coalmine::chaos::rehearsal::Verdict;
use coalmine::scenarios::{Scenario, files, library, load};
use coalmine::sim_core::policy::Profile;
use coalmine::sim_core::{Outcome, Seed};
use coalmine::study::{Case, judge};
use rayon::prelude::*;

use crate::command::coalmine;

/// The root seed of every case, and the number of its runs.
const ROOT: u64 = 1;
const RUNS: u64 = if cfg!(debug_assertions) { 20 } else { 200 };

const PROFILES: [Profile; 2] = [Profile::AsWritten, Profile::AsImplemented];

/// One policy in one case.
struct Played {
    title: String,
    scenario: Scenario,
    profile: Profile,
    case: Case,
}

fn played(system: &library::System, (name, text): (&str, &str), profile: Profile) -> Played {
    let policy = system.policy(profile).expect("both profiles ship");
    let policy = load::policy(system.name, policy.as_bytes()).expect("it loads");
    let scenario = load::scenario(name, text.as_bytes()).expect("it loads");
    let world = files::world_of(&scenario, ".".as_ref()).expect("it has a world");
    let experiment = load::experiment_of(&policy, &scenario, &world);
    let experiment = experiment.unwrap_or_else(|report| panic!("{name} {profile:?}: {report:?}"));
    Played {
        title: format!("{} {name} {profile:?}", system.name),
        case: Case::new(&experiment, &scenario.value),
        scenario: scenario.value,
        profile,
    }
}

fn all() -> Vec<Played> {
    let systems = library::systems().iter();
    let cases = systems.flat_map(|system| system.corpus.iter().map(move |case| (system, *case)));
    cases
        .flat_map(|(system, case)| PROFILES.map(|profile| played(system, case, profile)))
        .collect()
}

/// How a run ended, what is said of it, and which promises it broke.
type Ending = (Outcome, String, Vec<String>);

impl Played {
    fn endings(&self) -> BTreeMap<Ending, u64> {
        let mut endings = BTreeMap::new();
        for replication in 0..RUNS {
            let seed = Seed {
                root: ROOT,
                replication,
            };
            let run = self.case.plan.play(seed);
            let judged = judge(&self.case, &run);
            let broken = judged
                .findings
                .iter()
                .filter(|finding| finding.status == coalmine::chaos::checker::Status::Violated);
            let broken = broken.map(|finding| finding.id.to_owned()).collect();
            let verdict = judged.facts.verdict.word().to_owned();
            *endings.entry((run.outcome, verdict, broken)).or_default() += 1;
        }
        endings
    }

    /// Says how the case ended instead, if not as expected.
    fn surprise(&self) -> Option<String> {
        let expect = &self.scenario.expect[&self.profile];
        let verdict = expect.verdict.map_or("none", Verdict::word).to_owned();
        let endings = self.endings();
        let expected = (expect.outcome, verdict, expect.breaks.clone());
        let count = endings.get(&expected).copied().unwrap_or(0);
        let enough =
            u128::from(count) * 1_000_000 >= u128::from(RUNS) * u128::from(expect.at_least.ppm());
        (!enough).then(|| {
            format!(
                "{}: {} {expected:?}, but {endings:?} (seed {ROOT})",
                self.title, expect.at_least
            )
        })
    }
}

/// At least 25 cases, each with its source, a fault or an effect to play, and a verdict for each profile.
#[test]
fn every_case_of_the_corpus_has_a_source_and_a_verdict_for_each_profile() {
    let all = all();
    assert!(
        all.len() >= 2 * 25,
        "{} cases under two profiles",
        all.len()
    );
    for Played {
        title, scenario, ..
    } in &all
    {
        assert!(scenario.source.len() > 10, "{title}: where did it happen?");
        assert!(!scenario.rehearse.is_empty(), "{title}: what goes wrong?");
        let profiles: Vec<_> = scenario.expect.keys().copied().collect();
        assert_eq!(profiles, PROFILES, "{title}");
        for expect in scenario.expect.values() {
            assert!(expect.verdict.is_some() && expect.why.len() > 10, "{title}");
        }
    }
    let fails = |profile| {
        let of = all.iter().filter(|played| played.profile == profile);
        of.filter(|played| played.scenario.expect[&profile].verdict == Some(Verdict::Fail))
            .count()
    };
    // A corpus in which nothing fails, or everything does, tells nothing apart.
    assert!(fails(Profile::AsImplemented) > 5);
    assert!((3..all.len() / 2 - 3).contains(&fails(Profile::AsWritten)));
}

#[test]
fn every_case_of_the_corpus_gets_its_verdict() {
    let surprises: Vec<_> = all().par_iter().filter_map(Played::surprise).collect();
    assert!(surprises.is_empty(), "{surprises:#?}");
}

#[test]
fn list_shows_the_cases_with_their_sources_and_run_plays_them() {
    let ran = coalmine(&["list", "wedge"]);
    for said in [
        "From real incidents and defects",
        "zombie-zone-after-rollback",
        "Source: Argo",
    ] {
        assert!(ran.out.contains(said), "{said} is missing: {}", ran.out);
    }
    let run = [
        "run",
        "optimize",
        "--scenario",
        "switch-that-nobody-reads",
        "--seed",
        "1",
    ];
    let ran = coalmine(&run);
    assert_eq!(ran.code, 99, "{ran:#?}");
    assert!(ran.out.contains("INV-KILL violated"), "{}", ran.out);
}
