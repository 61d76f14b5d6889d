//! What a target of lint is, and what is found in it.

use std::fs;
use std::path::{Path, PathBuf};

use scenarios::library::{self, System};
use scenarios::{Diagnostic, Document, Report, World, WorldSource, files, lint, load, wedge};
use sim_core::policy::Policy;

use crate::cli::failure::Failure;
use crate::cli::resolve::{
    AssumeArgs, Exec, PolicySource, ProfileArg, checked, merged, names, suggestion,
};

/// Returns a report for each file behind `target`, empty where nothing is found.
///
/// # Errors
///
/// When there is no such file, folder or system.
pub fn look(target: &str, profile: Option<ProfileArg>) -> Result<Vec<Report>, Failure> {
    let path = Path::new(target);
    if let Some(system) = library::system(target) {
        let profile = profile.unwrap_or(ProfileArg::AsWritten);
        Ok(of_system(system, profile))
    } else if path.is_dir() {
        folder(path)
    } else if path.exists() {
        Ok(merged(file(path, true)))
    } else {
        let systems = library::systems().iter().map(|system| system.name);
        let help = suggestion(
            target,
            systems,
            "`coalmine list` shows the systems of the library",
        );
        Err(Failure::input(format!("there is no file and no system called `{target}`")).help(help))
    }
}

/// The policy, and whatever else of the system has a finding.
fn of_system(system: &'static System, profile: ProfileArg) -> Vec<Report> {
    let source = PolicySource {
        named: system.name.to_owned(),
        library: Some((system, profile)),
        assume: AssumeArgs::default(),
        exec: Exec::Unasked,
    };
    let world = load::world("library", system.world.as_bytes()).ok();
    let world = world.map(|world| world.value);
    let policy = settle(source.read(), |policy| lint::lint(policy, world.as_ref()));
    let mut reports = vec![policy];
    reports.extend(refused(&source, None));
    merged(reports)
}

/// What plays the policy would refuse, in one scenario or in all of them. Where there is none, nobody
/// could play it, and nothing is wrong with that.
fn refused(source: &PolicySource, scenario: Option<&str>) -> Vec<Report> {
    match checked(source, scenario) {
        Err(Failure::Reports(reports)) => reports,
        _ => Vec::new(),
    }
}

/// Every document of a folder, in the order of their names.
fn folder(path: &Path) -> Result<Vec<Report>, Failure> {
    let entries = fs::read_dir(path)
        .map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file() && kind_by_name(path).is_some());
    paths.sort();
    if paths.is_empty() {
        return Err(
            Failure::input(format!("{} holds no document", path.display()))
                .help("documents are called policy.yaml, world.yaml, NAME.scenario.yaml"),
        );
    }
    let reports = paths.iter().flat_map(|path| file(path, false));
    Ok(merged(reports.collect()))
}

/// What a file can be.
#[derive(Clone, Copy)]
enum TargetKind {
    Policy,
    Scenario,
    World,
    Noise,
    Case,
}

/// Whether a file is a document of ours, by its name.
pub(super) fn is_own(path: &Path) -> bool {
    kind_by_name(path).is_some()
}

fn kind_by_name(path: &Path) -> Option<TargetKind> {
    let name = path.file_name()?.to_str()?;
    let stem = [".yaml", ".yml", ".json"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))?;
    match stem.rsplit('.').next()? {
        "policy" => Some(TargetKind::Policy),
        "scenario" => Some(TargetKind::Scenario),
        "world" => Some(TargetKind::World),
        "noise" => Some(TargetKind::Noise),
        "case" => Some(TargetKind::Case),
        _ => None,
    }
}

/// The kind that the keys of the file speak of; a policy where nothing does.
fn kind_by_keys(text: &str) -> TargetKind {
    let has = |key: &str| {
        let json = format!("\"{key}\"");
        text.lines().any(|line| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
        }) || text.trim_start().starts_with('{') && text.contains(&json)
    };
    if has("broken") && has("policy") {
        TargetKind::Case
    } else if has("release") {
        TargetKind::Scenario
    } else if has("kind") && has("noise") && !has("stages") {
        TargetKind::Noise
    } else if has("fleet") && !has("stages") {
        TargetKind::World
    } else {
        TargetKind::Policy
    }
}

/// The reports of a file and of the files that it is played with: of the scenarios beside a policy, and of
/// the policies beside a scenario where nobody else looks at them (`alone`).
fn file(path: &Path, alone: bool) -> Vec<Report> {
    let bytes = match files::open(path) {
        Ok(bytes) => bytes,
        Err(report) => return vec![report],
    };
    let text = String::from_utf8_lossy(&bytes);
    if let Some(report) = of_wedge(path, &text) {
        return vec![report];
    }
    let name = path.display().to_string();
    let report = match kind_by_name(path).unwrap_or_else(|| kind_by_keys(&text)) {
        TargetKind::Policy => return of_policy(path),
        TargetKind::Scenario => return of_scenario(path, alone),
        TargetKind::World => settle(load::world(&name, &bytes), lint::world),
        TargetKind::Noise => settle(load::noise(&name, &bytes), |_| Vec::new()),
        TargetKind::Case => settle(load::case(&name, &bytes).map(|(case, _)| case), |_| {
            Vec::new()
        }),
    };
    vec![report]
}

fn source_of(path: &Path) -> PolicySource {
    PolicySource {
        named: path.display().to_string(),
        library: None,
        assume: AssumeArgs::default(),
        exec: Exec::Unasked,
    }
}

fn of_policy(path: &Path) -> Vec<Report> {
    let source = source_of(path);
    let world = world_beside(path);
    let read = source.read();
    let policy = read.as_ref().ok().map(|policy| policy.value.clone());
    let mut reports = vec![settle(read, |policy| lint::lint(policy, world.as_ref()))];
    for name in names(&source) {
        let scenario = source.beside(&format!("{name}.scenario.yaml"));
        reports.extend(scenario_alone(&scenario, policy.as_ref()));
    }
    reports.extend(refused(&source, None));
    reports
}

fn of_scenario(path: &Path, alone: bool) -> Vec<Report> {
    let mut reports = scenario_alone(path, None);
    if !alone {
        return reports;
    }
    let beside = fs::read_dir(folder_of(path));
    let mut policies: Vec<_> = beside.into_iter().flatten().flatten().collect();
    policies.retain(|entry| matches!(kind_by_name(&entry.path()), Some(TargetKind::Policy)));
    policies.sort_by_key(fs::DirEntry::file_name);
    for policy in policies {
        let source = source_of(&path.with_file_name(policy.file_name()));
        // What is wrong with the policy itself is said where the policy is looked at.
        if let Ok(policy) = source.read() {
            reports.extend(scenario_alone(path, Some(&policy.value)));
            reports.extend(refused(&source, path.to_str()));
        }
    }
    reports
}

/// A scenario under a policy, where one is known, and the files that it names.
fn scenario_alone(path: &Path, policy: Option<&Policy>) -> Vec<Report> {
    let scenario = match files::scenario(path) {
        Ok(scenario) => scenario,
        Err(report) => return vec![report],
    };
    let beside = path.parent().unwrap_or(Path::new(""));
    let file = match &scenario.value.world {
        WorldSource::File(file) => Some(beside.join(file)),
        _ => None,
    };
    let (world, wrong) = match files::world_of(&scenario, beside) {
        Ok(world) => (Some(world), Vec::new()),
        Err(reports) => (None, reports),
    };
    let mut reports = vec![settle(Ok(scenario), |scenario| {
        let world = world.as_ref();
        world.map_or_else(Vec::new, |world| lint::scenario(scenario, world, policy))
    })];
    reports.extend(wrong);
    reports.extend(file.and_then(|file| {
        let world = files::world(&file).ok()?;
        Some(settle(Ok(world), lint::world))
    }));
    reports
}

/// The folder in which a file lies.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The findings of a document that was read, or why it could not be.
fn settle<T>(
    read: Result<Document<T>, Report>,
    find: impl FnOnce(&Document<T>) -> Vec<Diagnostic>,
) -> Report {
    match read {
        Ok(document) => Report::new(&document.name, &document.source, find(&document)),
        Err(report) => report,
    }
}

/// The world beside a policy file: `world.yaml`, or that of the first scenario.
fn world_beside(policy: &Path) -> Option<World> {
    let folder = folder_of(policy);
    if let Ok(world) = files::world(&folder.join("world.yaml")) {
        return Some(world.value);
    }
    let mut scenarios: Vec<_> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|it| it.path())
        .collect();
    scenarios.retain(|path| matches!(kind_by_name(path), Some(TargetKind::Scenario)));
    scenarios.sort();
    scenarios
        .iter()
        .find_map(|path| files::world_of(&files::scenario(path).ok()?, folder).ok())
}

/// A change summary with a rollout wedge: what its readers disagree about. Nothing for other files.
fn of_wedge(path: &Path, text: &str) -> Option<Report> {
    if !text.contains("\"rollout_wedge\"") && !text.contains("\"wedge_stages\"") {
        return None;
    }
    wedge::findings(&path.display().to_string(), text).ok()
}
