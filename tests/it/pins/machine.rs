//! What the machine can be asked beside whole rollouts: families of settings, rollouts that are split, watched gates.

use scenarios::{files, library, load};
use sim_core::policy::Profile;
use sim_core::policy::gate::Limit;
use sim_core::{Experiment, Family, Figures, Plan, Seed};

use super::Digest;

const SCENARIOS: [&str; 2] = ["healthy", "step-regression"];

/// The experiment of a system, as its document has it, with a good and with a bad release.
fn experiments(system: &'static library::System) -> Vec<Experiment> {
    let text = system.policy(Profile::AsWritten).unwrap();
    let policy = load::policy("policy", text.as_bytes()).unwrap();
    let scenarios = system.scenarios.iter();
    let wanted = scenarios.filter(|(name, _)| SCENARIOS.contains(name));
    let experiment = |(name, text): &(&str, &str)| {
        let scenario = load::scenario(name, text.as_bytes()).unwrap();
        let world = files::world_of(&scenario, ".".as_ref()).unwrap();
        load::experiment_of(&policy, &scenario, &world).unwrap()
    };
    wanted.map(experiment).collect()
}

/// The experiment with all absolute limits of its gates times `factor`.
fn scaled(experiment: &Experiment, factor: f64) -> Experiment {
    let mut scaled = experiment.clone();
    for gate in &mut scaled.policy.gates {
        if let Limit::Absolute(limit) = &mut gate.breach.limit {
            *limit *= factor;
        }
    }
    scaled
}

fn add_figures(digest: &mut Digest, figures: &Figures) {
    let nanos = |at: Option<u64>| at.map_or_else(|| "none".to_owned(), |at| at.to_string());
    digest.add(figures.outcome.word());
    digest.add(&figures.exposure.declared_max.ppm().to_string());
    digest.add(&figures.exposure.reached_max.ppm().to_string());
    digest.add(&nanos(
        figures.regression.map(sim_core::engine::SimTime::as_nanos),
    ));
    digest.add(&nanos(
        figures
            .detection
            .map(sim_core::engine::SimDuration::as_nanos),
    ));
    digest.add(&nanos(
        figures
            .rollback
            .map(sim_core::engine::SimDuration::as_nanos),
    ));
    digest.add(&figures.harm.exposed_requests.to_bits().to_string());
    digest.add(&figures.harm.exposed_error_minutes.to_bits().to_string());
    digest.add(&figures.ended.as_nanos().to_string());
    digest.add(&u8::from(figures.trail.acted).to_string());
    digest.add(&u8::from(figures.rollback_began).to_string());
}

const fn seed(replication: u64) -> Seed {
    Seed {
        root: 7,
        replication,
    }
}

/// Five settings of every limit in one world.
fn family(experiment: &Experiment, digest: &mut Digest) {
    let members = [0.25, 0.5, 1.0, 1.5, 4.0].map(|factor| scaled(experiment, factor));
    let family = Family::new(&members);
    for replication in 0..6 {
        let figures = family.play(seed(replication));
        figures
            .iter()
            .for_each(|figures| add_figures(digest, figures));
    }
}

/// A rollout that is stopped after some hundred steps, or where it is near to a rollback, and played on twice.
fn splitting(experiment: &Experiment, digest: &mut Digest) {
    let plan = Plan::new(experiment);
    for replication in 0..6 {
        let mut rollout = plan.begin(seed(replication));
        let mut steps = 0;
        while steps < 200 && rollout.progress() < 0.6 && rollout.step() {
            steps += 1;
        }
        let mut twin = rollout.clone();
        twin.reseed(seed(100 + replication));
        for mut rollout in [rollout, twin] {
            while rollout.step() {}
            add_figures(digest, &rollout.figures().unwrap());
        }
    }
}

fn watching(experiment: &Experiment, digest: &mut Digest) {
    let (run, watched) = Plan::new(experiment).watch(seed(1));
    digest.add(&run.history.hash().to_string());
    for reading in watched {
        digest.add(&reading.at.as_nanos().to_string());
        digest.add(&reading.gate.to_string());
        digest.add(&reading.value.map_or(0, f64::to_bits).to_string());
        digest.add(&reading.samples.to_string());
    }
}

/// What is played of an experiment, and added to a digest.
type Played = fn(&Experiment, &mut Digest);

/// The lines of the record, one for each system and question.
pub(super) fn lines() -> String {
    let kinds: [(&str, Played); 3] = [
        ("family", family),
        ("splitting", splitting),
        ("watching", watching),
    ];
    let mut lines = String::new();
    for system in library::systems() {
        let experiments = experiments(system);
        assert_eq!(experiments.len(), SCENARIOS.len(), "{}", system.name);
        for (kind, play) in kinds {
            let mut digest = Digest::new();
            experiments
                .iter()
                .for_each(|experiment| play(experiment, &mut digest));
            lines += &format!("{kind} {} {digest}\n", system.name);
        }
    }
    lines
}
