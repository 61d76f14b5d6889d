//! Shrinking at large: random sets of faults on the systems of the library, as written and as implemented.
//!
//! The goals are those of the rehearsals: half of the cases are left with at most 2 faults and 95 % with at
//! most 4, 95 % of the shrinkings play at most 150 rehearsals, and every case that is left breaks the same
//! promise when it is played from its file. A failure that the policy has without any fault is left out:
//! it shrinks to nothing, which is no achievement. The long form belongs to the release profile.

use chaos::generator::{FaultSpace, Phases, Swarm};
use chaos::rehearsal::Rehearsal;
use chaos::shrink::{BUDGET, Shrunk, shrink};
use coalmine::study::case_folder::{Found, case_folder};
use scenarios::{library, load};
use sim_core::policy::Profile;
use sim_core::{Experiment, Seed};

const SEED: u64 = 20_261_121;

/// How many failures each system and profile gives.
const EACH: usize = if cfg!(debug_assertions) { 3 } else { 20 };

fn experiment(system: &library::System, profile: Profile) -> Experiment {
    let text = system.policy(profile).unwrap();
    let policy = load::policy(system.name, text.as_bytes()).unwrap();
    let text = system.scenario("healthy").unwrap();
    let scenario = load::scenario("healthy", text.as_bytes()).unwrap();
    let world = load::world("world", system.world.as_bytes()).unwrap().value;
    load::experiment_of(&policy, &scenario, &world).unwrap()
}

/// A rehearsal that breaks a promise, the promise, and the detail of its finding.
type Failure = (Rehearsal, &'static str);

/// The first failures of a swarm that the policy has because of its faults.
fn failures(experiment: &Experiment, wanted: usize) -> Vec<Failure> {
    let space = FaultSpace::new(experiment, Phases::of(experiment));
    let bare = Rehearsal {
        experiment: experiment.clone(),
        injections: Vec::new(),
        seed: Seed {
            root: SEED,
            replication: 0,
        },
    };
    let mut found = Vec::new();
    for replication in 0..4_000 {
        let seed = Seed {
            root: SEED,
            replication,
        };
        let rehearsal = Swarm {
            faults_max: 20,
            ..Swarm::default()
        }
        .rehearsal(&space, seed, |_| true);
        let alone = Rehearsal {
            seed,
            ..bare.clone()
        }
        .play()
        .unwrap();
        let alone: Vec<_> = alone.violated().map(|finding| finding.id).collect();
        let played = rehearsal.play().unwrap();
        let mut fresh = played
            .violated()
            .map(|finding| finding.id)
            .filter(|id| !alone.contains(id));
        // One promise of each rehearsal, another one each time, so that no promise is counted alone.
        if let Some(id) = fresh.nth(replication as usize % 3) {
            found.push((rehearsal, id));
        }
        if found.len() == wanted {
            break;
        }
    }
    found
}

/// Returns how the case breaks the promise when it is read from its file.
fn from_its_file(original: &Rehearsal, shrunk: &Shrunk, promise: &str) -> Option<String> {
    let found = Found {
        original,
        shrunk,
        promise,
        found_by: None,
    };
    let folder = case_folder(&found, "case").expect("both break the invariant");
    let text = &folder.files[0].1;
    let (document, rehearsal) =
        load::case("case.yaml", text.as_bytes()).unwrap_or_else(|it| panic!("{it}"));
    assert!(rehearsal == shrunk.rehearsal);
    let played = rehearsal.play().unwrap();
    let hash = format!("{:016x}", played.run.history.hash());
    assert_eq!(document.value.broken.hash, hash);
    let broken = played.violated().find(|finding| finding.id == promise)?;
    Some(chaos::shrink::failure_signature(broken))
}

/// The milliseconds for which this thread has had a processor; none where the system does not say.
fn cpu_ms() -> Option<u32> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some((nanos / 1_000_000) as u32)
}

fn quantile(values: &mut [u32], percent: usize) -> u32 {
    values.sort_unstable();
    values[(values.len() * percent).div_ceil(100) - 1]
}

#[test]
fn random_sets_of_faults_shrink_to_a_few_that_break_the_same_promise() {
    let (mut faults, mut replays, mut before) = (Vec::new(), Vec::new(), Vec::new());
    let mut took = Vec::new();
    for system in library::systems() {
        for profile in [Profile::AsWritten, Profile::AsImplemented] {
            for (original, promise) in failures(&experiment(system, profile), EACH) {
                let begun = cpu_ms();
                let shrunk = shrink(&original, promise, BUDGET).expect("it breaks the invariant");
                let ended = cpu_ms();
                took.push(begun.zip(ended).map_or(0, |(begun, ended)| ended - begun));
                let manner = from_its_file(&original, &shrunk, promise);
                assert_eq!(
                    manner.as_ref(),
                    Some(&shrunk.manner),
                    "{} {}",
                    system.name,
                    original.seed.replication
                );
                faults.push(shrunk.rehearsal.injections.len() as u32);
                replays.push(shrunk.replays);
                before.push(original.injections.len() as u32);
            }
        }
    }
    let measured = faults.len();
    let before = quantile(&mut before, 50);
    let left = [50, 95, 100].map(|percent| quantile(&mut faults, percent));
    let played = [50, 95, 100].map(|percent| quantile(&mut replays, percent));
    let took = [50, 95, 100].map(|percent| quantile(&mut took, percent));
    println!(
        "{measured} failures, seed {SEED}: {before} faults -> p50, p95, max {left:?}; replays {played:?}; \
         {took:?} ms of a processor"
    );
    assert!(
        measured >= 7 * EACH,
        "most systems break under random faults: {measured}"
    );
    assert!(left[0] <= 2 && left[1] <= 4, "faults {left:?}");
    assert!(played[1] <= 150, "replays {played:?}");
    // The development profile is several times slower than what people use.
    assert!(cfg!(debug_assertions) || took[1] <= 1_000, "{took:?} ms");
}
