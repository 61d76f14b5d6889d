//! Loading: from bytes to documents that make sense, and from documents to an experiment.

use chaos::rehearsal::Rehearsal;
use sim_core::decider::GuardHandle;
use sim_core::fleet::Fleet;
use sim_core::policy::Policy;
use sim_core::telemetry::{SignalKind, Telemetry};
use sim_core::traffic::Traffic;
use sim_core::{Decider, Experiment, Shared};

use crate::check::{self, Problem};
use crate::{Campaign, CaseFile, Diagnostic, Document, NoiseModel, Report, Scenario, World, read};

/// Loads a policy from YAML or JSON. `name` is only used in messages.
///
/// # Errors
/// Everything that is wrong with its text, its shape and its meaning, each with its place.
/// # Example
/// All that is wrong is told at once, each with its place:
///
/// ```
/// use scenarios::{library, load};
/// use sim_core::policy::Profile;
///
/// let wedge = library::system("wedge").expect("it is shipped");
/// let text = wedge.policy(Profile::AsWritten).expect("it has a document");
/// assert_eq!(load::policy("wedge.yaml", text.as_bytes())?.value.stages.len(), 4);
///
/// let broken = text.replace("measure: ratio", "measure: raito");
/// let report = load::policy("wedge.yaml", broken.as_bytes()).unwrap_err();
/// assert!(report.to_string().contains("wedge.yaml:38:14"));
/// # Ok::<(), scenarios::Report>(())
/// ```
pub fn policy(name: &str, bytes: &[u8]) -> Result<Document<Policy>, Report> {
    let document = read(name, bytes)?;
    let mut problems = check::policy(&document.value);
    problems.extend(check::units::policy(&document));
    settle(document, |_| problems)
}

/// Loads a world.
///
/// # Errors
/// As [`policy()`].
pub fn world(name: &str, bytes: &[u8]) -> Result<Document<World>, Report> {
    settle(read(name, bytes)?, check::world)
}

/// Loads a noise model.
///
/// # Errors
/// As [`policy()`].
pub fn noise(name: &str, bytes: &[u8]) -> Result<Document<NoiseModel>, Report> {
    settle(read(name, bytes)?, check::noise_model)
}

/// Loads a scenario, with the world that it may carry.
///
/// # Errors
/// As [`policy()`].
pub fn scenario(name: &str, bytes: &[u8]) -> Result<Document<Scenario>, Report> {
    settle(read(name, bytes)?, check::scenario)
}

/// Loads a case, and the rehearsal that it holds.
///
/// # Errors
/// As [`policy()`], and what does not fit together.
pub fn case(name: &str, bytes: &[u8]) -> Result<(Document<CaseFile>, Rehearsal), Report> {
    let document: Document<CaseFile> = read(name, bytes)?;
    let put_together =
        |case: &CaseFile, world: &World| assemble(&case.policy, &case.scenario, world);
    match check::case(&document.value, put_together) {
        Ok((experiment, injections)) => {
            let rehearsal = document.value.rehearsal(experiment, injections);
            Ok((document, rehearsal))
        }
        Err(problems) => Err(located(&document, problems)),
    }
}

/// Loads a campaign.
///
/// # Errors
/// As [`policy()`].
pub fn campaign(name: &str, bytes: &[u8]) -> Result<Document<Campaign>, Report> {
    settle(read(name, bytes)?, check::campaign)
}

fn settle<T>(
    document: Document<T>,
    check: impl FnOnce(&T) -> Vec<Problem>,
) -> Result<Document<T>, Report> {
    let problems = check(&document.value);
    if problems.is_empty() {
        Ok(document)
    } else {
        Err(located(&document, problems))
    }
}

/// The most problems of a file that are shown.
const SHOWN: usize = 100;

pub(crate) fn located<T>(document: &Document<T>, problems: Vec<Problem>) -> Report {
    let more = problems.len().saturating_sub(SHOWN);
    let shown = problems.into_iter().take(SHOWN);
    let mut found: Vec<_> = shown
        .map(|problem| problem.locate(&document.spans))
        .collect();
    if more > 0 {
        let message = format!("{more} more problems are not shown");
        let note = Diagnostic::note("CM033", 0..0, message).whole_file();
        found.push(note.help("mend some of them and look again"));
    }
    Report::new(&document.name, &document.source, found)
}

/// The problems of a part, where no text says where they stand.
fn unlocated((part, problems): (&'static str, Vec<Problem>)) -> impl Iterator<Item = Diagnostic> {
    let problems = problems.into_iter();
    problems.map(move |it| it.under(part).unlocated())
}

/// Puts together an experiment from values, wherever they come from.
///
/// # Errors
/// Everything that is wrong with any of the three and with how they fit together; messages name
/// paths, for there are no files to point into.
pub fn experiment(
    policy: &Policy,
    scenario: &Scenario,
    world: &World,
) -> Result<Experiment, Report> {
    let (mut of_policy, mut of_scenario) = check::experiment(policy, scenario, world);
    of_policy.extend(check::decided_by::not_allowed(policy));
    let experiment = assemble(policy, scenario, world);
    of_scenario.extend(check::half(scenario, &experiment));
    let rehearsed = check::rehearsed(scenario, experiment);
    of_scenario.extend(rehearsed.as_ref().err().into_iter().flatten().cloned());
    let own = check::scenario(scenario);
    of_scenario.retain(|problem| !own.contains(problem));
    let parts = [
        ("policy", [check::policy(policy), of_policy].concat()),
        ("scenario", [own, of_scenario].concat()),
        ("world", check::world(world)),
    ];
    let found: Vec<_> = parts.into_iter().flat_map(unlocated).collect();
    if let (true, Ok(experiment)) = (found.is_empty(), rehearsed) {
        return Ok(experiment);
    }
    Err(Report::new(
        &format!("{} in {}", policy.name, scenario.name),
        "",
        found,
    ))
}

/// Puts together an experiment from loaded documents, so that problems have places.
///
/// # Errors
/// What is wrong with how they fit together: a report for the policy, one for the scenario, or
/// both.
pub fn experiment_of(
    policy: &Document<Policy>,
    scenario: &Document<Scenario>,
    world: &World,
) -> Result<Experiment, Vec<Report>> {
    put_together((policy, None), scenario, world)
}

/// Puts together an experiment that a guard decides in the place of the policy's gates.
///
/// # Errors
/// As [`experiment_of`].
pub fn guarded_by(
    (policy, guard): (&Document<Policy>, GuardHandle),
    scenario: &Document<Scenario>,
    world: &World,
) -> Result<Experiment, Vec<Report>> {
    let decider = Decider::Guard(guard);
    put_together((policy, Some(decider)), scenario, world)
}

/// What is said where a program decides a policy and nobody lets it run; nothing where none does.
pub fn not_allowed(policy: &Document<Policy>) -> Option<Report> {
    let problem = check::decided_by::not_allowed(&policy.value)?;
    Some(located(policy, vec![problem]))
}

fn put_together(
    (policy, decider): (&Document<Policy>, Option<Decider>),
    scenario: &Document<Scenario>,
    world: &World,
) -> Result<Experiment, Vec<Report>> {
    let (mut of_policy, mut of_scenario) = check::experiment(&policy.value, &scenario.value, world);
    if decider.is_none() {
        of_policy.extend(check::decided_by::not_allowed(&policy.value));
    }
    let experiment = Experiment {
        decider: decider.unwrap_or_default(),
        ..assemble(&policy.value, &scenario.value, world)
    };
    of_scenario.extend(check::half(&scenario.value, &experiment));
    let rehearsed = check::rehearsed(&scenario.value, experiment);
    of_scenario.extend(rehearsed.as_ref().err().into_iter().flatten().cloned());
    of_scenario.extend(check::units::scenario(scenario, world));
    let reports = [
        (!of_policy.is_empty()).then(|| located(policy, of_policy)),
        (!of_scenario.is_empty()).then(|| located(scenario, of_scenario)),
    ];
    let reports: Vec<Report> = reports.into_iter().flatten().collect();
    match rehearsed {
        Ok(experiment) if reports.is_empty() => Ok(experiment),
        _ => Err(reports),
    }
}

/// Puts together an experiment that the engine of another product decides. The policy that stands for it is held to fit
/// the world; the rules that hold for policies of our own are none of its product's.
///
/// # Errors
/// What is wrong with the scenario, and what does not fit together.
pub fn decided_by(
    (policy, decider): (&Policy, Decider),
    scenario: &Document<Scenario>,
    world: &World,
) -> Result<Experiment, Vec<Report>> {
    let (of_policy, mut found) = check::experiment(policy, &scenario.value, world);
    found.extend(of_policy.into_iter().map(|it| it.under("policy")));
    let experiment = assemble(policy, &scenario.value, world);
    match check::rehearsed(&scenario.value, experiment) {
        Ok(experiment) if found.is_empty() => Ok(Experiment {
            decider,
            ..experiment
        }),
        Ok(_) => Err(vec![located(scenario, found)]),
        Err(more) => Err(vec![located(scenario, [found, more].concat())]),
    }
}

fn assemble(policy: &Policy, scenario: &Scenario, world: &World) -> Experiment {
    let load = scenario.load.unwrap_or(1.0);
    let fleet = Fleet {
        hosts: scenario.hosts.unwrap_or(world.fleet.hosts),
        ..world.fleet.clone()
    };
    let promises = [&policy.promises[..], &scenario.promises].concat();
    Experiment {
        policy: Shared::from(Policy {
            promises,
            ..policy.clone()
        }),
        fleet,
        traffic: loaded(&world.traffic, load),
        telemetry: with_runs(&world.telemetry, load).into(),
        release: scenario.release.effects.clone(),
        faults: scenario.healed_faults(),
        decider: Decider::Native,
        operators: scenario.people(world),
        evidence: scenario.evidence.clone(),
        horizon: scenario.horizon,
    }
}

fn loaded(traffic: &Traffic, load: f64) -> Traffic {
    Traffic {
        requests_per_second: traffic.requests_per_second * load,
        ..traffic.clone()
    }
}

/// Runs come with the load as requests do; what hosts do by themselves does not.
fn with_runs(telemetry: &Telemetry, load: f64) -> Telemetry {
    let mut telemetry = telemetry.clone();
    for signal in &mut telemetry.signals {
        if let SignalKind::RatioOfRuns { runs_per_hour, .. } = &mut signal.kind {
            *runs_per_hour *= load;
        }
    }
    telemetry
}
