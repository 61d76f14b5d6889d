//! `coalmine list`: what the library holds.

use chaos::catalogue::{ENTRIES, Entry, Parameter};
use clap::Args;
use reports::{Align, Cell, Style, Table, Tone};
use scenarios::library::{self, System};
use scenarios::{Scenario, load};
use serde_json::json;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::offered::{Answers, Plain};
use super::output::OutputArgs;
use super::resolve::suggestion;
use super::schema::pretty;
use super::splitters;

/// What to list.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// A system, to see its scenarios
    system: Option<String>,
    /// The faults that a scenario can rehearse, instead
    #[arg(long, conflicts_with = "system")]
    faults: bool,
    /// What splits traffic, by product and version, instead: names for `traffic: {split: {preset: NAME}}`
    #[arg(long, conflicts_with_all = ["system", "faults"])]
    splitters: bool,
    /// Policies and scenarios that say what people reported in public, with their sources, instead
    #[arg(long, conflicts_with_all = ["system", "faults", "splitters"])]
    examples: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints the systems, or the scenarios of one.
pub fn answer(args: &ListArgs, console: &Console) -> Answer {
    let output = Answers::<Plain>::open(&args.output)?;
    match &args.system {
        _ if args.faults => output.write(console, |form, style| match form {
            Plain::Json => pretty(&faults_json()) + "\n",
            Plain::Text => faults(style),
        })?,
        _ if args.examples => output.write(console, |form, style| match form {
            Plain::Json => pretty(&examples_json()) + "\n",
            Plain::Text => examples(style),
        })?,
        _ if args.splitters => output.write(console, |form, style| match form {
            Plain::Json => pretty(&splitters::json()) + "\n",
            Plain::Text => splitters::table(style),
        })?,
        None => output.write(console, |form, style| match form {
            Plain::Json => pretty(&systems_json()) + "\n",
            Plain::Text => systems(style),
        })?,
        Some(name) => {
            list_scenarios(name, output, console)?;
        }
    }
    Ok(ExitCode::Success)
}

fn list_scenarios(name: &str, output: Answers<Plain>, console: &Console) -> Result<(), Failure> {
    let system = library::system(name).ok_or_else(|| unknown(name))?;
    let scenarios = loaded(system, system.scenarios)?;
    let corpus = loaded(system, system.corpus)?;
    output.write(console, |form, style| match form {
        Plain::Json => pretty(&scenarios_json(system, &scenarios, &corpus)) + "\n",
        Plain::Text => scenario_table(system, &scenarios, &corpus, style),
    })
}

fn faults(style: Style) -> String {
    let columns = [
        ("fault", Align::Left),
        ("layer", Align::Left),
        ("threatens", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for entry in ENTRIES {
        table.row(vec![
            Cell::toned(entry.name, Tone::Strong),
            entry.layer.word().into(),
            entry.threatens.join(" ").into(),
        ]);
    }
    table.render(style) + "\ncoalmine explain FAULT says more\n"
}

fn faults_json() -> serde_json::Value {
    let parameter = |said: Parameter| {
        json!({"name": said.name, "meaning": said.meaning,
               "default": serde_json::from_str::<serde_json::Value>(&said.default).ok()})
    };
    let entry = |entry: &Entry| {
        let parameters: Vec<_> = entry.parameters().into_iter().map(parameter).collect();
        json!({"name": entry.name, "number": entry.id, "layer": entry.layer.word(),
               "summary": entry.summary, "shows": entry.shows, "source": entry.source,
               "threatens": entry.threatens, "parameters": parameters})
    };
    json!({"schema": "coalmine/list", "version": 1,
           "faults": ENTRIES.iter().map(entry).collect::<Vec<_>>()})
}

fn examples(style: Style) -> String {
    let columns = [
        ("example", Align::Left),
        ("what", Align::Left),
        ("source", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for report in library::reports() {
        table.row(vec![
            Cell::toned(report.name, Tone::Strong),
            report.title.into(),
            report.source.into(),
        ]);
    }
    table.render(style) + "\ncoalmine list --examples --format json holds the files\n"
}

fn examples_json() -> serde_json::Value {
    let report = |report: &library::PublicReport| {
        let files: serde_json::Map<_, _> = report
            .files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), json!(text)))
            .collect();
        json!({"name": report.name, "title": report.title, "source": report.source, "files": files})
    };
    json!({"schema": "coalmine/list", "version": 1,
           "examples": library::reports().iter().map(report).collect::<Vec<_>>()})
}

fn unknown(name: &str) -> Failure {
    let known = library::systems().iter().map(|system| system.name);
    let help = suggestion(name, known, "`coalmine list` shows all systems");
    Failure::input(format!("the library has no system called `{name}`")).help(help)
}

fn systems(style: Style) -> String {
    let mut table = Table::new(&[
        ("system", Align::Left),
        ("scenarios", Align::Right),
        ("cases", Align::Right),
        ("", Align::Left),
    ]);
    for system in library::systems() {
        table.row(vec![
            Cell::toned(system.name, Tone::Strong),
            system.scenarios.len().to_string().into(),
            system.corpus.len().to_string().into(),
            system.title.into(),
        ]);
    }
    table.render(style)
        + "\ncoalmine list SYSTEM shows its scenarios, and its cases from real incidents and defects; --examples what people\n\
           reported in public, --splitters what splits traffic, --faults what can be rehearsed\n"
}

fn systems_json() -> serde_json::Value {
    let entry = |system: &System| {
        let names = |files: &[(&'static str, &str)]| -> Vec<_> {
            files.iter().map(|(name, _)| *name).collect()
        };
        json!({"name": system.name, "title": system.title,
               "profiles": ["as-written", "as-implemented"],
               "scenarios": names(system.scenarios), "corpus": names(system.corpus)})
    };
    json!({"schema": "coalmine/list", "version": 1,
           "systems": library::systems().iter().map(entry).collect::<Vec<_>>()})
}

/// A file of the library by its name.
type Named = (&'static str, Scenario);

fn loaded(system: &System, files: &[(&'static str, &str)]) -> Result<Vec<Named>, Failure> {
    let load = |(name, text): &(&'static str, &str)| {
        let file = format!("library:{}/{name}", system.name);
        Ok((*name, load::scenario(&file, text.as_bytes())?.value))
    };
    files.iter().map(load).collect()
}

const fn release(scenario: &Scenario) -> &'static str {
    match scenario.release.is {
        scenarios::Verdict::Good => "good",
        scenarios::Verdict::Bad => "bad",
    }
}

fn scenario_table(system: &System, scenarios: &[Named], corpus: &[Named], style: Style) -> String {
    let mut text = format!(
        "{}: {}\n",
        style.paint(Tone::Strong, system.name),
        system.title
    );
    for named in scenarios {
        text += &entry(named, style);
    }
    if !corpus.is_empty() {
        text += &format!("\n{}\n", style.paint(Tone::Strong, CASES));
    }
    for named in corpus {
        text += &entry(named, style);
    }
    text
}

/// The head of the cases.
const CASES: &str = "From real incidents and defects, each with the verdict that it gets";

/// What a scenario or a case is about, and what is expected of each profile.
fn entry((name, scenario): &Named, style: Style) -> String {
    let head = format!("{name} ({} release)", release(scenario));
    let mut text = format!("\n{}\n", style.paint(Tone::Strong, &head));
    let said = |words: &str| {
        let wrapped = reports::wrap(&reports::escape(words), 2, style.columns);
        format!("  {wrapped}\n")
    };
    text += &said(&scenario.description);
    if !scenario.source.is_empty() {
        text += &said(&format!("Source: {}", scenario.source));
    }
    for (profile, expect) in &scenario.expect {
        let profile = crate::study::profile_word(*profile);
        let verdict = expect.verdict.map_or(String::new(), |verdict| {
            format!(" {} {}", verdict.word(), expect.breaks.join(" "))
        });
        let verdict = verdict.trim_end();
        text += &format!("  {profile}: {} expected{verdict}\n", expect.outcome.word());
    }
    text
}

fn scenarios_json(system: &System, scenarios: &[Named], corpus: &[Named]) -> serde_json::Value {
    let entry = |(name, scenario): &Named| {
        json!({"name": name, "release": release(scenario),
               "description": scenario.description, "source": scenario.source,
               "expect": scenario.expect})
    };
    let all = |named: &[Named]| -> Vec<_> { named.iter().map(entry).collect() };
    json!({"schema": "coalmine/list", "version": 1,
           "name": system.name, "title": system.title,
           "scenarios": all(scenarios), "corpus": all(corpus)})
}
