//! `coalmine list`: what the library holds.

use chaos::catalogue::{ENTRIES, Entry, Parameter};
use clap::Args;
use reports::{Align, Cell, Style, Table, Tone};
use scenarios::library::{self, System};
use scenarios::{Scenario, load};
use serde_json::json;

use super::choose::suggestion;
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::output::{Format, Output, OutputArgs};
use super::schema::pretty;

/// What to list.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// A system, to see its scenarios
    system: Option<String>,
    /// The faults that a scenario can rehearse, instead
    #[arg(long, conflicts_with = "system")]
    faults: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints the systems, or the scenarios of one.
pub fn answer(args: &ListArgs, console: &Console) -> Answer {
    let output = Output::open(&args.output, &[Format::Text, Format::Json])?;
    match &args.system {
        _ if args.faults => output.write(console, |format, style| match format {
            Format::Json => pretty(&faults_json()) + "\n",
            _ => faults(style),
        })?,
        None => output.write(console, |format, style| match format {
            Format::Json => pretty(&systems_json()) + "\n",
            _ => systems(style),
        })?,
        Some(name) => {
            let system = library::system(name).ok_or_else(|| unknown(name))?;
            let scenarios = scenarios(system)?;
            output.write(console, |format, style| match format {
                Format::Json => pretty(&scenarios_json(system, &scenarios)) + "\n",
                _ => scenario_table(system, &scenarios, style),
            })?;
        }
    }
    Ok(ExitCode::Success)
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
    json!({"faults": ENTRIES.iter().map(entry).collect::<Vec<_>>()})
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
        ("", Align::Left),
    ]);
    for system in library::systems() {
        table.row(vec![
            Cell::toned(system.name, Tone::Strong),
            system.scenarios.len().to_string().into(),
            system.title.into(),
        ]);
    }
    table.render(style) + "\ncoalmine list SYSTEM shows its scenarios\n"
}

fn systems_json() -> serde_json::Value {
    let entry = |system: &System| {
        let names: Vec<_> = system.scenarios.iter().map(|(name, _)| *name).collect();
        json!({"name": system.name, "title": system.title,
               "profiles": ["as-written", "as-implemented"], "scenarios": names})
    };
    json!({"systems": library::systems().iter().map(entry).collect::<Vec<_>>()})
}

fn scenarios(system: &System) -> Result<Vec<(&'static str, Scenario)>, Failure> {
    let load = |(name, text): &(&'static str, &str)| {
        let file = format!("library:{}/{name}", system.name);
        Ok((*name, load::scenario(&file, text.as_bytes())?.value))
    };
    system.scenarios.iter().map(load).collect()
}

const fn release(scenario: &Scenario) -> &'static str {
    match scenario.release.is {
        scenarios::Verdict::Good => "good",
        scenarios::Verdict::Bad => "bad",
    }
}

fn scenario_table(system: &System, scenarios: &[(&str, Scenario)], style: Style) -> String {
    let mut text = format!(
        "{}: {}\n",
        style.paint(Tone::Strong, system.name),
        system.title
    );
    for (name, scenario) in scenarios {
        let head = format!("{name} ({} release)", release(scenario));
        text += &format!("\n{}\n", style.paint(Tone::Strong, &head));
        let description = reports::wrap(&reports::escape(&scenario.description), 2, style.columns);
        text += &format!("  {description}\n");
        for (profile, expect) in &scenario.expect {
            let profile = crate::study::profile_word(*profile);
            text += &format!("  {profile}: {} expected\n", expect.outcome.word());
        }
    }
    text
}

fn scenarios_json(system: &System, scenarios: &[(&str, Scenario)]) -> serde_json::Value {
    let entry = |(name, scenario): &(&str, Scenario)| {
        json!({"name": name, "release": release(scenario),
               "description": scenario.description, "expect": scenario.expect})
    };
    let scenarios: Vec<_> = scenarios.iter().map(entry).collect();
    json!({"name": system.name, "title": system.title, "scenarios": scenarios})
}
