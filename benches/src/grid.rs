//! A search whose answer is known: 120 settings of one gate, each played often enough to be sure.

use coalmine::study::tune::{Constraint, Metric, Part, Question};
use scenarios::search_space::Space;
use scenarios::{World, load};
use sim_core::policy::Policy;

const POLICY: &str = include_str!("../../tests/it/plain/policy.yaml");
const WORLD: &str = include_str!("../../tests/it/plain/world.yaml");
const GOOD: &str = include_str!("../../tests/it/plain/good.scenario.yaml");
const BAD: &str = include_str!("../../tests/it/plain/bad.scenario.yaml");

/// The search: the trigger of a small policy looks back a minute; ten limits and twelve windows, against a
/// release that is as good as the one before and one that fails 0.4 % more.
pub fn question(seed: u64) -> Question {
    let policy = POLICY.replacen(
        "over: 5m\n    breach: {is: above, limit: {absolute: 0.05}}",
        "over: 1m\n    breach: {is: above, limit: {absolute: 0.05}}",
        1,
    );
    let policy = policy.replacen("{absolute: 0.01}", "{absolute: 0.05}", 1);
    let policy = load::policy("policy.yaml", policy.as_bytes()).expect("the policy is sound");
    let arguments = [
        "gates.errors-high.limit=0.3%..0.75%:10".to_owned(),
        "gates.errors-high.window=1..12:12:lin".to_owned(),
    ];
    let space = Space::new(&policy, &arguments).expect("the paths are right");
    let (candidates, refused) = space.candidates();
    assert_eq!((candidates.len(), refused.len()), (120, 0));
    let world = load::world("world.yaml", WORLD.as_bytes())
        .expect("the world is sound")
        .value;
    let bad = BAD.replacen("by: 0.2}", "by: 0.004}", 1);
    let parts = [GOOD, &bad].map(|text| part(text, &policy.value, &world));
    Question {
        policies: candidates
            .into_iter()
            .map(|candidate| candidate.steering)
            .collect(),
        search: parts.to_vec(),
        held_out: Vec::new(),
        constraints: vec![limit()],
        minimize: Metric::Harm,
        objectives: Metric::FRONT.to_vec(),
        seed,
        confirm: 2,
    }
}

/// At most every tenth good release may be taken back. Of the settings with less harm than the best, the
/// best-natured takes back 13 %; the best itself 4 %.
pub fn limit() -> Constraint {
    "false_rollback<=10%"
        .parse()
        .expect("the constraint is well formed")
}

fn part(text: &str, policy: &Policy, world: &World) -> Part {
    let scenario = load::scenario("scenario.yaml", text.as_bytes())
        .expect("the scenario is sound")
        .value;
    let experiment = load::experiment(policy, &scenario, world).expect("they fit together");
    Part {
        name: scenario.name,
        release: scenario.release.is,
        expected: None,
        experiment,
    }
}
