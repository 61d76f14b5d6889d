//! `coalmine init`: a policy of one's own to start from.

mod own;
mod pipeline;
mod quantities;

use std::path::{Path, PathBuf};

use clap::Args;
use scenarios::library::{self, System};
use scenarios::schemas::{self, DocumentKind};
use sim_core::policy::Profile;

use own::{Known, NewService};

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::new_files;
use super::resolve::{quoted, suggestion};
use super::schema::pretty;

/// Where to begin, and from what.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The folder that is filled; it is made if it is not there
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
    /// Copy this system of the library instead of writing a policy for one's own numbers
    #[arg(long, value_name = "SYSTEM")]
    template: Option<String>,
    #[command(flatten)]
    known: Known,
}

/// The scenarios that every system has and that a new policy begins with: a good and a bad release.
const SCENARIOS: [&str; 2] = ["healthy", "step-regression"];

/// Where the schemas lie, beside the policy.
const SCHEMAS: &str = ".coalmine/schema";

/// Writes the files, unless one of them is there already.
pub fn answer(args: &InitArgs, console: &Console) -> Answer {
    let documents = match &args.template {
        Some(name) => copied(library::system(name).ok_or_else(|| unknown(name))?),
        None => written(&NewService::read(&args.known)?),
    };
    let files = with_tools(documents, &args.folder);
    let paths = new_files::write(&args.folder, &files, "coalmine init DIR")?;
    let wrote = |path: &PathBuf| format!("wrote {}\n", reports::escape(&path.to_string_lossy()));
    let told: String = paths.iter().map(wrote).collect();
    console.answer(&(told + &next(&args.folder)))?;
    Ok(ExitCode::Success)
}

fn unknown(name: &str) -> Failure {
    let known = library::systems().iter().map(|system| system.name);
    let help = suggestion(
        name,
        known,
        "`coalmine list` shows the systems of the library",
    );
    Failure::input(format!("there is no template called `{name}`")).help(help)
}

fn next(folder: &Path) -> String {
    let policy = quoted(&folder.join("policy.yaml").to_string_lossy());
    format!(
        "next: coalmine lint {policy}\n      coalmine run {policy} --scenario healthy\n      \
         coalmine simulate {policy}\n"
    )
}

/// The documents for a service in numbers, by name.
fn written(service: &NewService) -> Vec<(String, String)> {
    let documents = [
        ("policy.yaml", DocumentKind::Policy, service.policy()),
        ("world.yaml", DocumentKind::World, service.world()),
        (
            "healthy.scenario.yaml",
            DocumentKind::Scenario,
            service.healthy(),
        ),
        (
            "step-regression.scenario.yaml",
            DocumentKind::Scenario,
            service.regression(),
        ),
    ];
    documents
        .map(|(name, kind, text)| (name.to_owned(), headed(kind, &text)))
        .into()
}

/// The documents with pipelines and schemas beside them, by their paths in the folder.
fn with_tools(mut files: Vec<(String, String)>, folder: &Path) -> Vec<(String, String)> {
    files.extend(pipeline::files(folder));
    for kind in DocumentKind::ALL {
        let schema = pretty(&schemas::schema(kind)) + "\n";
        files.push((format!("{SCHEMAS}/{}.json", kind.word()), schema));
    }
    files
}

/// The documents of a system, by name.
fn copied(system: &System) -> Vec<(String, String)> {
    let policy = system
        .policy(Profile::AsWritten)
        .expect("a system has a document");
    let mut files = vec![
        (
            "policy.yaml".to_owned(),
            headed(DocumentKind::Policy, &own_policy(policy)),
        ),
        (
            "world.yaml".to_owned(),
            headed(DocumentKind::World, system.world),
        ),
    ];
    for name in SCENARIOS {
        let text = system
            .scenario(name)
            .expect("every system has a good and a bad release");
        let text = own_scenario(text, system.name);
        files.push((
            format!("{name}.scenario.yaml"),
            headed(DocumentKind::Scenario, &text),
        ));
    }
    files
}

/// The text with the line by which editors find its schema.
fn headed(kind: DocumentKind, text: &str) -> String {
    format!(
        "# yaml-language-server: $schema={SCHEMAS}/{}.json\n{text}",
        kind.word()
    )
}

/// The policy as a policy of one's own.
fn own_policy(text: &str) -> String {
    replaced(text, "profile: as-written", "profile: own")
}

/// The scenario with a world beside it, and with what it expects of the document now expected of
/// the policy of one's own.
fn own_scenario(text: &str, system: &str) -> String {
    let world = format!("world: {{library: {system}}}");
    let text = replaced(text, &world, "world: {file: world.yaml}");
    let mut own = String::new();
    let mut foreign = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        // What is expected of the code stands two spaces in and ends with the next line as far out.
        foreign = line == "  as-implemented:" || (foreign && (indent > 2 || line.is_empty()));
        if !foreign {
            own += if line == "  as-written:" {
                "  own:"
            } else {
                line
            };
            own.push('\n');
        }
    }
    own
}

/// Replaces one whole line.
///
/// # Panics
///
/// If there is no such line: the library's files have it.
fn replaced(text: &str, line: &str, by: &str) -> String {
    let mut found = false;
    let swap = |each: &str| {
        found |= each == line;
        format!("{}\n", if each == line { by } else { each })
    };
    let text = text.lines().map(swap).collect();
    assert!(found, "no line `{line}` in the template");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_can_be_a_template() {
        for system in library::systems() {
            for (name, text) in copied(system) {
                assert!(!text.is_empty(), "{} {name}", system.name);
                assert!(
                    !text.contains("as-implemented:"),
                    "{} {name}:\n{text}",
                    system.name
                );
            }
        }
    }

    #[test]
    fn a_scenario_keeps_what_follows_the_foreign_expectation() {
        let text = "world: {library: x}\nexpect:\n  as-written:\n    a: 1\n  as-implemented:\n    \
                    b: 2\n    c: >-\n      d\nhorizon: 1h\n";
        let expect = "world: {file: world.yaml}\nexpect:\n  own:\n    a: 1\nhorizon: 1h\n";
        assert_eq!(own_scenario(text, "x"), expect);
    }
}
