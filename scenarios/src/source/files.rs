//! Files: the only place of this crate that opens any.

use std::io;
use std::path::Path;

use chaos::rehearsal::Rehearsal;
use sim_core::policy::Policy;

use crate::check::{self, Names, Problem, each};
use crate::recorded::{self, Reading, Recorded};
use crate::{
    Campaign, CaseFile, ChosenNoise, Diagnostic, Document, NoiseModel, NoiseSource, Report,
    Scenario, World, WorldSource, library, load, reading,
};

/// What a document may have; one byte more is read, so that the reader of documents sees the excess.
const BYTES_MAX: u64 = 1 << 20;

/// Loads the policy file at `path`.
///
/// # Errors
/// That the file cannot be read, or everything that is wrong with it.
pub fn policy(path: &Path) -> Result<Document<Policy>, Report> {
    load::policy(&name(path), &open(path)?)
}

/// Loads the scenario file at `path`.
///
/// # Errors
/// As [`policy()`].
pub fn scenario(path: &Path) -> Result<Document<Scenario>, Report> {
    load::scenario(&name(path), &open(path)?)
}

/// Loads the campaign file at `path`.
///
/// # Errors
/// As [`policy()`].
pub fn campaign(path: &Path) -> Result<Document<Campaign>, Report> {
    load::campaign(&name(path), &open(path)?)
}

/// Loads the world file at `path`.
///
/// # Errors
/// As [`policy()`].
pub fn world(path: &Path) -> Result<Document<World>, Report> {
    load::world(&name(path), &open(path)?)
}

/// Reads the recording at `path`.
///
/// # Errors
/// As [`recorded::read()`], and that the file cannot be read.
pub fn recording(path: &Path, reading: &Reading) -> Result<Recorded, Report> {
    let bytes = open_within(path, recorded::BYTES_MAX as u64)?;
    recorded::read(&name(path), &bytes, reading)
}

/// Loads the noise model file at `path`.
///
/// # Errors
/// As [`policy()`].
pub fn noise(path: &Path) -> Result<Document<NoiseModel>, Report> {
    load::noise(&name(path), &open(path)?)
}

/// Loads the case at `path`: a folder with a `case.yaml`, or such a file.
///
/// # Errors
/// As [`load::case()`], and that the file cannot be read.
pub fn case(path: &Path) -> Result<(Document<CaseFile>, Rehearsal), Report> {
    let inside = path.join(CaseFile::NAME);
    let path = if path.is_dir() { &inside } else { path };
    load::case(&name(path), &open(path)?)
}

/// Returns the world of a scenario: the one that it carries, one of the library, or a file
/// relative to `folder`, with the scenario's noise models in the place of what it says of their signals.
///
/// # Errors
/// That there is no such system, what is wrong with the world's file or with those of noise models, and
/// what does not fit together.
pub fn world_of(scenario: &Document<Scenario>, folder: &Path) -> Result<World, Vec<Report>> {
    let mut world = bare_world_of(scenario, folder).map_err(|report| vec![report])?;
    let (models, mut reports) = noise_of(scenario, folder);
    let problems = check::put_noise(&scenario.value, &models, &mut world);
    if !problems.is_empty() {
        reports.push(load::located(scenario, problems));
    }
    if reports.is_empty() {
        Ok(world)
    } else {
        Err(reports)
    }
}

/// Returns the noise models of a scenario, in its order, and what is wrong with their files.
fn noise_of(
    scenario: &Document<Scenario>,
    folder: &Path,
) -> (Vec<Option<NoiseModel>>, Vec<Report>) {
    let (mut missing, mut reports) = (Vec::new(), Vec::new());
    let mut load = |(path, chosen): (String, &ChosenNoise)| match &chosen.model {
        NoiseSource::Inline(model) => Some(NoiseModel::clone(model)),
        NoiseSource::File(file) => {
            let file = folder.join(file);
            let bytes = reading::bytes(&file, BYTES_MAX)
                .map_err(|error| missing.push(unreadable(&path, folder, &error)))
                .ok()?;
            let loaded = load::noise(&name(&file), &bytes);
            let document = loaded.map_err(|report| reports.push(report)).ok()?;
            Some(document.value)
        }
    };
    let models = each("noise", &scenario.value.noise).map(&mut load);
    let models = models.collect();
    if !missing.is_empty() {
        reports.push(load::located(scenario, missing));
    }
    (models, reports)
}

fn unreadable(path: &str, folder: &Path, error: &io::Error) -> Problem {
    let message = format!("cannot read the noise model: {error}");
    Problem::error("CM040", format!("{path}.model.file"), message)
        .reason(format!(
            "paths are relative to the scenario's folder, here {}",
            folder.display()
        ))
        .help("write a model with `coalmine calibrate`, or mend the path")
}

fn bare_world_of(scenario: &Document<Scenario>, folder: &Path) -> Result<World, Report> {
    match &scenario.value.world {
        WorldSource::Inline(world) => Ok(World::clone(world)),
        WorldSource::File(file) => world(&folder.join(file)).map(|document| document.value),
        WorldSource::Library(system) => match library::system(system) {
            Some(known) => {
                let file = format!("library/{system}/world.yaml");
                load::world(&file, known.world.as_bytes()).map(|document| document.value)
            }
            None => Err(unknown(scenario, system)),
        },
    }
}

/// Reads the bytes of a file, at most one more than a document may have.
///
/// # Errors
/// That the file cannot be read, and why.
pub fn open(path: &Path) -> Result<Vec<u8>, Report> {
    open_within(path, BYTES_MAX)
}

fn open_within(path: &Path, most: u64) -> Result<Vec<u8>, Report> {
    reading::bytes(path, most).map_err(|error| {
        let message = format!("cannot read the file: {error}");
        let mut found = Diagnostic::error("CM040", 0..0, message).whole_file();
        let policy = path.join("policy.yaml");
        if policy.is_file() {
            found = found.help(format!("it is a folder: name {}", policy.display()));
        }
        Report::new(&name(path), "", vec![found])
    })
}

fn unknown(scenario: &Document<Scenario>, system: &str) -> Report {
    let known = Names::new("system", library::systems().iter().map(|known| known.name));
    let problem = known.resolve("world.library", system);
    let found = problem
        .into_iter()
        .map(|problem| problem.locate(&scenario.spans))
        .collect();
    Report::new(&scenario.name, &scenario.source, found)
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{self, SCENARIO, WORLD, spoil};

    #[test]
    fn a_file_that_cannot_be_read_is_a_diagnostic() {
        let report = policy(Path::new("/nowhere/policy.yaml")).expect_err("there is no such file");
        assert_eq!(report.diagnostics[0].code, "CM040");
        assert_eq!(report.name, "/nowhere/policy.yaml");
        let folder = policy(Path::new("/")).expect_err("a folder is no file");
        assert_eq!(folder.diagnostics[0].code, "CM040");
    }

    #[test]
    fn endless_files_are_not_read_to_their_end() {
        let report = policy(Path::new("/dev/zero")).expect_err("it is too large");
        assert_eq!(report.diagnostics[0].code, "CM001");
    }

    #[test]
    fn a_world_comes_from_the_library_from_a_file_or_with_the_scenario() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fixtures");
        let world = |source: &str| {
            let text = spoil(SCENARIO, "{library: wedge}", source);
            world_of(&fixtures::scenario(&text), &here)
        };
        let sound = fixtures::world(WORLD).value;
        assert_eq!(world("{file: sound.world.yaml}"), Ok(sound));
        let wedge = world("{library: wedge}").map(|world| world.name);
        assert_eq!(wedge.expect("the library has it"), "wedge");
        let report = &world("{library: wegde}").expect_err("there is no such system")[0];
        assert_eq!(report.diagnostics[0].code, "CM102");
        assert_eq!(
            report.diagnostics[0].help.as_deref(),
            Some("did you mean `wedge`?")
        );
        let report = &world("{file: nowhere.yaml}").expect_err("there is no such file")[0];
        assert_eq!(report.diagnostics[0].code, "CM040");
    }
}
